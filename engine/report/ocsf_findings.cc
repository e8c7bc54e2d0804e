// SPDX-License-Identifier: Apache-2.0
#include "engine/report/ocsf_findings.h"

#include <algorithm>
#include <optional>
#include <set>

#include "engine/base/display_text.h"
#include "engine/base/json_writer.h"
#include "engine/report/stix_bundle.h"

namespace catena::report {
namespace {

using incident::Detection;
using incident::Entity;
using incident::EntityType;
using incident::Severity;

constexpr std::string_view kSchemaVersion = "1.5.0";
constexpr int kCategory = 2;
constexpr int kDetectionFinding = 2004;
constexpr int kIncidentFinding = 2005;
constexpr int kCreate = 1;
constexpr int kAnalyticRule = 1;
constexpr std::size_t kMaxObservables = 200;  // of one finding

struct Named {
  int id;
  std::string_view name;
};

Named severity_of(plan::Level level) {
  switch (level) {
    case plan::Level::kInformational:
      return {1, "Informational"};
    case plan::Level::kLow:
      return {2, "Low"};
    case plan::Level::kMedium:
      return {3, "Medium"};
    case plan::Level::kHigh:
      return {4, "High"};
    case plan::Level::kCritical:
      break;
  }
  return {5, "Critical"};
}

Named severity_of(Severity severity) {
  switch (severity) {
    case Severity::kLow:
      return {2, "Low"};
    case Severity::kMedium:
      return {3, "Medium"};
    case Severity::kHigh:
      return {4, "High"};
    case Severity::kCritical:
      break;
  }
  return {5, "Critical"};
}

std::optional<Named> observable_type(EntityType type) {
  switch (type) {
    case EntityType::kHost:
    case EntityType::kDomain:
      return Named{1, "Hostname"};
    case EntityType::kIp:
      return Named{2, "IP Address"};
    case EntityType::kUser:
      return Named{4, "User Name"};
    case EntityType::kFile:
      return Named{7, "File Name"};
    default:
      return std::nullopt;
  }
}

std::string_view observable_name(EntityType type) {
  switch (type) {
    case EntityType::kHost:
      return "resources.name";
    case EntityType::kIp:
      return "evidences.src_endpoint.ip";
    case EntityType::kUser:
      return "evidences.actor.user.name";
    case EntityType::kFile:
      return "evidences.file.name";
    default:
      return "evidences.src_endpoint.hostname";
  }
}

class Findings {
 public:
  Findings(const StoryView& view, std::string_view version)
      : view_(view), chain_(view.chain()), version_(version), uid_(chain_.id.hex()) {}

  std::string write() {
    write_incident();
    for (const StoryLine& line : view_.lines()) write_detection(line);
    return std::move(out_);
  }

 private:
  static void number(JsonWriter& json, std::string_view name, std::int64_t value) {
    json.key(name).integer(value);
  }
  static void time(JsonWriter& json, std::string_view name, Timestamp at) {
    number(json, name, at / kNanosPerMilli);
  }

  void begin(JsonWriter& json, int type, std::string_view type_name, Named severity,
             Timestamp at) const {
    json.begin_object();
    number(json, "activity_id", kCreate);
    json.member("activity_name", "Create");
    number(json, "category_uid", kCategory);
    json.member("category_name", "Findings");
    number(json, "class_uid", type);
    json.member("class_name", type_name);
    number(json, "type_uid", std::int64_t{type} * 100 + kCreate);
    json.member("type_name", std::string(type_name) + ": Create");
    number(json, "severity_id", severity.id);
    json.member("severity", severity.name);
    time(json, "time", at);
    time(json, "start_time", chain_.first);
    time(json, "end_time", chain_.last);
  }

  void metadata(JsonWriter& json, const std::string& uid) const {
    json.key("metadata").begin_object().member("version", kSchemaVersion);
    json.member("uid", uid).member("correlation_uid", uid_);
    json.key("product").begin_object().member("name", "Catena").member("vendor_name", "Catena");
    json.member("version", version_).end_object().end_object();
  }

  void attacks(JsonWriter& json, const std::vector<std::string>& techniques) const {
    if (techniques.empty()) return;
    json.key("attacks").begin_array();
    for (const std::string& id : techniques) {
      const attack::Technique* technique = view_.attack().technique(id);
      const std::size_t dot = id.find('.');
      json.begin_object().member("version", view_.attack().version());
      if (technique != nullptr && !technique->tactics.empty()) {
        if (const auto* tactic = view_.attack().tactic(technique->tactics.front())) {
          object(json, "tactic", tactic->id, tactic->name);
        }
      }
      const std::string parent = id.substr(0, dot);
      const attack::Technique* above = view_.attack().technique(parent);
      object(json, "technique", parent, above == nullptr ? parent : above->name);
      if (dot != std::string::npos) {
        object(json, "sub_technique", id, technique == nullptr ? id : technique->name);
      }
      json.end_object();
    }
    json.end_array();
  }

  static void object(JsonWriter& json, std::string_view key, const std::string& uid,
                     const std::string& name) {
    json.key(key).begin_object().member("uid", uid).member("name", name).end_object();
  }

  void finding_info(JsonWriter& json, const StoryLine& line) const {
    const Detection& first = view_.detection(line.first());
    json.begin_object().member("uid", first.id.hex());
    json.member("title", printable(first.rule_title));
    json.member("desc", printable("Phase: " + view_.phase_name(line.first()) +
                                  ". Why it belongs: " + view_.reason(line.first()) + "."));
    time(json, "first_seen_time", chain_.steps[line.first()].time);
    time(json, "last_seen_time", line.last);
    time(json, "created_time", chain_.steps[line.first()].time);
    json.key("analytic").begin_object().member("name", printable(first.rule_title));
    json.member("uid", first.rule_id);
    number(json, "type_id", kAnalyticRule);
    json.member("type", "Rule").end_object();
    attacks(json, first.techniques);
    json.end_object();
  }

  void write_incident() {
    JsonWriter json;
    begin(json, kIncidentFinding, "Incident Finding", severity_of(chain_.severity), chain_.last);
    metadata(json, uid_);
    json.member("desc", incident_summary(view_)).member("message", incident_title(view_));
    number(json, "status_id", 1);
    json.member("status", "New");
    // A score has no upper end; 100 is what the class permits.
    number(json, "impact_score", std::min<std::int64_t>(chain_.score / 10, 100));
    json.key("assignee_group").begin_object().member("name", "unassigned").end_object();
    attacks(json, chain_.techniques);
    json.key("finding_info_list").begin_array();
    for (const StoryLine& line : view_.lines()) finding_info(json, line);
    json.end_array().end_object();
    out_ += json.text() + "\n";
  }

  void observables(JsonWriter& json, const StoryLine& line) const {
    std::set<std::pair<int, std::string>> told;
    json.key("observables").begin_array();
    for (const std::size_t step : line.steps) {
      for (const Entity& entity : view_.detection(step).entities) {
        const auto type = observable_type(entity.type);
        if (!type || told.size() >= kMaxObservables) continue;
        if (!told.emplace(type->id, entity.value).second) continue;
        json.begin_object().member("name", observable_name(entity.type));
        number(json, "type_id", type->id);
        json.member("type", type->name).member("value", printable(entity.value)).end_object();
      }
    }
    json.end_array();
  }

  void evidence(JsonWriter& json, const Detection& first) const {
    json.key("evidences").begin_array().begin_object().key("data").begin_object();
    json.member("source", printable(first.origin.source));
    number(json, "line", static_cast<std::int64_t>(first.origin.line));
    json.member("record", printable(first.evidence)).end_object().end_object().end_array();
  }

  void write_detection(const StoryLine& line) {
    const Detection& first = view_.detection(line.first());
    JsonWriter json;
    begin(json, kDetectionFinding, "Detection Finding", severity_of(first.level),
          chain_.steps[line.first()].time);
    metadata(json, first.id.hex());
    number(json, "count", static_cast<std::int64_t>(line.steps.size()));
    number(json, "status_id", 1);
    json.member("status", "New");
    json.key("finding_info");
    finding_info(json, line);
    if (!line.host.empty()) {
      json.key("resources").begin_array().begin_object().member("name", printable(line.host));
      json.member("type", "host").end_object().end_array();
    }
    observables(json, line);
    evidence(json, first);
    json.end_object();
    out_ += json.text() + "\n";
  }

  const StoryView& view_;
  const incident::Chain& chain_;
  std::string_view version_;
  std::string uid_;
  std::string out_;
};

}  // namespace

std::string ocsf_findings(const StoryView& view, std::string_view product_version) {
  return Findings(view, product_version).write();
}

}  // namespace catena::report
