// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "connectors/http/elasticsearch.h"
#include "connectors/http/hec.h"
#include "connectors/http/http_session.h"

// All that one HTTP listener answers, told apart by the path:
//   /ingest/ndjson                     lines (plain_lines.h)
//   /services/collector…               Splunk's HTTP Event Collector (hec.h)
//   /v1/logs, /otlp/v1/logs            OpenTelemetry (otlp.h)
//   /upload                            systemd-journal-upload (journal_export.h)
//   everything else, also below /es    Elasticsearch (elasticsearch.h)
// So one listener serves them all, and one on 9200, 8088 or 4318 suits shippers that cannot set a
// path. Thread safety: all methods from any thread.
namespace catena::http {

class HttpInterfaces final : public Interfaces {
 public:
  explicit HttpInterfaces(ElasticsearchOptions options = {}) : elasticsearch_(std::move(options)) {}

  [[nodiscard]] net::Protocol protocol_of(std::string_view path) const override;
  [[nodiscard]] bool is_open(std::string_view path) const override { return Hec::is_health(path); }
  Intake take(const Request& request) override;
  [[nodiscard]] Response refusal(const Request& request, net::Verdict verdict,
                                 std::string_view detail) const override;

 private:
  Elasticsearch elasticsearch_;
  Hec hec_;
};

// For a net::StreamServer of Protocol::kBulk: sessions that share their interfaces.
[[nodiscard]] net::SessionFactory http_sessions(HttpOptions options, net::AccessTokens tokens,
                                                ElasticsearchOptions elasticsearch = {});

}  // namespace catena::http
