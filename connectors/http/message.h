// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/net/record_buffer.h"
#include "connectors/net/verdict.h"

// What the session of HTTP and the interfaces behind it (Elasticsearch, HEC, OTLP …) pass each
// other: a request without its transport, a response, and what a request became.
// Thread safety: value types.
namespace catena::http {

struct Request {
  std::string method;                                      // upper case
  std::string path;                                        // decoded, without the query
  std::vector<std::pair<std::string, std::string>> query;  // decoded
  std::string content_type;                                // lower case, without parameters
  std::string user_agent;
  std::string accept;
  std::string channel;    // X-Splunk-Request-Channel
  std::string_view body;  // expanded; simdjson may read kBodyPadding bytes behind it
  std::string peer;
  std::string user;  // whose token it is; empty without tokens

  // Empty when it is not there.
  [[nodiscard]] std::string_view parameter(std::string_view name) const noexcept;
};
// Readable bytes behind a body.
inline constexpr std::size_t kBodyPadding = 64;
inline constexpr std::size_t kMaxParameters = 64;

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  bool close = false;
};

// What a request became: records to be offered, and how to answer once it is known what became of
// them all. `answer` is called once, with kAccepted at once when there is nothing to offer.
struct Intake {
  std::vector<net::RecordBuffer> offers;
  std::function<Response(net::Verdict)> answer;
  std::size_t duplicates = 0;  // records left out because they are durable already
};

// Appends to the last buffer, or to a new one when it is full.
net::RecordBuffer& buffer_with_room(std::vector<net::RecordBuffer>& offers);

// Splits "/a%20b?c=d" into path and query. False when an escape is none, or a NUL comes out of one.
bool parse_target(std::string_view target, Request& request);

[[nodiscard]] Intake answer_at_once(Response response);

// The path's parts between slashes.
[[nodiscard]] std::vector<std::string_view> path_parts(std::string_view path);

}  // namespace catena::http
