// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "engine/event/timestamp.h"

// One line of the proxy Squid in its native format:
//
//   1286536308.779  180 192.0.2.4 TCP_MISS/200 411 GET http://example.com/a - HIER_DIRECT/192.0.2.9
//   text/html
//
// A view of the line; "-" fields are empty. Source: Squid's logformat "squid".
// Thread safety: pure functions.
namespace catena::codec {

struct SquidLine {
  Timestamp time = kNoTime;
  std::string_view client;
  std::string_view result;  // "TCP_MISS"
  std::string_view status;  // of HTTP
  std::string_view bytes;
  std::string_view method;
  std::string_view url;
  std::string_view host;  // of the URL
  std::string_view user;
  std::string_view peer;  // the server asked
  std::string_view content_type;
};

// nullopt for a line that is none.
[[nodiscard]] std::optional<SquidLine> parse_squid_line(std::string_view line);

}  // namespace catena::codec
