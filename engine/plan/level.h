// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

// The level of a Sigma rule: how much a match matters. Thread safety: pure functions.
namespace catena::plan {

enum class Level : std::uint8_t { kInformational, kLow, kMedium, kHigh, kCritical };
[[nodiscard]] std::string_view level_name(Level level) noexcept;
// nullopt for a text that names no level. Any case.
[[nodiscard]] std::optional<Level> parse_level(std::string_view name) noexcept;

}  // namespace catena::plan
