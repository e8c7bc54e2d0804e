// SPDX-License-Identifier: Apache-2.0
#include "engine/report/stix_bundle.h"

#include <algorithm>
#include <set>

#include "engine/base/display_text.h"
#include "engine/report/stix_object.h"

namespace catena::report {
namespace {

using incident::Detection;
using incident::Entity;

constexpr std::string_view kTechniquePage = "https://attack.mitre.org/techniques/";

class Bundle {
 public:
  explicit Bundle(const StoryView& view)
      : view_(view),
        chain_(view.chain()),
        name_(chain_.id.hex()),
        incident_(stix_id("incident", name_)) {}

  std::string write() {
    json_.begin_object().member("type", "bundle").member("id", stix_id("bundle", name_));
    json_.key("objects").begin_array();
    write_stix_producer(json_);
    write_incident();
    for (const std::string& host : chain_.hosts) write_host(host);
    for (const std::string& id : chain_.techniques) write_technique(id);
    for (const StoryLine& line : view_.lines()) write_line(line);
    write_grouping();
    json_.end_array().end_object();
    return json_.take() + "\n";
  }

 private:
  void begin(std::string_view type, const std::string& id) {
    begin_stix_object(json_, type, id, chain_.first, chain_.last);
    members_.push_back(id);
  }

  [[nodiscard]] std::string key(std::string_view what, std::string_view which) const {
    return stix_id(what, name_ + "\n" + std::string(which));
  }
  [[nodiscard]] static std::string host_id(const std::string& host) {
    return stix_id("identity", "host\n" + host);
  }
  [[nodiscard]] static std::string technique_id(const std::string& id) {
    return stix_id("attack-pattern", id);
  }

  void write_incident() {
    begin("incident", incident_);
    json_.member("name", incident_title(view_)).member("description", incident_summary(view_));
    json_.key("labels").begin_array().string(incident::severity_name(chain_.severity)).end_array();
    json_.end_object();
  }

  void write_host(const std::string& host) {
    begin("identity", host_id(host));
    json_.member("name", printable(host)).member("identity_class", "system").end_object();
    write_relationship(host_id(host));
  }

  void write_technique(const std::string& id) {
    const attack::Technique* technique = view_.attack().technique(id);
    begin("attack-pattern", technique_id(id));
    json_.member("name", technique == nullptr ? id : technique->name);
    if (technique != nullptr && !technique->tactics.empty()) {
      json_.key("kill_chain_phases").begin_array();
      for (const std::string& tactic : technique->tactics) {
        json_.begin_object()
            .member("kill_chain_name", "mitre-attack")
            .member("phase_name", tactic)
            .end_object();
      }
      json_.end_array();
    }
    std::string page(kTechniquePage);
    for (const char c : id) page.push_back(c == '.' ? '/' : c);
    json_.key("external_references").begin_array().begin_object();
    json_.member("source_name", "mitre-attack").member("external_id", id).member("url", page);
    json_.end_object().end_array().end_object();
    write_relationship(technique_id(id));
  }

  // STIX 2.1 defines no relationship of an incident but this one.
  void write_relationship(const std::string& to) {
    begin("relationship", key("relationship", to));
    json_.member("relationship_type", "related-to")
        .member("source_ref", incident_)
        .member("target_ref", to)
        .end_object();
  }

  // Writes an observable once and notes it for the observation.
  void take_observable(const std::string& object, const std::string& id,
                       std::vector<std::string>& refs) {
    if (object.empty()) return;
    if (std::find(refs.begin(), refs.end(), id) == refs.end()) refs.push_back(id);
    if (!observables_.insert(id).second) return;
    json_.raw(object);
    members_.push_back(id);
  }

  void write_line(const StoryLine& line) {
    const Detection& first = view_.detection(line.first());
    std::vector<std::string> refs;
    std::string id;
    for (const std::size_t step : line.steps) {
      for (const Entity& entity : view_.detection(step).entities) {
        const std::string object = stix_observable(entity, id);
        take_observable(object, id, refs);
      }
    }
    const std::string artifact = stix_artifact(first.evidence, id);
    take_observable(artifact, id, refs);
    const std::string observed = key("observed-data", first.id.hex());
    begin("observed-data", observed);
    json_.member("first_observed", stix_time(chain_.steps[line.first()].time));
    json_.member("last_observed", stix_time(line.last));
    json_.key("number_observed").unsigned_integer(line.steps.size());
    write_stix_refs(json_, "object_refs", refs);
    json_.end_object();
    for (const std::string& technique : first.techniques) {
      write_sighting(line, technique, observed);
    }
    write_note(line, observed);
  }

  void write_sighting(const StoryLine& line, const std::string& technique,
                      const std::string& observed) {
    const Detection& first = view_.detection(line.first());
    begin("sighting", key("sighting", first.id.hex() + "\n" + technique));
    json_.member("first_seen", stix_time(chain_.steps[line.first()].time));
    json_.member("last_seen", stix_time(line.last));
    json_.key("count").unsigned_integer(line.steps.size());
    json_.member("description", printable(first.rule_title));
    json_.member("sighting_of_ref", technique_id(technique));
    write_stix_refs(json_, "observed_data_refs", {observed});
    if (std::binary_search(chain_.hosts.begin(), chain_.hosts.end(), line.host)) {
      write_stix_refs(json_, "where_sighted_refs", {host_id(line.host)});
    }
    json_.end_object();
  }

  void write_note(const StoryLine& line, const std::string& observed) {
    const Detection& first = view_.detection(line.first());
    begin("note", key("note", first.id.hex()));
    json_.member("abstract", printable(first.rule_title));
    std::string text = "phase: " + view_.phase_name(line.first()) +
                       "; level: " + std::string(plan::level_name(first.level)) +
                       "; why it belongs: " + view_.reason(line.first()) +
                       "; rule: " + first.rule_id + "; record: " + first.origin.source + ":" +
                       std::to_string(first.origin.line);
    json_.member("content", printable(text));
    write_stix_refs(json_, "object_refs", {observed, incident_});
    json_.end_object();
  }

  void write_grouping() {
    const std::vector<std::string> members = members_;
    begin("grouping", stix_id("grouping", name_));
    json_.member("name", incident_title(view_)).member("context", "suspicious-activity");
    write_stix_refs(json_, "object_refs", members);
    json_.end_object();
  }

  const StoryView& view_;
  const incident::Chain& chain_;
  std::string name_;
  std::string incident_;
  JsonWriter json_;
  std::vector<std::string> members_;  // ids of what was written
  std::set<std::string> observables_;
};

}  // namespace

std::string stix_bundle(const StoryView& view) { return Bundle(view).write(); }

std::string incident_title(const StoryView& view) {
  const incident::Chain& chain = view.chain();
  return "Incident " + chain.id.hex().substr(0, 12) + " (" +
         std::string(incident::severity_name(chain.severity)) +
         "): " + grouped(chain.steps.size()) +
         (chain.steps.size() == 1 ? " detection" : " detections") + " on " +
         grouped(chain.hosts.size()) + (chain.hosts.size() == 1 ? " host" : " hosts");
}

std::string incident_summary(const StoryView& view) {
  const incident::Chain& chain = view.chain();
  std::string text;
  for (const attack::PhaseInfo& info : attack::all_phases()) {
    const incident::PhaseSlot& slot = chain.phases[static_cast<std::size_t>(info.phase)];
    if (slot.state == incident::PhaseState::kAbsent) continue;
    text += (text.empty() ? "X-Force IRIS phases: " : "; ") + std::string(info.name);
    text += slot.state == incident::PhaseState::kObserved ? " (seen, " : " (inferred, ";
    text += clock_text(slot.first) + " to " + clock_text(slot.last) + " UTC)";
  }
  return text.empty() ? "No phase is known." : text + ".";
}

}  // namespace catena::report
