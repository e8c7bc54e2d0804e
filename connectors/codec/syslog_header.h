// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "engine/event/timestamp.h"

// The header of a syslog line: RFC 5424; RFC 3164 with or without <PRI>, with or without a year;
// and the RFC 3164 form with an ISO 8601 time that rsyslog and journald write. A view of the line.
// Thread safety: pure functions.
namespace catena::codec {

struct SyslogHeader {
  int priority = -1;  // facility * 8 + severity, -1 when the line has none
  Timestamp time = kNoTime;
  bool has_time = false;
  std::string_view host;
  std::string_view program;  // without path, "(module)" and "[pid]"
  std::string_view pid;
  std::string_view message_id;       // RFC 5424
  std::string_view structured_data;  // RFC 5424, with its brackets
  std::string_view message;
};

// nullopt for a line that has neither a priority nor a time in front. `reference` decides the year
// of times without one: the last such time that is not more than a day after it.
[[nodiscard]] std::optional<SyslogHeader> parse_syslog_header(std::string_view line,
                                                              Timestamp reference);

// "Feb 17 13:40:03.673" or "Feb 17 2021 13:40:03" at the start of `text`; sets the bytes taken.
[[nodiscard]] std::optional<Timestamp> parse_bsd_time(std::string_view text, Timestamp reference,
                                                      std::size_t& taken);

// 1 for "Jan" to 12 for "Dec", 0 for anything else.
[[nodiscard]] unsigned parse_month(std::string_view name) noexcept;

// One parameter of RFC 5424 structured data; the value keeps its escapes.
struct SyslogParameter {
  std::string_view element;
  std::string_view name;
  std::string_view value;
};

// The parameters one after the other: `at` starts at 0 and `element` empty. False at the end, or
// where the data breaks the grammar.
bool next_parameter(std::string_view structured_data, std::size_t& at, SyslogParameter& parameter);

// "auth" and "crit" for a priority; empty for one out of range.
[[nodiscard]] std::string_view facility_name(int priority) noexcept;
[[nodiscard]] std::string_view severity_name(int priority) noexcept;

}  // namespace catena::codec
