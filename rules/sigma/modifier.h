// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The value modifiers of the Sigma modifiers appendix 2.1: the words after a field name,
// "CommandLine|contains|all". This names them; rules/compile says what they do.
// Thread safety: pure functions.
namespace catena::sigma {

enum class Modifier : std::uint8_t {
  kAll,
  kBase64,
  kBase64Offset,
  kCased,
  kCidr,
  kContains,
  kDay,
  kEndsWith,
  kExists,
  kExpand,
  kFieldRef,
  kGreater,
  kGreaterEqual,
  kHour,
  kLess,
  kLessEqual,
  kMinute,
  kMonth,
  kNotEqual,
  kRegex,
  kRegexIgnoreCase,
  kRegexMultiLine,
  kRegexDotAll,
  kStartsWith,
  kUtf16,
  kUtf16Be,
  kUtf16Le,  // also written "wide"
  kWeek,
  kWinDash,
  kYear,
};

// Exact names only (lower case). "wide" is utf16le; "ignorecase", "multiline" and "dotall" are the
// long names of i, m and s.
[[nodiscard]] std::optional<Modifier> parse_modifier(std::string_view name) noexcept;
// The name that rules use most ("utf16le" for kUtf16Le).
[[nodiscard]] std::string_view modifier_name(Modifier modifier) noexcept;
// The known name that is nearest by edit distance, or "" when none is near.
[[nodiscard]] std::string_view nearest_modifier_name(std::string_view name);

// The candidate nearest to `name` by edit distance (at most a third of its letters, at least one,
// may differ), or "".
[[nodiscard]] std::string_view nearest_name(std::string_view name,
                                            const std::vector<std::string_view>& candidates);

}  // namespace catena::sigma
