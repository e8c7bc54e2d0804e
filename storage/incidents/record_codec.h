// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/incident/chain.h"
#include "engine/incident/detection.h"
#include "engine/pipeline/incident_store.h"

// Values of the incident store: detections, chains, steps, positions and counters to bytes and
// back. What a key holds (ids, a step's time) is not repeated in the value. FORMAT.md has every
// byte. Encoding a decoded record gives the same bytes.
// Errors of the decoders: kCorrupt naming the record and the byte, kVersion for a record version
// that this program does not know. Thread safety: pure functions.
namespace catena::storage {

// First byte of every value.
inline constexpr std::uint8_t kRecordVersion = 1;
// Of a detection of a correlation rule, which has its evidence behind the rest.
inline constexpr std::uint8_t kCorrelationRecordVersion = 2;
// Of chains, since they hold what was inferred, and of steps, since they hold the background mark;
// values of version 1 are read without them.
inline constexpr std::uint8_t kChainRecordVersion = 2;

[[nodiscard]] std::string encode_detection(const incident::Detection& detection);
[[nodiscard]] Result<incident::Detection> decode_detection(const Id128& id, std::string_view value);

// A chain without its steps, which have records of their own.
struct ChainRecord {
  incident::Chain chain;
  std::uint64_t step_count = 0;
};
[[nodiscard]] std::string encode_chain(const incident::Chain& chain);
[[nodiscard]] Result<ChainRecord> decode_chain(const Id128& id, std::string_view value);

[[nodiscard]] std::string encode_step(const incident::Step& step);
[[nodiscard]] Result<incident::Step> decode_step(const Id128& detection, Timestamp time,
                                                 std::string_view value);

[[nodiscard]] std::string encode_position(const pipeline::SourcePosition& position);
[[nodiscard]] Result<pipeline::SourcePosition> decode_position(std::string_view source,
                                                               std::string_view value);

// What all epochs together have seen.
struct StoreCounters {
  std::uint64_t events = 0;
  std::uint64_t dead_letters = 0;
  std::uint64_t epochs = 0;
};
[[nodiscard]] std::string encode_counters(const StoreCounters& counters);
[[nodiscard]] Result<StoreCounters> decode_counters(std::string_view value);

}  // namespace catena::storage
