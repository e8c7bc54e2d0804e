// SPDX-License-Identifier: Apache-2.0
#include "engine/report/navigator_layer.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "engine/base/display_text.h"
#include "engine/base/json_writer.h"
#include "engine/report/stix_bundle.h"

namespace catena::report {
namespace {

// The first release line that reads this format and knows all of its members.
constexpr std::string_view kNavigatorVersion = "5.0.0";
constexpr std::array<int, 5> kScores = {10, 25, 50, 75, 100};  // by level
constexpr std::size_t kCommentRules = 8;

struct Seen {
  plan::Level level = plan::Level::kInformational;
  std::size_t steps = 0;
  std::vector<std::string> rules;  // titles in the order of appearance
  std::set<std::string> hosts;
  Timestamp first = kNoTime;
  Timestamp last = kNoTime;
};

std::map<std::string, Seen> techniques_of(const StoryView& view) {
  std::map<std::string, Seen> seen;
  for (std::size_t i = 0; i < view.chain().steps.size(); ++i) {
    const incident::Detection& found = view.detection(i);
    for (const std::string& id : found.techniques) {
      Seen& entry = seen[id];
      if (entry.steps++ == 0) entry.first = found.time;
      entry.last = found.time;
      entry.level = std::max(entry.level, found.level);
      if (const std::string& host = view.lines()[view.line_of(i)].host; !host.empty()) {
        entry.hosts.insert(host);
      }
      if (std::find(entry.rules.begin(), entry.rules.end(), found.rule_title) ==
          entry.rules.end()) {
        entry.rules.push_back(found.rule_title);
      }
    }
  }
  return seen;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kCommentRules; ++i) {
    text += (i == 0 ? "" : "; ") + printable(names[i]);
  }
  if (names.size() > kCommentRules) text += "; …";
  return text;
}

void write_technique(JsonWriter& json, const std::string& id, const Seen& seen) {
  json.begin_object().member("techniqueID", id);
  json.key("score").integer(kScores[static_cast<std::size_t>(seen.level)]);
  json.member("comment", listed(seen.rules));
  json.key("enabled").boolean(true);
  json.key("showSubtechniques").boolean(id.find('.') != std::string::npos);
  json.key("metadata").begin_array();
  const auto entry = [&json](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    json.begin_object().member("name", name).member("value", value).end_object();
  };
  entry("first seen (UTC)", clock_text(seen.first));
  entry("last seen (UTC)", clock_text(seen.last));
  entry("steps", grouped(seen.steps));
  entry("hosts", listed({seen.hosts.begin(), seen.hosts.end()}));
  json.end_array().end_object();
}

// "19" of "18.1+19": the newest of the versions that the catalog expresses.
std::string attack_version(const attack::AttackCatalog& attack) {
  const std::string& all = attack.version();
  const std::string newest =
      all.substr(all.rfind('+') == std::string::npos ? 0 : all.rfind('+') + 1);
  return newest.substr(0, newest.find('.'));
}

}  // namespace

std::string navigator_layer(const StoryView& view) {
  JsonWriter json;
  json.begin_object().member("name", incident_title(view));
  json.key("versions").begin_object();
  json.member("attack", attack_version(view.attack()));
  json.member("navigator", kNavigatorVersion).member("layer", "4.5").end_object();
  json.member("domain", "enterprise-attack").member("description", incident_summary(view));
  json.key("sorting").integer(3).key("hideDisabled").boolean(false);
  json.key("layout").begin_object().member("layout", "side").key("showID").boolean(true);
  json.key("showName").boolean(true).member("expandedSubtechniques", "annotated").end_object();
  json.key("techniques").begin_array();
  for (const auto& [id, seen] : techniques_of(view)) write_technique(json, id, seen);
  json.end_array();
  json.key("gradient").begin_object().key("colors").begin_array();
  for (const std::string_view colour : {"#9ecae1", "#fdae61", "#b2182b"}) json.string(colour);
  json.end_array().key("minValue").integer(0).key("maxValue").integer(100).end_object();
  json.key("metadata").begin_array().begin_object().member("name", "chain");
  json.member("value", view.chain().id.hex()).end_object().end_array();
  json.end_object();
  return json.take() + "\n";
}

}  // namespace catena::report
