// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/syslog_header.h"

#include <algorithm>
#include <array>

namespace catena::codec {
namespace {

constexpr std::size_t kMaxHostBytes = 255;
constexpr std::size_t kMaxTagBytes = 128;
constexpr int kMaxPriority = 191;  // RFC 5424: 23 facilities of 8 severities
constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
constexpr std::array<std::string_view, 24> kFacilities = {
    "kern",   "user",   "mail",     "daemon", "auth",   "syslog", "lpr",    "news",
    "uucp",   "cron",   "authpriv", "ftp",    "ntp",    "audit",  "alert",  "clock",
    "local0", "local1", "local2",   "local3", "local4", "local5", "local6", "local7"};
constexpr std::array<std::string_view, 8> kSeverities = {"emerg",   "alert",  "crit", "err",
                                                         "warning", "notice", "info", "debug"};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// Reads up to `max` digits; -1 when there is none.
int take_number(std::string_view text, std::size_t& at, std::size_t max) noexcept {
  int value = 0;
  std::size_t count = 0;
  while (count < max && at < text.size() && is_digit(text[at])) {
    value = value * 10 + (text[at++] - '0');
    ++count;
  }
  return count == 0 ? -1 : value;
}

bool take(std::string_view text, std::size_t& at, char c) noexcept {
  if (at >= text.size() || text[at] != c) return false;
  ++at;
  return true;
}

void skip_blanks(std::string_view text, std::size_t& at) noexcept {
  while (at < text.size() && text[at] == ' ') ++at;
}

std::string_view take_word(std::string_view text, std::size_t& at) noexcept {
  const std::size_t end = std::min(text.find(' ', at), text.size());
  const std::string_view word = text.substr(at, end - at);
  at = end;
  return word;
}

// "hh:mm:ss" with an optional fraction, as nanoseconds of the day; -1 for anything else.
Timestamp take_clock(std::string_view text, std::size_t& at) noexcept {
  const int hour = take_number(text, at, 2);
  if (hour < 0 || hour > 23 || !take(text, at, ':')) return -1;
  const int minute = take_number(text, at, 2);
  if (minute < 0 || minute > 59 || !take(text, at, ':')) return -1;
  const int second = take_number(text, at, 2);
  if (second < 0 || second > 60) return -1;
  Timestamp nanos = ((hour * 60LL + minute) * 60 + second) * kNanosPerSecond;
  if (at + 1 < text.size() && text[at] == '.' && is_digit(text[at + 1])) {
    ++at;
    Timestamp unit = kNanosPerSecond / 10;
    for (; at < text.size() && is_digit(text[at]); ++at, unit /= 10)
      nanos += unit * (text[at] - '0');
  }
  return nanos;
}

Timestamp at_midnight(int year, unsigned month, unsigned day) noexcept {
  return days_from_civil(year, month, day) * kSecondsPerDay * kNanosPerSecond;
}

int year_of(Timestamp time) noexcept {
  int year = static_cast<int>(1970 + time / (kNanosPerSecond * kSecondsPerDay * 366));
  while (at_midnight(year + 1, 1, 1) <= time) ++year;
  return year;
}

bool is_leap_year(int year) noexcept {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

// The last year in which this day and time are not more than a day behind `reference`.
Timestamp infer_year(unsigned month, unsigned day, Timestamp clock, Timestamp reference) noexcept {
  const Timestamp latest = reference + kSecondsPerDay * kNanosPerSecond;
  int year = std::max(1970, reference == kNoTime ? 1970 : year_of(std::max<Timestamp>(latest, 0)));
  if (reference != kNoTime && at_midnight(year, month, day) + clock > latest) --year;
  if (month == 2 && day == 29) {
    while (!is_leap_year(year) && year > 1970) --year;
  }
  return at_midnight(year, month, day) + clock;
}

// The program and pid of "name[pid]: message", "name: message", "/path/name(module)[pid]:".
void split_tag(std::string_view text, SyslogHeader& header) {
  header.message = text;
  std::size_t end = 0;
  while (end < text.size() && end < kMaxTagBytes && text[end] != ':' && text[end] != '[' &&
         text[end] != ' ') {
    ++end;
  }
  if (end == 0 || end == text.size()) return;
  std::size_t at = end;
  std::string_view pid;
  if (text[at] == '[') {
    const std::size_t close = text.substr(0, at + 32).find(']', at);
    if (close == std::string_view::npos) return;
    pid = text.substr(at + 1, close - at - 1);
    at = close + 1;
  }
  if (!take(text, at, ':')) return;
  if (at < text.size() && text[at] != ' ') return;  // "2001:db8::1", a time, …
  std::string_view name = text.substr(0, end);
  name = name.substr(0, name.find('('));
  const std::size_t slash = name.rfind('/');
  if (slash != std::string_view::npos && slash + 1 < name.size()) name.remove_prefix(slash + 1);
  header.program = name;
  header.pid = pid;
  skip_blanks(text, at);
  header.message = text.substr(at);
}

std::string_view unless_nil(std::string_view word) noexcept {
  return word == "-" ? std::string_view() : word;
}

// Behind "<PRI>1 ": RFC 5424 §6.
bool parse_5424(std::string_view text, SyslogHeader& header) {
  std::size_t at = 0;
  const std::string_view time = take_word(text, at);
  if (time != "-") {
    const auto parsed = parse_iso8601(time);
    if (!parsed) return false;
    header.time = *parsed;
    header.has_time = true;
  }
  std::array<std::string_view, 4> words;
  for (std::string_view& word : words) {
    if (!take(text, at, ' ')) return false;
    word = take_word(text, at);
    if (word.empty()) return false;
  }
  header.host = unless_nil(words[0]);
  header.program = unless_nil(words[1]);
  header.pid = unless_nil(words[2]);
  header.message_id = unless_nil(words[3]);
  if (!take(text, at, ' ')) return at == text.size();
  if (take(text, at, '-')) {
    skip_blanks(text, at);
    header.message = text.substr(at);
    return true;
  }
  const std::size_t begin = at;
  bool quoted = false;
  bool inside = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted && c == '\\') {
      ++at;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == '[') {
      inside = true;
    } else if (!quoted && c == ']') {
      inside = false;
    } else if (!inside && c == ' ') {
      break;
    }
  }
  at = std::min(at, text.size());
  header.structured_data = text.substr(begin, at - begin);
  skip_blanks(text, at);
  header.message = text.substr(at);
  // A byte order mark says that the message is UTF-8; it is not part of it.
  if (header.message.substr(0, 3) == "\xEF\xBB\xBF") header.message.remove_prefix(3);
  return true;
}

bool take_priority(std::string_view text, std::size_t& at, SyslogHeader& header) noexcept {
  std::size_t next = at;
  if (!take(text, next, '<')) return false;
  const int priority = take_number(text, next, 3);
  if (priority < 0 || priority > kMaxPriority || !take(text, next, '>')) return false;
  header.priority = priority;
  at = next;
  return true;
}

// "2020-09-04T07:29:45.114+00:00 " at `at`.
bool take_iso_time(std::string_view text, std::size_t& at, SyslogHeader& header) {
  if (text.size() < at + 19 || text[at + 4] != '-' || text[at + 10] != 'T') return false;
  std::size_t end = at;
  const std::string_view word = take_word(text, end);
  const auto time = parse_iso8601(word);
  if (!time) return false;
  header.time = *time;
  header.has_time = true;
  at = end;
  return true;
}

}  // namespace

unsigned parse_month(std::string_view name) noexcept {
  if (name.size() != 3) return 0;
  const std::size_t found = kMonths.find(name);
  return found == std::string_view::npos || found % 3 != 0 ? 0
                                                           : static_cast<unsigned>(found / 3 + 1);
}

std::optional<Timestamp> parse_bsd_time(std::string_view text, Timestamp reference,
                                        std::size_t& taken) {
  const unsigned month = parse_month(text.substr(0, 3));
  if (month == 0) return std::nullopt;
  std::size_t at = 3;
  if (!take(text, at, ' ')) return std::nullopt;
  skip_blanks(text, at);
  const int day = take_number(text, at, 2);
  static constexpr std::array<int, 12> kDays = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (day < 1 || day > kDays[month - 1] || !take(text, at, ' ')) return std::nullopt;
  int year = -1;
  if (at + 4 < text.size() && text[at + 4] == ' ' && text.substr(at, 2) >= "19" &&
      text.substr(at, 2) <= "21") {
    std::size_t next = at;
    year = take_number(text, next, 4);
    if (next == at + 4) at = next + 1;
  }
  const Timestamp clock = take_clock(text, at);
  if (clock < 0) return std::nullopt;
  taken = at;
  if (year > 0) return at_midnight(year, month, static_cast<unsigned>(day)) + clock;
  return infer_year(month, static_cast<unsigned>(day), clock, reference);
}

std::optional<SyslogHeader> parse_syslog_header(std::string_view line, Timestamp reference) {
  SyslogHeader header;
  std::size_t at = 0;
  const bool has_priority = take_priority(line, at, header);
  if (has_priority && line.substr(at, 2) == "1 ") {
    SyslogHeader modern = header;
    if (parse_5424(line.substr(at + 2), modern)) return modern;
  }
  std::size_t taken = 0;
  if (const auto time = parse_bsd_time(line.substr(at), reference, taken)) {
    header.time = *time;
    header.has_time = true;
    at += taken;
  } else if (!take_iso_time(line, at, header)) {
    if (!has_priority) return std::nullopt;
    split_tag(line.substr(at), header);
    return header;
  }
  if (at == line.size()) return header;
  if (!take(line, at, ' ')) return std::nullopt;
  skip_blanks(line, at);
  // A host has no colon or bracket at its end; without one, the tag comes first.
  std::size_t end = at;
  const std::string_view host = take_word(line, end);
  const bool is_host = !host.empty() && host.size() <= kMaxHostBytes && host.back() != ':' &&
                       host.find('[') == std::string_view::npos;
  if (is_host) {
    header.host = host;
    at = end;
    skip_blanks(line, at);
  }
  split_tag(line.substr(at), header);
  return header;
}

bool next_parameter(std::string_view data, std::size_t& at, SyslogParameter& parameter) {
  const auto word_end = [&](std::string_view ends) {
    return std::min(data.find_first_of(ends, at), data.size());
  };
  while (at < data.size()) {
    if (data[at] == '[') {
      ++at;
      const std::size_t end = word_end(" ]");
      parameter.element = data.substr(at, end - at);
      at = end;
    } else if (data[at] == ']' || data[at] == ' ') {
      ++at;
    } else {
      const std::size_t end = word_end("= ]");
      if (end + 1 >= data.size() || data[end] != '=' || data[end + 1] != '"') return false;
      parameter.name = data.substr(at, end - at);
      at = end + 2;
      std::size_t close = at;
      while (close < data.size() && data[close] != '"') close += data[close] == '\\' ? 2 : 1;
      if (close >= data.size()) return false;
      parameter.value = data.substr(at, close - at);
      at = close + 1;
      return true;
    }
  }
  return false;
}

std::string_view facility_name(int priority) noexcept {
  const auto index = static_cast<std::size_t>(priority / 8);
  return priority < 0 || index >= kFacilities.size() ? std::string_view() : kFacilities[index];
}

std::string_view severity_name(int priority) noexcept {
  return priority < 0 ? std::string_view() : kSeverities[static_cast<std::size_t>(priority % 8)];
}

}  // namespace catena::codec
