// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "engine/event/timestamp.h"

// One line of a web server's access log: NCSA common log format, the combined format, and both with
// a virtual host in front. A view of the line; "-" fields are empty.
// Thread safety: pure functions.
namespace catena::codec {

struct AccessLogLine {
  std::string_view virtual_host;
  std::string_view client;
  std::string_view user;
  Timestamp time = kNoTime;
  std::string_view method;
  std::string_view target;  // as requested: path and query
  std::string_view stem;    // the path
  std::string_view query;   // behind the '?'
  std::string_view version;
  std::string_view status;
  std::string_view bytes;
  std::string_view referer;
  std::string_view user_agent;
};

// nullopt for a line that is none.
[[nodiscard]] std::optional<AccessLogLine> parse_access_log(std::string_view line);

}  // namespace catena::codec
