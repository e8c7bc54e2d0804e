// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

// How common a pair of characters is in logs as received: a shipped table that decides where
// RawTextFilter looks, never what it finds. Thread safety: constant data.
namespace catena::match {

inline constexpr std::size_t kPairCharacters = 95;  // ' ' to '~'

[[nodiscard]] const std::array<std::string_view, kPairCharacters>& pair_rows() noexcept;

// 0 (hardly ever) to 9, for lower-case printable ASCII.
[[nodiscard]] inline unsigned pair_level(char first, char second) noexcept {
  return static_cast<unsigned>(
      pair_rows()[static_cast<std::size_t>(first - ' ')][static_cast<std::size_t>(second - ' ')] -
      '0');
}

}  // namespace catena::match
