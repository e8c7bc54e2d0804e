// SPDX-License-Identifier: Apache-2.0
#include "engine/base/decimal.h"

#include <algorithm>
#include <array>

namespace catena {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

constexpr std::size_t kMaxExponentDigits = 3;

// What a text says, before the point is moved: digits with the point behind `whole` of them.
struct Written {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
  int exponent = 0;
};

std::string_view take_digits(std::string_view& text) noexcept {
  const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
  const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  return digits;
}

bool take_sign(std::string_view& text) noexcept {
  if (text.empty() || (text[0] != '-' && text[0] != '+')) return false;
  const bool negative = text[0] == '-';
  text.remove_prefix(1);
  return negative;
}

std::optional<Written> split(std::string_view text) noexcept {
  Written written;
  written.negative = take_sign(text);
  written.whole = take_digits(text);
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    written.fraction = take_digits(text);
  }
  if (written.whole.empty() && written.fraction.empty()) return std::nullopt;
  if (!text.empty() && (text[0] == 'e' || text[0] == 'E')) {
    text.remove_prefix(1);
    const bool negative = take_sign(text);
    const std::string_view digits = take_digits(text);
    if (digits.empty() || digits.size() > kMaxExponentDigits) return std::nullopt;
    for (const char c : digits) written.exponent = written.exponent * 10 + (c - '0');
    if (negative) written.exponent = -written.exponent;
  }
  if (!text.empty()) return std::nullopt;
  return written;
}

}  // namespace

std::optional<Decimal> parse_decimal(std::string_view text) noexcept {
  const auto written = split(text);
  if (!written) return std::nullopt;
  // Digit i of whole and fraction together stands for 10^(power - i).
  const std::int64_t digits =
      static_cast<std::int64_t>(written->whole.size() + written->fraction.size());
  std::int64_t power = static_cast<std::int64_t>(written->whole.size()) - 1 + written->exponent;
  Int128 units = 0;
  for (std::int64_t i = 0; i < digits && power >= -Decimal::kFractionDigits; ++i, --power) {
    const auto at = static_cast<std::size_t>(i);
    const char c = at < written->whole.size() ? written->whole[at]
                                              : written->fraction[at - written->whole.size()];
    if (c != '0' && power >= Decimal::kMaxWholeDigits) return std::nullopt;
    if (units != 0 || c != '0') units = units * 10 + (c - '0');
  }
  // `power` is one below the last digit taken: the rest are zeros.
  for (; units != 0 && power >= -Decimal::kFractionDigits; --power) units *= 10;
  return Decimal{written->negative ? -units : units};
}

std::string format_decimal(const Decimal& value) {
  const bool negative = value.units < 0;
  Int128 rest = negative ? -value.units : value.units;
  std::string digits;  // backwards
  for (int i = 0; i < Decimal::kFractionDigits || rest != 0; ++i) {
    digits += static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  }
  std::string fraction = digits.substr(0, Decimal::kFractionDigits);
  std::string whole = digits.substr(Decimal::kFractionDigits);
  std::reverse(fraction.begin(), fraction.end());
  std::reverse(whole.begin(), whole.end());
  fraction.erase(fraction.find_last_not_of('0') + 1);
  std::string text = negative ? "-" : "";
  text += whole.empty() ? "0" : whole;
  if (!fraction.empty()) text += "." + fraction;
  return text;
}

}  // namespace catena
