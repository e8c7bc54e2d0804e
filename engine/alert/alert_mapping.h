// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/incident/entity.h"
#include "engine/plan/level.h"

// AlertMapping says, as data, what the alerts of other engines mean: how a record is recognised,
// which paths hold time, signature, level and the things it is about, and which techniques or
// phases a signature stands for. Filled by rules/alert from YAML; const afterwards. Thread safety:
// value type.
namespace catena::alert {

// A path and the values it may have, any case; none: any value.
struct AlertTest {
  std::string path;
  std::vector<std::string> values;
};
using AlertTests = std::vector<AlertTest>;  // all must hold

// What an engine's own severity is in Sigma's levels.
struct AlertLevel {
  std::vector<std::string> paths;            // the first that has a value
  std::map<std::string, plan::Level> words;  // by value, lower case
  // By number: the level of the greatest bound that is not above the value.
  std::map<std::int64_t, plan::Level> at_least;
  plan::Level otherwise = plan::Level::kMedium;
};

// What signatures stand for. The first that fits counts.
struct SignatureMeaning {
  std::vector<std::string> patterns;  // of the title or the signature's id; '*' is any text; folded
  std::vector<std::string> tags;      // as in Sigma rules: "attack.t1595", "iris.launch-attack"
  std::optional<plan::Level> level;
};

struct AlertEntity {
  incident::EntityType type = incident::EntityType::kIp;
  std::vector<std::string> paths;
};

struct AlertEngine {
  std::string name;
  std::string product;              // of the detections' log source
  std::vector<AlertTests> when;     // a record is this engine's alert when one of them holds
  std::vector<AlertTests> ignored;  // of its stream, but no alert
  std::vector<std::string> time;    // each list: the first path that has a value
  std::vector<std::string> signature;
  std::vector<std::string> title;
  std::vector<std::string> host;
  // Addresses of which the first private one stands for the host, where no path names one.
  std::vector<std::string> own_address;
  std::vector<std::string> techniques;  // technique and tactic ids or names, all values
  std::vector<AlertEntity> entities;
  std::vector<std::string> telling;
  // Of a stream in which several engines speak: the start of the title names the engine whose
  // meanings and trust count, and is taken off.
  std::map<std::string, std::string> speakers;
  AlertLevel level;
  plan::Level trust = plan::Level::kHigh;  // no alert of it counts for more
  std::vector<SignatureMeaning> signatures;
};

struct AlertMapping {
  std::vector<AlertEngine> engines;  // tried in this order
  // Columns that are somebody's verdict after the fact: taken out before anything is read.
  std::vector<std::string> verdict_columns;

  [[nodiscard]] const AlertEngine* find(std::string_view name) const noexcept {
    for (const AlertEngine& engine : engines) {
      if (engine.name == name) return &engine;
    }
    return nullptr;
  }
};

}  // namespace catena::alert
