// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "connectors/http/http_interfaces.h"

// The interfaces of an HTTP listener asked without a connection. Thread safety: none.
namespace catena::tests {

class AskedInterfaces {
 public:
  http::Response get(const std::string& target, const std::string& agent = "") {
    http::Request request;
    request.method = "GET";
    request.user_agent = agent;
    return ask(std::move(request), target, "", net::Verdict::kAccepted);
  }
  http::Response post(const std::string& target, const std::string& body,
                      net::Verdict verdict = net::Verdict::kAccepted) {
    http::Request request;
    request.method = "POST";
    request.channel = channel;
    request.content_type = content_type;
    return ask(std::move(request), target, body, verdict);
  }

  http::HttpInterfaces interfaces;
  std::string channel;
  std::string content_type = "application/json";
  // Of the last request.
  std::vector<std::string> records;
  std::vector<std::string> refused;
  std::size_t duplicates = 0;

 private:
  http::Response ask(http::Request request, const std::string& target, const std::string& body,
                     net::Verdict verdict) {
    if (!parse_target(target, request)) return {599, "", "no target", {}, false};
    const std::string padded = body + std::string(http::kBodyPadding, '\0');
    request.body = std::string_view(padded).substr(0, body.size());
    request.peer = "192.0.2.7:1";
    http::Intake intake = interfaces.take(request);
    records.clear();
    refused.clear();
    for (net::RecordBuffer& offer : intake.offers) {
      for (const pipeline::Record& record : offer.records()) {
        (record.refused ? refused : records).emplace_back(record.bytes);
      }
    }
    duplicates = intake.duplicates;
    const bool is_offered = !records.empty() || !refused.empty();
    return intake.answer(is_offered ? verdict : net::Verdict::kAccepted);
  }
};

}  // namespace catena::tests
