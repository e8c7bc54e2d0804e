// SPDX-License-Identifier: Apache-2.0
#include "connectors/http/otlp.h"

#include <cstdint>
#include <string>

#include "connectors/http/otlp_model.h"
#include "engine/base/json_writer.h"

namespace catena::http {

namespace {

constexpr std::string_view kProtobuf = "application/x-protobuf";
constexpr std::string_view kJson = "application/json";
constexpr int kInvalidArgument = 3;  // google.rpc.Code

void append_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(value | 0x80U);
    value >>= 7U;
  }
  out += static_cast<char>(value);
}

void append_text(std::string& out, unsigned field, std::string_view text) {
  append_varint(out, field << 3U | 2U);
  append_varint(out, text.size());
  out += text;
}

void append_number(std::string& out, unsigned field, std::uint64_t value) {
  append_varint(out, field << 3U);
  append_varint(out, value);
}

bool is_json(const Request& request) noexcept { return request.content_type == kJson; }

// google.rpc.Status: code = 1, message = 2.
Response status_response(const Request& request, int status, int code, std::string_view message) {
  Response response{status, std::string(is_json(request) ? kJson : kProtobuf), "", {}, false};
  if (is_json(request)) {
    JsonWriter json;
    json.begin_object().key("code").integer(code).member("message", message).end_object();
    response.body = json.take();
  } else {
    append_number(response.body, 1, static_cast<std::uint64_t>(code));
    append_text(response.body, 2, message);
  }
  return response;
}

// ExportLogsServiceResponse: partial_success = 1 {rejected_log_records = 1, error_message = 2}.
Response success_response(bool json_wanted, std::size_t rejected) {
  constexpr std::string_view kWhy = "values nested too deep";
  Response response{200, std::string(json_wanted ? kJson : kProtobuf), "", {}, false};
  if (json_wanted) {
    JsonWriter json;
    json.begin_object();
    if (rejected != 0) {
      json.key("partialSuccess").begin_object();
      json.member("rejectedLogRecords", std::to_string(rejected));
      json.member("errorMessage", kWhy).end_object();
    }
    json.end_object();
    response.body = json.take();
  } else if (rejected != 0) {
    std::string partial;
    append_number(partial, 1, rejected);
    append_text(partial, 2, kWhy);
    append_text(response.body, 1, partial);
  }
  return response;
}

}  // namespace

bool is_otlp_path(std::string_view path) noexcept {
  return path == "/v1/logs" || path == "/otlp/v1/logs";
}

Response otlp_refusal(const Request& request, net::Verdict verdict, std::string_view detail) {
  const net::Reply& reply = reply_for(net::Protocol::kOtlp, verdict);
  Response response =
      status_response(request, reply.status, reply.code, detail.empty() ? reply.text : detail);
  response.close = reply.action == net::Action::kErrorClose;
  if (reply.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

Intake take_otlp(const Request& request) {
  if (request.method != "POST") {
    Response response = status_response(request, 405, kInvalidArgument, "use POST");
    response.headers.emplace_back("Allow", "POST");
    return answer_at_once(std::move(response));
  }
  const bool json = is_json(request);
  if (!json && request.content_type != kProtobuf) {
    return answer_at_once(status_response(request, 415, kInvalidArgument,
                                          "send application/x-protobuf or application/json"));
  }
  Intake intake;
  std::size_t rejected = 0;
  const Status status = json ? otlp::read_json(request.body, intake.offers, rejected)
                             : otlp::read_protobuf(request.body, intake.offers, rejected);
  if (!status.ok()) {  // the request is refused as a whole, so nothing of it is kept
    return answer_at_once(status_response(request, 400, kInvalidArgument, status.message()));
  }
  Request head = request;
  head.body = {};
  intake.answer = [head = std::move(head), json, rejected](net::Verdict verdict) {
    if (verdict == net::Verdict::kAccepted) return success_response(json, rejected);
    if (verdict == net::Verdict::kBad) {
      return status_response(head, 400, kInvalidArgument, "refused");
    }
    return otlp_refusal(head, verdict, "");
  };
  return intake;
}

}  // namespace catena::http
