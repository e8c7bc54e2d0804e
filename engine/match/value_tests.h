// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/plan/predicate.h"

// What the text of a value means: as a number, as a time, as a match of a wildcard pattern.
// Shared by both matchers; knows no event and no rule. Thread safety: pure functions.
namespace catena::match {

// A decimal number, optionally signed, with fraction and exponent ("-3", "4.5", "1e3"); surrounding
// blanks, hexadecimal, "inf" and "nan" are not numbers. 64-bit integers stay exact.
[[nodiscard]] std::optional<plan::Number> parse_number(std::string_view text) noexcept;

// Numeric order; partial because the real part may not be comparable.
[[nodiscard]] std::partial_ordering compare(const plan::Number& a, const plan::Number& b) noexcept;

// True when `order` satisfies `op` (kLess … kGreaterEqual, kEquals).
[[nodiscard]] bool satisfies(std::partial_ordering order, plan::Op op) noexcept;

// A part of a time as it is written ("2024-05-01T13:45:00+02:00" has hour 13): no zone conversion
// (Sigma modifiers appendix, Time Modifiers). Weeks are ISO 8601 weeks, so 53 exists.
[[nodiscard]] std::optional<std::int64_t> time_part(std::string_view text,
                                                    plan::TimePart part) noexcept;

// True when the whole text matches the parts: '*' is any run of bytes (newlines included), '?' one
// code point. Exact comparison; fold both sides first for an insensitive test.
// Cost: O(text * parts) at worst, no recursion.
[[nodiscard]] bool wildcard_match(std::string_view text,
                                  const std::vector<plan::WildcardPart>& parts) noexcept;

}  // namespace catena::match
