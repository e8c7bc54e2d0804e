// SPDX-License-Identifier: Apache-2.0
#include "connectors/http/plain_lines.h"

#include <algorithm>

#include "connectors/http/json_members.h"
#include "engine/base/json_writer.h"

namespace catena::http {

namespace {

void take_lines(std::string_view rest, Intake& intake) {
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    buffer_with_room(intake.offers).append(line);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

// What follows a broken element cannot be told apart, so it is one dead letter.
std::size_t take_array(std::string_view rest, Intake& intake) {
  std::string_view object;
  bool broken = false;
  while (next_object(rest, object, broken)) buffer_with_room(intake.offers).append(object);
  if (broken) {
    buffer_with_room(intake.offers).append_refused(rest, DeadLetterReason::kInvalidJson);
  }
  return broken ? 1 : 0;
}

}  // namespace

Response plain_refusal(net::Verdict verdict, std::string_view detail) {
  const net::Reply& reply = reply_for(net::Protocol::kNdjson, verdict);
  JsonWriter json;
  json.begin_object().member("error", detail.empty() ? reply.text : detail).end_object();
  Response response{
      reply.status, "application/json", json.take(), {}, reply.action == net::Action::kErrorClose};
  if (reply.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

Intake take_plain_lines(const Request& request) {
  if (request.method != "POST" && request.method != "PUT") {
    return answer_at_once(
        {405, "application/json", R"({"error":"use POST"})", {{"Allow", "POST"}}, false});
  }
  Intake intake;
  const std::size_t first = request.body.find_first_not_of(" \t\r\n");
  std::size_t rejected = 0;
  if (first != std::string_view::npos && request.body[first] == '[') {
    rejected = take_array(request.body, intake);
  } else {
    take_lines(request.body, intake);
  }
  std::size_t accepted = 0;
  for (const net::RecordBuffer& offer : intake.offers) accepted += offer.count();
  accepted -= rejected;
  intake.answer = [accepted, rejected](net::Verdict verdict) {
    if (verdict != net::Verdict::kAccepted && verdict != net::Verdict::kBad) {
      return plain_refusal(verdict, "");
    }
    const bool refused = verdict == net::Verdict::kBad;
    JsonWriter json;
    json.begin_object().key("accepted").unsigned_integer(refused ? 0 : accepted);
    json.key("rejected").unsigned_integer(refused ? accepted + rejected : rejected).end_object();
    return Response{reply_for(net::Protocol::kNdjson, net::Verdict::kAccepted).status,
                    "application/json",
                    json.take(),
                    {},
                    false};
  };
  return intake;
}

}  // namespace catena::http
