// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/access_log.h"

#include <algorithm>

#include "connectors/codec/syslog_header.h"

namespace catena::codec {
namespace {

constexpr std::int64_t kSecondsPerDay = 86'400;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

std::string_view unless_dash(std::string_view word) noexcept {
  return word == "-" ? std::string_view() : word;
}

bool all_digits(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

int number(std::string_view digits) noexcept {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

// "10/Oct/2000:13:55:36 -0700".
std::optional<Timestamp> parse_time(std::string_view text) {
  if (text.size() < 26 || text[2] != '/' || text[6] != '/' || text[11] != ':' || text[14] != ':' ||
      text[17] != ':' || text[20] != ' ' || (text[21] != '+' && text[21] != '-')) {
    return std::nullopt;
  }
  const unsigned month = parse_month(text.substr(3, 3));
  for (const auto& [begin, count] : {std::pair{0, 2}, {7, 4}, {12, 2}, {15, 2}, {18, 2}, {22, 4}}) {
    if (!all_digits(
            text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(count)))) {
      return std::nullopt;
    }
  }
  const int day = number(text.substr(0, 2));
  const int year = number(text.substr(7, 4));
  const int hour = number(text.substr(12, 2));
  const int minute = number(text.substr(15, 2));
  const int second = number(text.substr(18, 2));
  if (month == 0 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60 || year < 1970 ||
      year > 2261) {
    return std::nullopt;
  }
  const Timestamp zone =
      number(text.substr(22, 2)) * kNanosPerHour + number(text.substr(24, 2)) * kNanosPerMinute;
  const std::int64_t seconds =
      days_from_civil(year, month, static_cast<unsigned>(day)) * kSecondsPerDay +
      (hour * 60LL + minute) * 60 + second;
  return seconds * kNanosPerSecond - (text[21] == '-' ? -zone : zone);
}

// A text in double quotes at `at`; a quote inside is escaped by a backslash.
std::optional<std::string_view> take_quoted(std::string_view line, std::size_t& at) {
  if (at >= line.size() || line[at] != '"') return std::nullopt;
  std::size_t end = at + 1;
  while (end < line.size() && line[end] != '"') end += line[end] == '\\' ? 2 : 1;
  if (end >= line.size()) return std::nullopt;
  const std::string_view text = line.substr(at + 1, end - at - 1);
  at = end + 1;
  return text;
}

bool take_blank(std::string_view line, std::size_t& at) noexcept {
  if (at >= line.size() || line[at] != ' ') return false;
  ++at;
  return true;
}

std::string_view take_word(std::string_view line, std::size_t& at) noexcept {
  const std::size_t end = std::min(line.find(' ', at), line.size());
  const std::string_view word = line.substr(at, end - at);
  at = end;
  return word;
}

void split_request(std::string_view request, AccessLogLine& out) {
  std::size_t at = 0;
  const std::string_view method = take_word(request, at);
  if (at == request.size()) {
    // No HTTP request at all (a probe, TLS on a plain port): all of it is the target.
    out.target = unless_dash(request);
  } else {
    out.method = method;
    std::string_view rest = request.substr(at + 1);
    const std::size_t version = rest.rfind(' ');
    if (version != std::string_view::npos && rest.substr(version + 1, 5) == "HTTP/") {
      out.version = rest.substr(version + 1);
      rest = rest.substr(0, version);
    }
    out.target = rest;
  }
  const std::size_t question = out.target.find('?');
  out.stem = out.target.substr(0, question);
  if (question != std::string_view::npos) out.query = out.target.substr(question + 1);
}

}  // namespace

std::optional<AccessLogLine> parse_access_log(std::string_view line) {
  AccessLogLine out;
  const std::size_t bracket = line.find(" [");
  if (bracket == std::string_view::npos) return std::nullopt;
  // "client ident user" or "host client ident user"; the user may hold blanks.
  const std::string_view head = line.substr(0, bracket);
  std::size_t at = 0;
  const std::string_view first = take_word(head, at);
  if (!take_blank(head, at)) return std::nullopt;
  std::string_view second = take_word(head, at);
  if (!take_blank(head, at)) return std::nullopt;
  out.client = first;
  std::string_view rest = head.substr(at);
  const bool second_is_address = second.find_first_of(".:") != std::string_view::npos;
  if (second_is_address && rest.find(' ') != std::string_view::npos) {
    out.virtual_host = first.substr(0, first.find(':'));
    out.client = second;
    at = 0;
    take_word(rest, at);
    take_blank(rest, at);
    rest = rest.substr(at);
  }
  out.user = unless_dash(rest);
  at = bracket + 2;
  const std::size_t close = line.find(']', at);
  if (close == std::string_view::npos) return std::nullopt;
  const auto time = parse_time(line.substr(at, close - at));
  if (!time) return std::nullopt;
  out.time = *time;
  at = close + 1;
  if (!take_blank(line, at)) return std::nullopt;
  const auto request = take_quoted(line, at);
  if (!request || !take_blank(line, at)) return std::nullopt;
  split_request(*request, out);
  out.status = take_word(line, at);
  if (out.status.size() != 3 || !all_digits(out.status)) return std::nullopt;
  if (!take_blank(line, at)) return out;
  out.bytes = unless_dash(take_word(line, at));
  if (!take_blank(line, at)) return out;
  const auto referer = take_quoted(line, at);
  if (!referer || !take_blank(line, at)) return out;
  out.referer = unless_dash(*referer);
  if (const auto agent = take_quoted(line, at)) out.user_agent = unless_dash(*agent);
  return out;
}

}  // namespace catena::codec
