// SPDX-License-Identifier: Apache-2.0
#include "engine/plan/level.h"

#include <algorithm>
#include <array>

namespace catena::plan {
namespace {

constexpr std::array<std::string_view, 5> kLevelNames = {"informational", "low", "medium", "high",
                                                         "critical"};

char ascii_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string_view level_name(Level level) noexcept {
  return kLevelNames[static_cast<std::size_t>(level)];
}

std::optional<Level> parse_level(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kLevelNames.size(); ++i) {
    if (std::equal(name.begin(), name.end(), kLevelNames[i].begin(), kLevelNames[i].end(),
                   [](char a, char b) { return ascii_lower(a) == b; })) {
      return static_cast<Level>(i);
    }
  }
  return std::nullopt;
}

}  // namespace catena::plan
