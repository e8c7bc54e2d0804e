// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Decimal: a number with nine digits after the point, exact under addition and subtraction, so that
// a sum over a moving window is the same however it was reached. Not for multiplication of two, and
// not for the numbers of rules in general (those compare as plan::Number).
// Range: a parsed one is below 10^18 on either side; sums of 2^30 of them fit.
// Thread safety: pure functions and a value type.
namespace catena {

__extension__ using Int128 = __int128;

struct Decimal {
  static constexpr int kFractionDigits = 9;
  static constexpr std::int64_t kUnitsPerOne = 1'000'000'000;
  static constexpr int kMaxWholeDigits = 18;

  Int128 units = 0;  // billionths

  static constexpr Decimal whole(std::int64_t value) noexcept {
    return {Int128{value} * kUnitsPerOne};
  }
  friend constexpr bool operator==(const Decimal&, const Decimal&) = default;
  friend constexpr auto operator<=>(const Decimal&, const Decimal&) = default;
};

// Reads an optional sign, digits, a fraction and an exponent of at most three digits ("-2.5",
// "1e3"); the whole text. Digits behind the ninth of the fraction are cut off. nullopt for
// everything else and for what is out of range.
[[nodiscard]] std::optional<Decimal> parse_decimal(std::string_view text) noexcept;

// "-2.5": without needless zeros, never an exponent.
[[nodiscard]] std::string format_decimal(const Decimal& value);

}  // namespace catena
