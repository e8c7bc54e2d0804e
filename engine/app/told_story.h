// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/attack/attack_catalog.h"
#include "engine/attack/defence_catalog.h"
#include "engine/base/result.h"
#include "engine/casework/edited_store.h"
#include "engine/pipeline/incident_store.h"
#include "engine/report/guidance.h"
#include "engine/report/story.h"

// A chain taken out of a store with all that reports of it want to know. Reads only. Thread safety:
// pure functions of the store.
namespace catena::app {

// The one chain whose id starts with `prefix`, or did before a merge by hand. kNotFound,
// kInvalidInput when several do.
Result<incident::Chain> find_chain(const casework::EditedStore& store, const std::string& prefix);

// The same with its detections. kCorrupt when one is missing.
Result<report::Story> load_story(const casework::EditedStore& store, const std::string& prefix);

// Log sources of the story's hosts that gave detections outside of its time, but none within it;
// at most kMaxQuietSources, by host.
inline constexpr std::size_t kMaxQuietSources = 12;
Result<std::vector<report::QuietSource>> quiet_sources(const pipeline::IncidentStore& store,
                                                       const report::Story& story);

// How many of the rules of these files (none: the built-in ones) are tagged with each technique.
Result<std::map<std::string, std::size_t>> rules_by_technique(
    const std::vector<std::string>& rule_paths, const attack::AttackCatalog& attack);

// The built-in tables of what counters techniques and who uses them.
Result<attack::DefenceCatalog> load_defence(const attack::AttackCatalog& attack);

}  // namespace catena::app
