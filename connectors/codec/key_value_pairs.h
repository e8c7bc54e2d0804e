// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

// The `key=value key="a value"` pairs that Fortinet's devices write, one line an event. Views of
// the line; a backslash inside quotes keeps a quote from ending the value and stays part of it.
// Thread safety: pure functions.
namespace catena::codec {

inline constexpr std::size_t kMaxPairKeyBytes = 64;

struct KeyValuePair {
  std::string_view key;
  std::string_view value;
};

// Reads the pair at `at` and moves `at` behind it; false at the end, or where no pair stands.
[[nodiscard]] bool next_pair(std::string_view line, std::size_t& at, KeyValuePair& pair) noexcept;

// True for a line that starts with a pair and names a log id and a device.
[[nodiscard]] bool is_fortinet_line(std::string_view line) noexcept;

// Without the priority of a syslog line that has no other header: "<189>date=…".
[[nodiscard]] std::string_view without_priority(std::string_view line) noexcept;

}  // namespace catena::codec
