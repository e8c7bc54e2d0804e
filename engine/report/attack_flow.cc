// SPDX-License-Identifier: Apache-2.0
#include "engine/report/attack_flow.h"

#include <algorithm>
#include <set>

#include "engine/base/display_text.h"
#include "engine/report/stix_bundle.h"
#include "engine/report/stix_object.h"

namespace catena::report {
namespace {

using incident::Detection;

// Fixed by the extension.
constexpr std::string_view kExtension =
    "extension-definition--fb9c968a-745b-4ade-9b25-c324172197f4";
constexpr std::string_view kExtensionTime = "2022-08-02T19:34:35.143Z";
constexpr std::string_view kSchema =
    "https://center-for-threat-informed-defense.github.io/attack-flow/stix/"
    "attack-flow-schema-2.0.0.json";

class Flow {
 public:
  explicit Flow(const StoryView& view)
      : view_(view), chain_(view.chain()), name_(chain_.id.hex()), effects_(view.lines().size()) {
    choose_lines();
    find_effects();
  }

  std::string write() {
    json_.begin_object().member("type", "bundle").member("id", stix_id("bundle", "flow\n" + name_));
    json_.key("objects").begin_array();
    write_extension();
    write_stix_producer(json_);
    write_flow();
    for (const std::string& host : hosts_) write_asset(host);
    for (const std::size_t line : told_) write_action(line);
    json_.end_array().end_object();
    return json_.take() + "\n";
  }

 private:
  [[nodiscard]] const Detection& first_of(std::size_t line) const {
    return view_.detection(view_.lines()[line].first());
  }
  [[nodiscard]] std::string action_id(std::size_t line) const {
    return stix_id("attack-action", name_ + "\n" + first_of(line).id.hex());
  }
  [[nodiscard]] std::string asset_id(const std::string& host) const {
    return stix_id("attack-asset", name_ + "\n" + host);
  }

  void choose_lines() {
    for (std::size_t line = 0; line < view_.lines().size(); ++line) {
      if (first_of(line).techniques.empty()) continue;
      told_.push_back(line);
      if (!view_.lines()[line].host.empty()) hosts_.insert(view_.lines()[line].host);
    }
    if (told_.empty() && !view_.lines().empty()) told_.push_back(0);
  }

  // The nearest line above that is told. Only what came earlier counts: two stories that met may be
  // joined at a later step of the first, and an effect before its cause would close a circle.
  [[nodiscard]] std::optional<std::size_t> cause_of(std::size_t line) const {
    std::size_t step = view_.lines()[line].first();
    while (const auto parent = view_.parent_of(step)) {
      const std::size_t above = view_.line_of(*parent);
      if (above < line && std::binary_search(told_.begin(), told_.end(), above)) return above;
      if (*parent >= step) break;
      step = *parent;
    }
    return std::nullopt;
  }

  void find_effects() {
    for (const std::size_t line : told_) {
      const auto cause = cause_of(line);
      cause ? effects_[*cause].push_back(line) : starts_.push_back(line);
    }
  }

  void begin(std::string_view type, const std::string& id) {
    begin_stix_object(json_, type, id, chain_.first, chain_.last);
    json_.key("extensions").begin_object().key(kExtension).begin_object();
    json_.member("extension_type", "new-sdo").end_object().end_object();
  }

  void write_extension() {
    json_.begin_object()
        .member("type", "extension-definition")
        .member("spec_version", "2.1")
        .member("id", kExtension)
        .member("created_by_ref", stix_producer())
        .member("created", kExtensionTime)
        .member("modified", kExtensionTime)
        .member("name", "Attack Flow")
        .member("description", "Extends STIX 2.1 with features to create Attack Flows.")
        .member("schema", kSchema)
        .member("version", "2.0.0");
    json_.key("extension_types").begin_array().string("new-sdo").end_array().end_object();
  }

  void write_refs(std::string_view name, const std::vector<std::size_t>& lines) {
    std::vector<std::string> ids;
    for (const std::size_t line : lines) ids.push_back(action_id(line));
    write_stix_refs(json_, name, ids);
  }

  void write_flow() {
    begin("attack-flow", stix_id("attack-flow", name_));
    json_.member("name", incident_title(view_)).member("description", incident_summary(view_));
    json_.member("scope", "incident");
    write_refs("start_refs", starts_);
    json_.end_object();
  }

  void write_asset(const std::string& host) {
    begin("attack-asset", asset_id(host));
    json_.member("name", printable(host)).end_object();
  }

  void write_action(std::size_t number) {
    const StoryLine& line = view_.lines()[number];
    const Detection& first = first_of(number);
    begin("attack-action", action_id(number));
    if (first.techniques.empty()) {
      json_.member("name", printable(first.rule_title));
    } else {
      const std::string& technique = first.techniques.front();
      json_.member("name", technique_title(technique)).member("technique_id", technique);
      if (!first.tactics.empty()) json_.member("tactic_id", first.tactics.front());
    }
    json_.member("description", describe(line));
    json_.member("execution_start", stix_time(chain_.steps[line.first()].time));
    json_.member("execution_end", stix_time(line.last));
    if (hosts_.contains(line.host)) write_stix_refs(json_, "asset_refs", {asset_id(line.host)});
    write_refs("effect_refs", effects_[number]);
    json_.end_object();
  }

  // Without the id in front.
  [[nodiscard]] std::string technique_title(const std::string& id) const {
    const std::string name = view_.technique_name(id);
    return name.size() > id.size() ? name.substr(id.size() + 1) : name;
  }

  [[nodiscard]] std::string describe(const StoryLine& line) const {
    const Detection& first = view_.detection(line.first());
    std::string text = printable(first.rule_title) + ". Phase: " + view_.phase_name(line.first());
    if (line.steps.size() > 1) text += ". Seen " + grouped(line.steps.size()) + " times";
    for (std::size_t i = 1; i < first.techniques.size(); ++i) {
      text += ". Also " + view_.technique_name(first.techniques[i]);
    }
    for (const incident::TellingField& field : first.telling) {
      text += ". " + printable(field.name.empty() ? "record" : field.name) + ": " +
              printable(field.value);
    }
    return text + ". Why it belongs: " + printable(view_.reason(line.first())) + ".";
  }

  const StoryView& view_;
  const incident::Chain& chain_;
  std::string name_;
  JsonWriter json_;
  std::vector<std::size_t> told_;  // lines that are actions, ascending
  std::vector<std::size_t> starts_;
  std::vector<std::vector<std::size_t>> effects_;  // by line
  std::set<std::string> hosts_;
};

}  // namespace

std::string attack_flow(const StoryView& view) { return Flow(view).write(); }

}  // namespace catena::report
