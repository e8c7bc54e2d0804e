// SPDX-License-Identifier: Apache-2.0
#include "connectors/http/elasticsearch.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "connectors/http/json_members.h"
#include "engine/base/json_writer.h"

namespace catena::http {

namespace {

constexpr std::string_view kAcknowledged = R"({"acknowledged":true})";
constexpr std::string_view kLicense =
    R"({"license":{"status":"active","uid":"00000000-0000-4000-8000-000000000000","type":"basic",)"
    R"("mode":"basic","expiry_date_in_millis":4000000000000}})";
constexpr std::string_view kXpack =
    R"({"build":{},"license":{"uid":"00000000-0000-4000-8000-000000000000","type":"basic",)"
    R"("mode":"basic","status":"active"},"features":{}})";
constexpr std::string_view kHealth =
    R"({"cluster_name":"catena","status":"green","timed_out":false,"number_of_nodes":1,)"
    R"("number_of_data_nodes":1,"active_primary_shards":0,"active_shards":0,)"
    R"("relocating_shards":0,"initializing_shards":0,"unassigned_shards":0})";

std::string error_body(int status, std::string_view type, std::string_view reason) {
  JsonWriter json;
  json.begin_object().key("error").begin_object();
  json.key("root_cause").begin_array().begin_object();
  json.member("type", type).member("reason", reason).end_object().end_array();
  json.member("type", type).member("reason", reason).end_object();
  json.key("status").integer(status).end_object();
  return json.take();
}

bool is_version(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 16 && text.front() >= '0' && text.front() <= '9' &&
         text.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace

std::string_view beat_version(std::string_view user_agent) noexcept {
  const std::size_t slash = user_agent.find('/');
  if (slash == std::string_view::npos || !user_agent.starts_with("Elastic-")) return {};
  std::string_view version = user_agent.substr(slash + 1);
  version = version.substr(0, version.find_first_not_of("0123456789."));
  return is_version(version) ? version : std::string_view();
}

std::string_view Elasticsearch::without_prefix(std::string_view path) noexcept {
  for (const std::string_view prefix : {"/es", "/elasticsearch"}) {
    if (path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/')) {
      return path.substr(prefix.size());
    }
  }
  return path;
}

// --- one body ------------------------------------------------------------------------------------

// The items of a body, and what is known of each before and after the offers are settled.
class Elasticsearch::Bulk {
 public:
  struct Item {
    std::string verb;
    std::string index;
    std::string id;
    std::optional<Id128> key;  // remembered when it is durable
    int status = 0;            // decided already; 0: as the offers are
    std::string_view error;
    std::string_view reason;
  };

  // False when the body is none; `problem` says why.
  bool read(std::string_view body, std::string_view default_index, const net::RecentIds& recent);
  [[nodiscard]] std::string answer(net::Verdict verdict, const std::string& peer) const;

  std::vector<Item> items;
  std::vector<net::RecordBuffer> offers;
  std::size_t duplicates = 0;
  std::string problem;

 private:
  bool read_action(std::string_view line, std::string_view default_index, Item& item);
  void take_document(std::string_view line, Item& item, const net::RecentIds& recent);

  JsonMembers members_;
};

namespace {

// The next line that is not blank.
bool next_line(std::string_view& body, std::string_view& line) {
  while (!body.empty()) {
    const std::size_t end = std::min(body.find('\n'), body.size());
    line = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) continue;
    line = line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
    return true;
  }
  return false;
}

}  // namespace

bool Elasticsearch::Bulk::read_action(std::string_view line, std::string_view default_index,
                                      Item& item) {
  std::string_view inner;
  const bool is_object = members_.read(line, [&](std::string_view key, std::string_view value) {
    if (item.verb.empty()) {
      item.verb = key;
      inner = value;
    }
  });
  if (!is_object) return false;
  constexpr std::array<std::string_view, 4> kVerbs{"create", "index", "update", "delete"};
  if (std::find(kVerbs.begin(), kVerbs.end(), item.verb) == kVerbs.end()) return false;
  item.index = default_index;
  std::string_view id;
  std::string_view index;
  if (!members_.read(inner, [&](std::string_view key, std::string_view value) {
        if (key == "_id") id = value;
        if (key == "_index") index = value;
      })) {
    return false;
  }
  if (!id.empty() && id != "null" && !members_.read_string(id, item.id)) item.id = id;
  if (!index.empty() && !members_.read_string(index, item.index)) return false;
  return true;
}

void Elasticsearch::Bulk::take_document(std::string_view line, Item& item,
                                        const net::RecentIds& recent) {
  const net::Reply& bad = reply_for(net::Protocol::kBulk, net::Verdict::kBad);
  net::RecordBuffer& buffer = buffer_with_room(offers);
  if (item.verb != "create" && item.verb != "index") {
    item.status = 400;
    item.error = "illegal_argument_exception";
    item.reason = "an event does not change: only create and index are supported";
    return;
  }
  if (line.front() != '{' || line.back() != '}') {
    item.status = bad.code;
    item.error = bad.text;
    item.reason = "the document is no JSON object";
    buffer.append_refused(line, DeadLetterReason::kNotARecord);
    return;
  }
  if (item.verb == "create" && !item.id.empty()) {
    item.key = net::RecentIds::key(item.index, item.id, line);
    if (recent.contains(*item.key)) {
      const net::Reply& known = reply_for(net::Protocol::kBulk, net::Verdict::kDuplicate);
      item.status = known.code;
      item.error = known.text;
      item.reason = "document already exists";
      item.key.reset();
      ++duplicates;
      return;
    }
  }
  buffer.append(line);
}

bool Elasticsearch::Bulk::read(std::string_view body, std::string_view default_index,
                               const net::RecentIds& recent) {
  std::string_view line;
  while (next_line(body, line)) {
    if (items.size() >= kMaxBulkItems) {
      problem = "more than " + std::to_string(kMaxBulkItems) + " items";
      return false;
    }
    Item& item = items.emplace_back();
    const std::string place =
        "Malformed action/metadata line [" + std::to_string(items.size() * 2 - 1) + "]";
    if (!read_action(line, default_index, item)) {
      problem = place + ", expected create, index, update or delete";
      return false;
    }
    if (item.verb == "delete") {
      take_document("{}", item, recent);
      continue;
    }
    if (!next_line(body, line)) {
      problem = place + ": its document is missing";
      return false;
    }
    take_document(line, item, recent);
  }
  if (items.empty()) problem = "request body is required";
  return !items.empty();
}

std::string Elasticsearch::Bulk::answer(net::Verdict verdict, const std::string& peer) const {
  const bool is_bad = verdict == net::Verdict::kBad;
  const net::Reply& refused = reply_for(net::Protocol::kBulk, net::Verdict::kBad);
  const net::Reply& created = reply_for(net::Protocol::kBulk, net::Verdict::kAccepted);
  JsonWriter json;
  json.begin_object().key("took").integer(1).key("errors");
  json.boolean(is_bad || std::any_of(items.begin(), items.end(),
                                     [](const Item& item) { return item.status >= 400; }));
  json.key("items").begin_array();
  std::uint64_t number = 0;
  for (const Item& item : items) {
    const bool fails = item.status != 0 || is_bad;
    json.begin_object().key(item.verb).begin_object().member("_index", item.index);
    json.member("_id", item.id.empty() ? peer + "-" + std::to_string(number) : item.id);
    ++number;
    if (!fails) {
      json.key("_version").integer(1).member("result", created.text);
      json.key("_seq_no").integer(0).key("_primary_term").integer(1);
      json.key("status").integer(created.code);
    } else {
      json.key("status").integer(item.status != 0 ? item.status : refused.code);
      json.key("error").begin_object();
      json.member("type", item.status != 0 ? item.error : refused.text);
      json.member("reason", item.status != 0 ? item.reason : "refused").end_object();
    }
    json.end_object().end_object();
  }
  json.end_array().end_object();
  return json.take();
}

// --- requests ------------------------------------------------------------------------------------

// Clients that ask for one of Elastic's own media types want it back.
Response Elasticsearch::reply(const Request& request, int status, std::string body) {
  Response response{
      status, "application/json", std::move(body), {{"X-Elastic-Product", "Elasticsearch"}}, false};
  if (request.accept.starts_with("application/vnd.elasticsearch+json")) {
    response.content_type = "application/vnd.elasticsearch+json;compatible-with=8";
  }
  return response;
}

Response Elasticsearch::refusal(const Request& request, net::Verdict verdict,
                                std::string_view detail) const {
  const net::Reply& known = reply_for(net::Protocol::kBulk, verdict);
  const int status = verdict == net::Verdict::kBad ? 400 : known.status;
  Response response =
      reply(request, status, error_body(status, known.text, detail.empty() ? known.text : detail));
  response.close = known.action == net::Action::kErrorClose;
  if (status == 401) {
    response.headers.emplace_back("WWW-Authenticate", "Basic realm=\"catena\" charset=\"UTF-8\"");
  }
  return response;
}

Intake Elasticsearch::take(const Request& request) {
  const std::vector<std::string_view> parts = path_parts(without_prefix(request.path));
  const bool is_bulk = !parts.empty() && parts.back() == "_bulk" && parts.size() <= 3;
  if (!is_bulk) return answer_at_once(answer_question(request));
  if (request.method != "POST" && request.method != "PUT") {
    return answer_at_once(
        reply(request, 405, error_body(405, "method_not_allowed", "use POST or PUT")));
  }
  return take_bulk(request);
}

Intake Elasticsearch::take_bulk(const Request& request) {
  const std::vector<std::string_view> parts = path_parts(without_prefix(request.path));
  const auto bulk = std::make_shared<Bulk>();
  if (!bulk->read(request.body, parts.size() > 1 ? parts.front() : std::string_view(), recent_)) {
    return answer_at_once(
        reply(request, 400, error_body(400, "illegal_argument_exception", bulk->problem)));
  }
  Request head = request;
  head.body = {};
  return {std::move(bulk->offers),
          [this, bulk, head = std::move(head)](net::Verdict verdict) {
            if (verdict != net::Verdict::kAccepted && verdict != net::Verdict::kBad) {
              return refusal(head, verdict, "");
            }
            if (verdict == net::Verdict::kAccepted) {
              for (const Bulk::Item& item : bulk->items) {
                if (item.key) recent_.insert(*item.key);
              }
            }
            return reply(head, 200, bulk->answer(verdict, head.peer));
          },
          bulk->duplicates};
}

Response Elasticsearch::answer_root(const Request& request) const {
  const std::string_view named = beat_version(request.user_agent);
  const std::string_view version = !options_.version.empty() ? std::string_view(options_.version)
                                   : !named.empty()          ? named
                                                             : kDefaultElasticsearchVersion;
  JsonWriter json;
  json.begin_object().member("name", "catena").member("cluster_name", options_.cluster_name);
  json.member("cluster_uuid", "Y2F0ZW5hLWNsdXN0ZXIxMj").key("version").begin_object();
  json.member("number", version).member("build_flavor", "default").member("build_type", "deb");
  json.member("build_hash", "0000000000000000000000000000000000000000");
  json.member("build_date", "2024-01-01T00:00:00.000000000Z");
  json.key("build_snapshot").boolean(false).member("lucene_version", "9.12.0");
  json.member("minimum_wire_compatibility_version", "7.17.0");
  json.member("minimum_index_compatibility_version", "7.0.0").end_object();
  json.member("tagline", "You Know, for Search").end_object();
  return reply(request, 200, json.take());
}

// What shippers ask when they connect, and what keeps them going.
Response Elasticsearch::answer_question(const Request& request) const {
  const std::vector<std::string_view> parts = path_parts(without_prefix(request.path));
  if (parts.empty()) return answer_root(request);
  const std::string_view first = parts.front();
  const bool is_read = request.method == "GET" || request.method == "HEAD";
  const auto answer = [&request](std::string_view body) {
    return reply(request, 200, std::string(body));
  };
  if (first == "_license") return answer(kLicense);
  if (first == "_xpack") return answer(kXpack);
  if (first == "_cluster") return answer(parts.size() > 1 && parts[1] == "health" ? kHealth : "{}");
  if (first == "_cat") {
    Response response = answer("catena green 1 1 0 0 0 0 0 0 - 100.0%\n");
    response.content_type = "text/plain; charset=UTF-8";
    return response;
  }
  if (first == "_nodes") return answer(R"({"cluster_name":"catena","nodes":{}})");
  // Templates, policies, pipelines, data streams and aliases: there is nothing to set up here.
  constexpr std::array<std::string_view, 8> kSettings{
      "_index_template", "_template", "_component_template", "_ilm", "_data_stream", "_ingest",
      "_alias",          "_slm"};
  if (std::find(kSettings.begin(), kSettings.end(), first) != kSettings.end()) {
    return answer(is_read ? "{}" : kAcknowledged);
  }
  if (first == "_logstash" || first == "logstash" || first == ".logstash") return answer("{}");
  // PUT /INDEX creates an index; HEAD asks whether there is one.
  if (parts.size() == 1 && first.front() != '_' && request.method != "POST" &&
      request.method != "DELETE") {
    return answer(request.method == "PUT" ? R"({"acknowledged":true,"shards_acknowledged":true})"
                                          : "{}");
  }
  return reply(request, 404,
               error_body(404, "resource_not_found_exception",
                          "only _bulk and what shippers ask before it are answered here"));
}

}  // namespace catena::http
