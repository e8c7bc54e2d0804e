// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "connectors/http/message.h"
#include "connectors/net/recent_ids.h"

// Elasticsearch's `_bulk` (Elasticsearch reference, "Bulk API"), and the questions that Beats,
// Logstash, Vector, rsyslog and the official clients ask before they use it. It stores no documents
// and answers no searches: a document is a record, and its index is not kept.
//   - `create` and `index` are taken; `update` and `delete` are refused item by item, for an event
//     does not change;
//   - a `create` with an `_id` that is durable already, with the same content, is a duplicate
//   (409);
//   - a document that is no JSON object is refused (400) and kept as a dead letter.
// Thread safety: all methods from any thread.
namespace catena::http {

inline constexpr std::size_t kMaxBulkItems = 200'000;

struct ElasticsearchOptions {
  // Told to clients; empty: the version that a Beat names as its own (Beats refuse an older
  // server), and kDefaultVersion to all others.
  std::string version;
  std::string cluster_name = "catena";
};
inline constexpr std::string_view kDefaultElasticsearchVersion = "8.17.0";

class Elasticsearch {
 public:
  explicit Elasticsearch(ElasticsearchOptions options) : options_(std::move(options)) {}

  // The rest of a path behind "/es" or "/elasticsearch", which are optional.
  [[nodiscard]] static std::string_view without_prefix(std::string_view path) noexcept;

  Intake take(const Request& request);
  [[nodiscard]] Response refusal(const Request& request, net::Verdict verdict,
                                 std::string_view detail) const;

 private:
  class Bulk;

  Intake take_bulk(const Request& request);
  [[nodiscard]] Response answer_question(const Request& request) const;
  [[nodiscard]] Response answer_root(const Request& request) const;
  [[nodiscard]] static Response reply(const Request& request, int status, std::string body);

  ElasticsearchOptions options_;
  net::RecentIds recent_;
};

// "8.15.0" of "Elastic-filebeat/8.15.0 (linux; amd64; …)"; empty when it names none.
[[nodiscard]] std::string_view beat_version(std::string_view user_agent) noexcept;

}  // namespace catena::http
