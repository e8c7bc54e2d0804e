// SPDX-License-Identifier: Apache-2.0
#include "connectors/http/http_interfaces.h"

#include <memory>
#include <utility>

#include "connectors/http/journal_export.h"
#include "connectors/http/otlp.h"
#include "connectors/http/plain_lines.h"

namespace catena::http {

net::Protocol HttpInterfaces::protocol_of(std::string_view path) const {
  if (path == kNdjsonPath) return net::Protocol::kNdjson;
  if (Hec::owns(path)) return net::Protocol::kHec;
  if (is_otlp_path(path)) return net::Protocol::kOtlp;
  if (path == kJournalPath) return net::Protocol::kJournal;
  return net::Protocol::kBulk;
}

Intake HttpInterfaces::take(const Request& request) {
  switch (protocol_of(request.path)) {
    case net::Protocol::kNdjson:
      return take_plain_lines(request);
    case net::Protocol::kHec:
      return hec_.take(request);
    case net::Protocol::kOtlp:
      return take_otlp(request);
    case net::Protocol::kJournal:
      return take_journal(request);
    default:
      break;
  }
  return elasticsearch_.take(request);
}

Response HttpInterfaces::refusal(const Request& request, net::Verdict verdict,
                                 std::string_view detail) const {
  switch (protocol_of(request.path)) {
    case net::Protocol::kNdjson:
      return plain_refusal(verdict, detail);
    case net::Protocol::kHec:
      return hec_.refusal(request, verdict, detail);
    case net::Protocol::kOtlp:
      return otlp_refusal(request, verdict, detail);
    case net::Protocol::kJournal:
      return journal_refusal(verdict, detail);
    default:
      return elasticsearch_.refusal(request, verdict, detail);
  }
}

net::SessionFactory http_sessions(HttpOptions options, net::AccessTokens tokens,
                                  ElasticsearchOptions elasticsearch) {
  struct Shared {
    HttpOptions options;
    net::AccessTokens tokens;
    HttpInterfaces interfaces;
  };
  // The factory keeps it, and a server keeps the factory longer than its sessions.
  const auto shared = std::shared_ptr<Shared>(
      new Shared{options, std::move(tokens), HttpInterfaces(std::move(elasticsearch))});
  return [shared] {
    return std::make_unique<HttpSession>(shared->options, shared->tokens, shared->interfaces);
  };
}

}  // namespace catena::http
