// SPDX-License-Identifier: Apache-2.0
#include "engine/event/timestamp.h"

#include <array>
#include <cstdio>

namespace catena {
namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;
// The range in which nanoseconds since 1970 fit 64 bits, rounded inwards to whole years.
constexpr std::int64_t kFirstYear = 1678;
constexpr std::int64_t kLastYear = 2261;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// A cursor that cannot read past the end.
class Reader {
 public:
  explicit Reader(std::string_view text) noexcept : text_(text) {}
  [[nodiscard]] bool done() const noexcept { return position_ == text_.size(); }
  [[nodiscard]] char peek() const noexcept { return done() ? '\0' : text_[position_]; }
  bool take(char c) noexcept {
    if (peek() != c || done()) return false;
    ++position_;
    return true;
  }
  // Exactly `count` digits.
  std::optional<std::int64_t> digits(unsigned count) noexcept {
    std::int64_t value = 0;
    for (unsigned i = 0; i < count; ++i) {
      if (!is_digit(peek())) return std::nullopt;
      value = value * 10 + (text_[position_++] - '0');
    }
    return value;
  }
  // Digits after the decimal point as nanoseconds; digits past the ninth are dropped.
  std::optional<std::int64_t> fraction_nanos() noexcept {
    if (!is_digit(peek())) return std::nullopt;
    std::int64_t value = 0;
    unsigned seen = 0;
    for (; is_digit(peek()); ++position_) {
      if (seen < 9) {
        value = value * 10 + (text_[position_] - '0');
        ++seen;
      }
    }
    for (; seen < 9; ++seen) value *= 10;
    return value;
  }

 private:
  std::string_view text_;
  std::size_t position_ = 0;
};

struct Date {
  std::int64_t year = 0;
  std::int64_t month = 0;
  std::int64_t day = 0;
};

bool valid_date(const Date& date) noexcept {
  static constexpr std::array<int, 12> kDays = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return date.year >= kFirstYear && date.year <= kLastYear && date.month >= 1 && date.month <= 12 &&
         date.day >= 1 && date.day <= kDays[static_cast<std::size_t>(date.month - 1)];
}

std::optional<Date> read_date(Reader& in) noexcept {
  const auto year = in.digits(4);
  const char separator = in.peek();
  if (!year || (separator != '-' && separator != '/') || !in.take(separator)) return std::nullopt;
  const auto month = in.digits(2);
  if (!month || !in.take(separator)) return std::nullopt;
  const auto day = in.digits(2);
  if (!day) return std::nullopt;
  const Date date{*year, *month, *day};
  return valid_date(date) ? std::optional<Date>(date) : std::nullopt;
}

// "hh:mm:ss" with an optional fraction, as nanoseconds. A leap second counts as the next second.
std::optional<std::int64_t> read_time_of_day(Reader& in) noexcept {
  const auto hour = in.digits(2);
  if (!hour || *hour > 23 || !in.take(':')) return std::nullopt;
  const auto minute = in.digits(2);
  if (!minute || *minute > 59 || !in.take(':')) return std::nullopt;
  const auto second = in.digits(2);
  if (!second || *second > 60) return std::nullopt;
  std::int64_t nanos = 0;
  if (in.take('.') || in.take(',')) {
    const auto fraction = in.fraction_nanos();
    if (!fraction) return std::nullopt;
    nanos = *fraction;
  }
  return ((*hour * 60 + *minute) * 60 + *second) * kNanosPerSecond + nanos;
}

// Offset from UTC in nanoseconds; no zone is UTC.
std::optional<std::int64_t> read_zone(Reader& in) noexcept {
  if (in.done() || in.take('Z') || in.take('z')) return 0;
  const bool negative = in.peek() == '-';
  if (!in.take('+') && !in.take('-')) return std::nullopt;
  const auto hours = in.digits(2);
  if (!hours || *hours > 14) return std::nullopt;
  in.take(':');
  const auto minutes = in.digits(2);
  if (!minutes || *minutes > 59) return std::nullopt;
  const std::int64_t offset = *hours * kNanosPerHour + *minutes * kNanosPerMinute;
  return negative ? -offset : offset;
}

// Two digits as a number; anything above 99 when they are none.
unsigned two_digits(const char* text) noexcept {
  const auto tens = static_cast<unsigned>(static_cast<unsigned char>(text[0])) - '0';
  const auto ones = static_cast<unsigned>(static_cast<unsigned char>(text[1])) - '0';
  return tens <= 9 && ones <= 9 ? tens * 10 + ones : 100;
}

// The form that nearly all producers write, "yyyy-mm-dd hh:mm:ss" with 'T' or a blank, then at most
// nine fraction digits and perhaps 'Z', without a reader. nullopt for every other form, and for
// what is out of range: parse_iso8601 goes on with the Reader, its slow twin.
std::optional<Timestamp> parse_usual(std::string_view text) noexcept {
  constexpr std::size_t kSecondsEnd = 19;
  if (text.size() < kSecondsEnd) return std::nullopt;
  const char* const at = text.data();
  const unsigned century = two_digits(at);
  const unsigned year = two_digits(at + 2);
  const unsigned month = two_digits(at + 5);
  const unsigned day = two_digits(at + 8);
  const unsigned hour = two_digits(at + 11);
  const unsigned minute = two_digits(at + 14);
  const unsigned second = two_digits(at + 17);
  const bool separated = at[4] == '-' && at[7] == '-' && (at[10] == 'T' || at[10] == ' ') &&
                         at[13] == ':' && at[16] == ':';
  // Days of the months but for leap years; the years are those whose nanoseconds surely fit.
  static constexpr std::array<std::uint8_t, 16> kDays = {0,  31, 28, 31, 30, 31, 30, 31,
                                                         31, 30, 31, 30, 31, 0,  0,  0};
  const bool in_range = century >= 17 && century <= 21 && year <= 99 && day != 0 &&
                        day <= kDays[month & 15U] && month <= 12 && hour <= 23 && minute <= 59 &&
                        second <= 59;
  if (!separated || !in_range) return std::nullopt;
  std::int64_t nanos = 0;
  std::size_t end = kSecondsEnd;
  if (end < text.size() && at[end] == '.') {
    std::int64_t unit = kNanosPerSecond;
    for (++end; end < text.size() && is_digit(at[end]) && unit > 1; ++end) {
      unit /= 10;
      nanos += (at[end] - '0') * unit;
    }
    if (end == kSecondsEnd + 1) return std::nullopt;
  }
  if (end < text.size() && at[end] == 'Z') ++end;
  if (end != text.size()) return std::nullopt;
  const std::int64_t days = days_from_civil(century * 100 + year, month, day);
  const std::int64_t seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
  return seconds * kNanosPerSecond + nanos;
}

}  // namespace

std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day) noexcept {
  // Count years from March, so that the leap day is the last day of the counting year.
  const std::int64_t shifted = month <= 2 ? year - 1 : year;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 399) / 400;
  const std::int64_t year_of_era = shifted - era * 400;
  const std::int64_t month_from_march = (static_cast<std::int64_t>(month) + 9) % 12;
  const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

std::optional<Timestamp> parse_iso8601(std::string_view text) noexcept {
  if (const auto time = parse_usual(text)) return time;
  Reader in(text);
  const auto date = read_date(in);
  if (!date) return std::nullopt;
  if (!in.take('T') && !in.take(' ') && !in.take('t')) return std::nullopt;
  const auto time_of_day = read_time_of_day(in);
  if (!time_of_day) return std::nullopt;
  in.take(' ');
  const auto zone = read_zone(in);
  if (!zone || !in.done()) return std::nullopt;
  const std::int64_t days = days_from_civil(date->year, static_cast<unsigned>(date->month),
                                            static_cast<unsigned>(date->day));
  return days * kSecondsPerDay * kNanosPerSecond + *time_of_day - *zone;
}

std::optional<Timestamp> parse_epoch(std::string_view text) noexcept {
  // 19 digits, the nanoseconds of today, fit 64 bits unsigned.
  constexpr std::size_t kMaxDigits = 19;
  std::uint64_t digits = 0;
  std::size_t i = 0;
  for (; i < text.size() && is_digit(text[i]); ++i) {
    if (i >= kMaxDigits) return std::nullopt;
    digits = digits * 10 + static_cast<std::uint64_t>(text[i] - '0');
  }
  if (i == 0 || digits > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
  const auto whole = static_cast<std::int64_t>(digits);
  std::int64_t unit = kNanosPerSecond;
  if (whole >= 100'000'000'000'000'000) {
    unit = 1;
  } else if (whole >= 100'000'000'000'000) {
    unit = kNanosPerMicro;
  } else if (whole >= 100'000'000'000) {
    unit = kNanosPerMilli;
  }
  std::int64_t nanos = 0;
  if (i < text.size()) {
    if (text[i] != '.') return std::nullopt;
    Reader in(text.substr(i + 1));
    const auto fraction = in.fraction_nanos();
    if (!fraction || !in.done()) return std::nullopt;
    nanos = *fraction / (kNanosPerSecond / unit);
  }
  // The last whole year that fits.
  constexpr std::int64_t kLastSecond = 9'000'000'000;
  if (whole > kLastSecond * (kNanosPerSecond / unit)) return std::nullopt;
  return whole * unit + nanos;
}

std::string format_iso8601(Timestamp time) {
  std::int64_t seconds = time / kNanosPerSecond;
  std::int64_t nanos = time % kNanosPerSecond;
  if (nanos < 0) {
    nanos += kNanosPerSecond;
    --seconds;
  }
  std::int64_t days = seconds / kSecondsPerDay;
  std::int64_t rest = seconds % kSecondsPerDay;
  if (rest < 0) {
    rest += kSecondsPerDay;
    --days;
  }
  // The inverse of days_from_civil.
  const std::int64_t shifted = days + 719'468;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
  const std::int64_t day_of_era = shifted - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const std::int64_t day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  const std::int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  std::array<char, 40> out{};
  const int length =
      std::snprintf(out.data(), out.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                    static_cast<int>(year), static_cast<int>(month), static_cast<int>(day),
                    static_cast<int>(rest / 3600), static_cast<int>(rest / 60 % 60),
                    static_cast<int>(rest % 60), static_cast<int>(nanos / kNanosPerMilli));
  return {out.data(), static_cast<std::size_t>(length)};
}

}  // namespace catena
