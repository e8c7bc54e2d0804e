// SPDX-License-Identifier: Apache-2.0
#include "engine/match/value_tests.h"

#include <charconv>

#include "engine/base/text_fold.h"
#include "engine/event/timestamp.h"

namespace catena::match {
namespace {

using plan::Number;
using plan::Op;
using plan::TimePart;
using plan::WildcardPart;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

struct WrittenTime {
  std::int64_t year = 0;
  unsigned month = 0;
  unsigned day = 0;
  unsigned hour = 0;
  unsigned minute = 0;
};

std::optional<unsigned> two_digits(std::string_view text, std::size_t at) noexcept {
  if (at + 2 > text.size() || !is_digit(text[at]) || !is_digit(text[at + 1])) return std::nullopt;
  return static_cast<unsigned>((text[at] - '0') * 10 + (text[at + 1] - '0'));
}

// The leading "yyyy-mm-dd[T ]hh:mm" of a time that parse_iso8601 accepts, taken literally.
std::optional<WrittenTime> read_written_time(std::string_view text) noexcept {
  if (!parse_iso8601(text)) return std::nullopt;
  const auto century = two_digits(text, 0);
  const auto year = two_digits(text, 2);
  const auto month = two_digits(text, 5);
  const auto day = two_digits(text, 8);
  const auto hour = two_digits(text, 11);
  const auto minute = two_digits(text, 14);
  if (!century || !year || !month || !day || !hour || !minute) return std::nullopt;
  return WrittenTime{static_cast<std::int64_t>(*century * 100 + *year), *month, *day, *hour,
                     *minute};
}

// ISO 8601: week 1 is the week (from Monday) that holds the year's first Thursday.
std::int64_t iso_week(const WrittenTime& time) noexcept {
  const std::int64_t days = days_from_civil(time.year, time.month, time.day);
  const std::int64_t weekday = ((days + 3) % 7 + 7) % 7;  // Monday is 0; 1970-01-01 is Thursday
  const std::int64_t thursday = days - weekday + 3;
  std::int64_t year = time.year;
  if (thursday >= days_from_civil(year + 1, 1, 1)) {
    ++year;
  } else if (thursday < days_from_civil(year, 1, 1)) {
    --year;
  }
  return (thursday - days_from_civil(year, 1, 1)) / 7 + 1;
}

double as_real(const Number& number) noexcept {
  return number.is_integer ? static_cast<double>(number.integer) : number.real;
}

}  // namespace

std::optional<Number> parse_number(std::string_view text) noexcept {
  std::string_view digits = text;
  if (!digits.empty() && (digits.front() == '-' || digits.front() == '+')) digits.remove_prefix(1);
  if (digits.empty() || (!is_digit(digits.front()) && digits.front() != '.')) return std::nullopt;
  if (text.front() == '+') text.remove_prefix(1);
  const char* const end = text.data() + text.size();
  Number number;
  const auto integer = std::from_chars(text.data(), end, number.integer);
  if (integer.ec == std::errc() && integer.ptr == end) return number;
  number.is_integer = false;
  const auto real = std::from_chars(text.data(), end, number.real);
  if (real.ec != std::errc() || real.ptr != end) return std::nullopt;
  return number;
}

std::partial_ordering compare(const Number& a, const Number& b) noexcept {
  if (a.is_integer && b.is_integer) return a.integer <=> b.integer;
  return as_real(a) <=> as_real(b);
}

bool satisfies(std::partial_ordering order, Op op) noexcept {
  switch (op) {
    case Op::kLess:
      return order < 0;
    case Op::kLessEqual:
      return order <= 0;
    case Op::kGreater:
      return order > 0;
    case Op::kGreaterEqual:
      return order >= 0;
    default:
      return order == 0;
  }
}

std::optional<std::int64_t> time_part(std::string_view text, TimePart part) noexcept {
  const auto time = read_written_time(text);
  if (!time) return std::nullopt;
  switch (part) {
    case TimePart::kMinute:
      return time->minute;
    case TimePart::kHour:
      return time->hour;
    case TimePart::kDay:
      return time->day;
    case TimePart::kWeek:
      return iso_week(*time);
    case TimePart::kMonth:
      return time->month;
    case TimePart::kYear:
      return time->year;
  }
  return std::nullopt;
}

bool wildcard_match(std::string_view text, const std::vector<WildcardPart>& parts) noexcept {
  std::size_t at = 0;
  std::size_t part = 0;
  // Where to resume when a later part fails: behind the last '*', one code point further on.
  std::size_t star_part = parts.size();
  std::size_t star_at = 0;
  const auto resume_later = [&](std::size_t from) {
    star_at = from;
    at = from;
    part = star_part + 1;
  };
  while (true) {
    if (part == parts.size()) {
      if (at == text.size()) return true;
    } else if (parts[part].kind == WildcardPart::Kind::kAnyRun) {
      star_part = part++;
      star_at = at;
      // What follows a run of '*' is a text or the end: go to where it can be.
      if (part < parts.size() && parts[part].kind == WildcardPart::Kind::kLiteral) {
        const std::size_t found = text.find(parts[part].text, at);
        if (found == std::string_view::npos) return false;
        resume_later(found);
      }
      continue;
    } else if (parts[part].kind == WildcardPart::Kind::kAnyOne) {
      if (at < text.size()) {
        at += code_point_length(text.substr(at));
        ++part;
        continue;
      }
    } else if (text.compare(at, parts[part].text.size(), parts[part].text) == 0) {
      at += parts[part].text.size();
      ++part;
      continue;
    }
    if (star_part == parts.size() || star_at >= text.size()) return false;
    const std::size_t later = star_at + code_point_length(text.substr(star_at));
    const std::size_t next = star_part + 1;
    if (next == parts.size()) return true;
    if (parts[next].kind == WildcardPart::Kind::kLiteral) {
      const std::size_t found = text.find(parts[next].text, later);
      if (found == std::string_view::npos) return false;
      resume_later(found);
    } else {
      resume_later(later);
    }
  }
}

}  // namespace catena::match
