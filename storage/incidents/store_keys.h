// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/hash.h"
#include "engine/event/timestamp.h"
#include "engine/incident/chain.h"
#include "engine/incident/entity.h"
#include "storage/kv/kv.h"

// Keys of the incident store. Byte order is meaning: steps sort by time, the time index newest
// first. FORMAT.md has every byte. Thread safety: pure functions.
namespace catena::storage {

// Version of all keys and values together: the store's marker file names it.
inline constexpr std::uint32_t kIncidentFormat = 1;

// Families in the order of family_names().
enum Family : FamilyIndex {
  kMetaFamily,
  kDetectionFamily,  // detection id -> detection
  kChainFamily,      // chain id -> chain without steps
  kStepFamily,       // chain id, time, detection id -> step
  kChainOfFamily,    // detection id -> chain id; ended chain's id -> first step
  kByTimeFamily,     // last event's time backwards, chain id -> nothing
  kByEntityFamily,   // entity hash, chain id -> nothing
  kEntitiesFamily,   // chain id, entity hash -> nothing
  kPositionFamily,   // source -> position
};
[[nodiscard]] std::vector<std::string> family_names();

inline constexpr std::string_view kCountersKey = "counters";
inline constexpr std::string_view kLastEpochKey = "last-epoch";
inline constexpr std::size_t kIdBytes = 16;

[[nodiscard]] std::string id_key(const Id128& id);
[[nodiscard]] std::string pair_key(const Id128& first, const Id128& second);
[[nodiscard]] std::string step_key(const Id128& chain, const incident::Step& step);
[[nodiscard]] std::string time_key(Timestamp last, const Id128& chain);
// Ancestors and processes share a key space, as for joins.
[[nodiscard]] Id128 entity_hash(const incident::Entity& entity);

struct StepKey {
  Timestamp time = kNoTime;
  Id128 detection;
};
// nullopt when the key has not the size of such a key.
[[nodiscard]] std::optional<StepKey> parse_step_key(std::string_view key);
[[nodiscard]] std::optional<Id128> parse_time_key(std::string_view key);  // the chain
[[nodiscard]] std::optional<Id128> parse_second_of_pair(std::string_view key);
[[nodiscard]] std::optional<Id128> parse_id(std::string_view bytes);

// Hexadecimal, for error messages; long keys are cut.
[[nodiscard]] std::string printable_key(std::string_view key);

}  // namespace catena::storage
