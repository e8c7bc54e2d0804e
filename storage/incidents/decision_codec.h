// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/casework/decision.h"

// Keys and values of decisions in the family `meta`; FORMAT.md has every byte. Reading gives
// kCorrupt with the byte, kVersion for a record version that this program does not know. Thread
// safety: pure functions.
namespace catena::storage {

inline constexpr std::string_view kDecisionPrefix = "decision";
inline constexpr std::uint8_t kDecisionRecordVersion = 1;

[[nodiscard]] std::string decision_key(std::uint64_t number);
// nullopt when the key is not one of a decision.
[[nodiscard]] std::optional<std::uint64_t> parse_decision_key(std::string_view key);

[[nodiscard]] std::string encode_decision(const casework::Decision& decision);
[[nodiscard]] Result<casework::Decision> decode_decision(std::uint64_t number,
                                                         std::string_view value);

}  // namespace catena::storage
