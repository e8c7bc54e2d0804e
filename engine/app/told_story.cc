// SPDX-License-Identifier: Apache-2.0
#include "engine/app/told_story.h"

#include <algorithm>
#include <set>

#include "engine/app/content.h"
#include "engine/app/packs.h"
#include "rules/attack/defence_loader.h"

namespace catena::app {
namespace {

using incident::Chain;
using incident::Detection;

constexpr std::string_view kDefenceFolder = "defence/";

// "windows process_creation (sysmon)"
std::string log_source_of(const Detection& detection) {
  std::string name = detection.product;
  for (const std::string& category : detection.categories) name += " " + category;
  for (const std::string& service : detection.services) name += " (" + service + ")";
  return name;
}

}  // namespace

Result<Chain> find_chain(const casework::EditedStore& store, const std::string& prefix) {
  std::set<Id128> found;
  if (const auto id = Id128::from_hex(prefix)) {
    ASSIGN_OR_RETURN(const auto chain, store.chain(*id));
    // A chain that the engine merged into another: the chain that holds its first step now.
    ASSIGN_OR_RETURN(const auto holder, store.chain_of(*id));
    found.insert(chain || !holder ? *id : *holder);
  } else {
    RETURN_IF_ERROR(store.for_each_chain([&](const Chain& chain) {
      if (chain.id.hex().starts_with(prefix)) found.insert(chain.id);
      return found.size() < 2;
    }));
  }
  for (const auto& [ended, holder] : store.forwards()) {
    if (!ended.hex().starts_with(prefix)) continue;
    found.erase(ended);
    found.insert(holder);
  }
  if (found.size() > 1) return invalid_input(prefix + ": more than one incident starts so");
  if (found.size() == 1) {
    ASSIGN_OR_RETURN(auto chain, store.chain(*found.begin()));
    if (chain) return std::move(*chain);
  }
  return not_found(prefix + ": no such incident in this store");
}

Result<report::Story> load_story(const casework::EditedStore& store, const std::string& prefix) {
  report::Story story;
  ASSIGN_OR_RETURN(story.chain, find_chain(store, prefix));
  for (const incident::Step& step : story.chain.steps) {
    ASSIGN_OR_RETURN(auto detection, store.detection(step.detection));
    if (!detection) return corrupt("store: detection " + step.detection.hex() + " is missing");
    story.detections.push_back(std::move(*detection));
  }
  return story;
}

Result<std::vector<report::QuietSource>> quiet_sources(const pipeline::IncidentStore& store,
                                                       const report::Story& story) {
  std::set<std::pair<std::string, std::string>> seen;
  std::set<std::pair<std::string, std::string>> within;
  Status status = ok_status();
  const auto look = [&](const Detection& detection) {
    const std::string host = report::first_entity(detection, incident::EntityType::kHost);
    if (!std::binary_search(story.chain.hosts.begin(), story.chain.hosts.end(), host)) return;
    const bool inside = detection.time >= story.chain.first && detection.time <= story.chain.last;
    (inside ? within : seen).emplace(host, log_source_of(detection));
  };
  RETURN_IF_ERROR(store.for_each_chain([&](const Chain& chain) {
    for (const incident::Step& step : chain.steps) {
      auto detection = store.detection(step.detection);
      if (!detection.ok()) {
        status = detection.status();
        return false;
      }
      if (*detection) look(**detection);
    }
    return true;
  }));
  RETURN_IF_ERROR(status);
  std::vector<report::QuietSource> quiet;
  for (const auto& [host, source] : seen) {
    if (quiet.size() == kMaxQuietSources) break;
    if (!within.contains({host, source})) quiet.push_back({host, source});
  }
  return quiet;
}

Result<std::map<std::string, std::size_t>> rules_by_technique(
    const std::vector<std::string>& rule_paths, const attack::AttackCatalog& attack) {
  ASSIGN_OR_RETURN(const auto content, Content::load({rule_paths, "", 1, default_cache_folder()}));
  std::map<std::string, std::size_t> counts;
  for (const plan::Rule& rule : content->rules.rules) {
    for (const std::string& id : attack.resolve(rule.tags).techniques) ++counts[id];
  }
  return counts;
}

Result<attack::DefenceCatalog> load_defence(const attack::AttackCatalog& attack) {
  std::vector<rules::AttackTable> tables;
  for (const EmbeddedFile& file : embedded_files()) {
    const std::string_view path = file.path;
    if (path.starts_with(kDefenceFolder)) tables.push_back({std::string(path), file.text()});
  }
  attack::DefenceCatalog defence;
  RETURN_IF_ERROR(rules::load_defence_tables(tables, attack, defence));
  return defence;
}

}  // namespace catena::app
