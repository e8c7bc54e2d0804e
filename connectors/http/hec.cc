// SPDX-License-Identifier: Apache-2.0
#include "connectors/http/hec.h"

#include <algorithm>
#include <memory>

#include <simdjson.h>

#include "connectors/http/json_members.h"
#include "engine/base/json_writer.h"

namespace catena::http {

namespace {

Response hec_response(int status, int code, std::string_view text) {
  JsonWriter json;
  json.begin_object().member("text", text).key("code").integer(code).end_object();
  return {status, "application/json", json.take(), {}, false};
}

Response invalid_event(int code, std::string_view text, std::size_t number) {
  JsonWriter json;
  json.begin_object().member("text", text).key("code").integer(code);
  json.key("invalid-event-number").unsigned_integer(number).end_object();
  return {400, "application/json", json.take(), {}, false};
}

std::string_view channel_of(const Request& request) noexcept {
  return request.channel.empty() ? request.parameter("channel") : request.channel;
}

// What is around an event.
struct Envelope {
  std::string_view event;  // as received
  std::string members;     // "\"host\":\"a\",\"time\":1"

  void add(std::string_view name, std::string_view value) {
    if (!members.empty()) members += ',';
    append_json_string(members, name);
    members += ':';
    members += value;
  }
};

bool read_envelope(JsonMembers& reader, std::string_view object, Envelope& envelope) {
  return reader.read(object, [&envelope](std::string_view key, std::string_view value) {
    if (key == "event") {
      envelope.event = value;
    } else if (key == "time" || key == "host" || key == "source" || key == "sourcetype" ||
               key == "index" || key == "fields") {
      envelope.add(key, value);
    }
  });
}

std::string record_of(const Envelope& envelope) {
  std::string record;
  const std::string_view event = envelope.event;
  if (event.front() == '{') {
    const std::string_view inside = event.substr(0, event.size() - 1);
    record = inside;
    if (inside.find_first_not_of(" \t\r\n", 1) != std::string_view::npos) record += ',';
  } else {
    record = event.front() == '"' ? "{\"message\":" : "{\"event\":";
    record += event;
    record += ',';
  }
  record += "\"hec\":{" + envelope.members + "}}";
  return record;
}

}  // namespace

// --- acks ----------------------------------------------------------------------------------------

AckChannels::Channel* AckChannels::find(std::string_view name) {
  const auto known = by_name_.find(std::string(name));
  if (known == by_name_.end()) return nullptr;
  channels_.splice(channels_.begin(), channels_, known->second);
  return &channels_.front();
}

std::uint64_t AckChannels::issue(std::string_view name) {
  name = name.substr(0, kMaxChannelBytes);
  const std::lock_guard lock(mutex_);
  Channel* channel = find(name);
  if (channel == nullptr) {
    if (channels_.size() >= kMaxChannels) {
      by_name_.erase(channels_.back().name);
      channels_.pop_back();
    }
    channel = &channels_.emplace_front();
    channel->name = name;
    by_name_.emplace(channel->name, channels_.begin());
  }
  if (channel->open.size() >= kMaxAcksPerChannel) channel->open.erase(channel->open.begin());
  channel->open.insert(channel->next);
  return channel->next++;
}

bool AckChannels::take(std::string_view name, std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  Channel* const channel = find(name.substr(0, kMaxChannelBytes));
  return channel != nullptr && channel->open.erase(number) != 0;
}

// --- requests ------------------------------------------------------------------------------------

Response Hec::refusal(const Request& request, net::Verdict verdict, std::string_view detail) const {
  static_cast<void>(request);
  const net::Reply& reply = reply_for(net::Protocol::kHec, verdict);
  Response response = hec_response(reply.status, reply.code, reply.text);
  // No token and a wrong one are told apart.
  if (verdict == net::Verdict::kUnauthorised && !detail.empty()) {
    response = hec_response(403, 4, "Invalid token");
  }
  response.close = reply.action == net::Action::kErrorClose;
  return response;
}

Intake Hec::take(const Request& request) {
  std::string_view rest = std::string_view(request.path).substr(19);  // "/services/collector"
  for (const std::string_view version : {"/1.0", "/"}) {
    if (rest.ends_with(version)) rest.remove_suffix(version.size());
  }
  if (rest == "/health") return answer_at_once(hec_response(200, 17, "HEC is healthy"));
  if (request.method == "OPTIONS") {
    Response response{200, "", "", {{"Allow", "POST, OPTIONS"}}, false};
    return answer_at_once(std::move(response));
  }
  if (request.method != "POST") {
    Response response = hec_response(405, 6, "Method not allowed");
    response.headers.emplace_back("Allow", "POST");
    return answer_at_once(std::move(response));
  }
  if (rest.empty() || rest == "/event") return take_events(request);
  if (rest == "/raw") return take_raw(request);
  if (rest == "/ack") return take_acks(request);
  return answer_at_once(hec_response(404, 404, "The requested URL was not found on this server."));
}

std::function<Response(net::Verdict)> Hec::answer(const Request& request, Response on_success) {
  return [this, channel = std::string(channel_of(request)),
          success = std::move(on_success)](net::Verdict verdict) {
    if (verdict != net::Verdict::kAccepted) return refusal({}, verdict, "");
    if (success.status != 200 || channel.empty()) return success;
    Response response = success;
    response.body.pop_back();  // '}'
    response.body += ",\"ackId\":" + std::to_string(channels_.issue(channel)) + "}";
    return response;
  };
}

// Events before a bad one stay accepted.
Intake Hec::take_events(const Request& request) {
  const net::Reply& accepted = reply_for(net::Protocol::kHec, net::Verdict::kAccepted);
  const net::Reply& bad = reply_for(net::Protocol::kHec, net::Verdict::kBad);
  Response response = hec_response(accepted.status, accepted.code, accepted.text);
  Intake intake;
  JsonMembers reader;
  std::string_view rest = request.body;
  std::string_view object;
  bool broken = false;
  std::size_t number = 0;
  while (next_object(rest, object, broken)) {
    Envelope envelope;
    if (!read_envelope(reader, object, envelope)) {
      broken = true;
      break;
    }
    if (envelope.event.empty()) {
      response = invalid_event(12, "Event field is required", number);
      break;
    }
    if (envelope.event == "\"\"" || envelope.event == "null") {
      response = invalid_event(13, "Event field cannot be blank", number);
      break;
    }
    buffer_with_room(intake.offers).append(record_of(envelope));
    ++number;
  }
  if (broken) {
    response = invalid_event(bad.code, bad.text, number);
  } else if (number == 0 && response.status == 200) {
    response = hec_response(400, 5, "No data");
  }
  intake.answer = answer(request, std::move(response));
  return intake;
}

Intake Hec::take_raw(const Request& request) {
  if (channel_of(request).empty()) {
    return answer_at_once(hec_response(400, 10, "Data channel is missing"));
  }
  Intake intake;
  std::string_view rest = request.body;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    buffer_with_room(intake.offers).append(line);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (intake.offers.empty() || intake.offers.front().empty()) {
    return answer_at_once(hec_response(400, 5, "No data"));
  }
  const net::Reply& accepted = reply_for(net::Protocol::kHec, net::Verdict::kAccepted);
  intake.answer = answer(request, hec_response(accepted.status, accepted.code, accepted.text));
  return intake;
}

Intake Hec::take_acks(const Request& request) {
  const std::string_view channel = channel_of(request);
  if (channel.empty()) return answer_at_once(hec_response(400, 10, "Data channel is missing"));
  simdjson::dom::parser parser;
  simdjson::dom::array asked;
  if (parser.parse(request.body.data(), request.body.size(), false)["acks"].get(asked) !=
          simdjson::SUCCESS ||
      asked.size() > kMaxAcksAsked) {
    return answer_at_once(hec_response(400, 6, "Invalid data format"));
  }
  JsonWriter json;
  json.begin_object().key("acks").begin_object();
  for (const auto element : asked) {
    std::uint64_t number = 0;
    if (element.get(number) != simdjson::SUCCESS) {
      return answer_at_once(hec_response(400, 6, "Invalid data format"));
    }
    json.key(std::to_string(number)).boolean(channels_.take(channel, number));
  }
  json.end_object().end_object();
  return answer_at_once({200, "application/json", json.take(), {}, false});
}

}  // namespace catena::http
