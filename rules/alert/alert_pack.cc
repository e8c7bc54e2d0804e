// SPDX-License-Identifier: Apache-2.0
#include "rules/alert/alert_pack.h"

#include <algorithm>

#include "engine/alert/alert_entities.h"
#include "engine/attack/phase.h"
#include "engine/base/text_fold.h"
#include "rules/yaml/yaml_map.h"
#include "rules/yaml/yaml_reader.h"

namespace catena::rules {
namespace {

using alert::AlertEngine;
using alert::AlertLevel;
using alert::AlertMapping;
using alert::AlertTests;
using alert::SignatureMeaning;
using yaml::YamlMap;
using yaml::YamlNode;

constexpr std::int64_t kSchemaVersion = 1;

Status check_size(const YamlMap& map, const YamlNode& node, std::size_t items) {
  if (items <= kMaxAlertItems) return ok_status();
  return map.error(node, "more than " + std::to_string(kMaxAlertItems) + " items");
}

// A text or a list of texts under `key`; none when it is absent.
Status read_texts(const YamlMap& map, std::string_view key, std::vector<std::string>& out) {
  const YamlNode* node = map.node().find(key);
  if (node == nullptr) return ok_status();
  RETURN_IF_ERROR(check_size(map, *node, node->items().size()));
  ASSIGN_OR_RETURN(out, map.texts_or_none(key));
  for (const std::string& text : out) {
    if (text.empty()) return map.error(*node, "expected a text, got nothing");
    if (text.size() > kMaxAlertNameBytes) {
      return map.error(*node, "longer than " + std::to_string(kMaxAlertNameBytes) + " bytes");
    }
  }
  return ok_status();
}

Result<plan::Level> level_of(const YamlMap& map, const YamlNode& at, std::string_view text) {
  const auto level = plan::parse_level(text);
  if (level) return *level;
  return map.error(at, "'" + std::string(text) + "' is no level");
}

Status read_level_or(const YamlMap& map, std::string_view key, plan::Level& out) {
  if (!map.has(key)) return ok_status();
  ASSIGN_OR_RETURN(const std::string text, map.text(key));
  ASSIGN_OR_RETURN(out, level_of(map, *map.node().find(key), text));
  return ok_status();
}

// "path: value", "path: [values]" or "path: '*'" for any value; all must hold.
Result<AlertTests> read_tests(const YamlNode& node, std::string_view file) {
  ASSIGN_OR_RETURN(const YamlMap map, YamlMap::open(node, file, "a test"));
  if (map.node().entries().empty()) return map.error(node, "a test of nothing");
  RETURN_IF_ERROR(check_size(map, node, node.entries().size()));
  AlertTests tests;
  for (const auto& entry : map.node().entries()) {
    alert::AlertTest test;
    test.path = entry.key.text();
    RETURN_IF_ERROR(read_texts(map, test.path, test.values));
    for (std::string& value : test.values) value = folded(value);
    if (std::find(test.values.begin(), test.values.end(), "*") != test.values.end()) {
      test.values.clear();
    }
    tests.push_back(std::move(test));
  }
  return tests;
}

Status read_any(const YamlMap& map, std::string_view key, std::vector<AlertTests>& out) {
  if (!map.has(key)) return ok_status();
  ASSIGN_OR_RETURN(const auto* items, map.list(key));
  RETURN_IF_ERROR(check_size(map, *map.node().find(key), items->size()));
  for (const YamlNode& item : *items) {
    ASSIGN_OR_RETURN(AlertTests tests, read_tests(item, map.file()));
    out.push_back(std::move(tests));
  }
  return ok_status();
}

Status read_level(const YamlMap& owner, AlertLevel& out) {
  if (!owner.has("level")) return ok_status();
  ASSIGN_OR_RETURN(const YamlMap map, owner.map("level"));
  RETURN_IF_ERROR(map.only({"paths", "words", "at_least", "otherwise"}));
  RETURN_IF_ERROR(read_texts(map, "paths", out.paths));
  if (map.has("words")) {
    ASSIGN_OR_RETURN(const YamlMap words, map.map("words"));
    RETURN_IF_ERROR(check_size(words, words.node(), words.node().entries().size()));
    for (const auto& entry : words.node().entries()) {
      ASSIGN_OR_RETURN(const auto level, level_of(words, entry.value, entry.value.text()));
      out.words.emplace(folded(entry.key.text()), level);
    }
  }
  if (map.has("at_least")) {
    ASSIGN_OR_RETURN(const YamlMap bounds, map.map("at_least"));
    RETURN_IF_ERROR(check_size(bounds, bounds.node(), bounds.node().entries().size()));
    for (const auto& entry : bounds.node().entries()) {
      const auto bound = alert::whole_number(entry.key.text());
      if (!bound) return bounds.error(entry.key, "expected a whole number");
      ASSIGN_OR_RETURN(const auto level, level_of(bounds, entry.value, entry.value.text()));
      out.at_least.emplace(*bound, level);
    }
  }
  return read_level_or(map, "otherwise", out.otherwise);
}

Status read_entities(const YamlMap& owner, AlertEngine& engine) {
  if (!owner.has("entities")) return ok_status();
  ASSIGN_OR_RETURN(const YamlMap map, owner.map("entities"));
  for (const auto& entry : map.node().entries()) {
    const auto type = incident::parse_entity_type(entry.key.text());
    if (!type) return map.error(entry.key, "'" + entry.key.text() + "' is no type of entity");
    alert::AlertEntity entity;
    entity.type = *type;
    RETURN_IF_ERROR(read_texts(map, entry.key.text(), entity.paths));
    engine.entities.push_back(std::move(entity));
  }
  return ok_status();
}

Status read_speakers(const YamlMap& owner, AlertEngine& engine) {
  if (!owner.has("speakers")) return ok_status();
  ASSIGN_OR_RETURN(const YamlMap map, owner.map("speakers"));
  RETURN_IF_ERROR(check_size(map, map.node(), map.node().entries().size()));
  for (const auto& entry : map.node().entries()) {
    if (entry.key.text().empty()) return map.error(entry.key, "expected a text, got nothing");
    ASSIGN_OR_RETURN(std::string name, map.text(entry.key.text()));
    engine.speakers.emplace(entry.key.text(), std::move(name));
  }
  return ok_status();
}

Status add_tags(const YamlMap& map, std::string_view key, SignatureMeaning& meaning) {
  std::vector<std::string> names;
  RETURN_IF_ERROR(read_texts(map, key, names));
  for (const std::string& name : names) {
    if (key != "phases") {
      meaning.tags.push_back("attack." + folded(name));
      continue;
    }
    const auto phase = attack::parse_phase(name);
    if (!phase) return map.error(*map.node().find(key), "'" + name + "' is no phase");
    meaning.tags.push_back("iris." + std::string(attack::phase_info(*phase).slug));
  }
  return ok_status();
}

Result<SignatureMeaning> read_signature(const YamlNode& node, std::string_view file) {
  ASSIGN_OR_RETURN(const YamlMap map, YamlMap::open(node, file, "a signature"));
  RETURN_IF_ERROR(map.only({"match", "techniques", "tactics", "phases", "level"}));
  ASSIGN_OR_RETURN(const YamlNode* match, map.get("match"));
  SignatureMeaning meaning;
  RETURN_IF_ERROR(read_texts(map, "match", meaning.patterns));
  for (std::string& pattern : meaning.patterns) {
    const auto stars = std::count(pattern.begin(), pattern.end(), '*');
    if (static_cast<std::size_t>(stars) > kMaxAlertPatternStars) {
      return map.error(*match, "more than " + std::to_string(kMaxAlertPatternStars) + " '*'");
    }
    pattern = folded(pattern);
  }
  for (const std::string_view key : {"phases", "techniques", "tactics"}) {
    RETURN_IF_ERROR(add_tags(map, key, meaning));
  }
  if (map.has("level")) {
    plan::Level level = plan::Level::kLow;
    RETURN_IF_ERROR(read_level_or(map, "level", level));
    meaning.level = level;
  }
  return meaning;
}

Status read_signatures(const YamlMap& owner, AlertEngine& engine) {
  if (!owner.has("signatures")) return ok_status();
  ASSIGN_OR_RETURN(const auto* items, owner.list("signatures"));
  RETURN_IF_ERROR(check_size(owner, *owner.node().find("signatures"), items->size()));
  for (const YamlNode& item : *items) {
    ASSIGN_OR_RETURN(auto meaning, read_signature(item, owner.file()));
    engine.signatures.push_back(std::move(meaning));
  }
  return ok_status();
}

Status read_engine(const YamlMap& map, AlertMapping& out) {
  RETURN_IF_ERROR(map.only({"alerts", "name", "product", "when", "ignored", "time", "signature",
                            "title", "host", "own_address", "techniques", "entities", "telling",
                            "speakers", "level", "trust", "signatures", "verdict_columns"}));
  ASSIGN_OR_RETURN(const std::int64_t version, map.integer("alerts"));
  if (version != kSchemaVersion) {
    return map.error(*map.node().find("alerts"), "unknown version " + std::to_string(version));
  }
  AlertEngine engine;
  ASSIGN_OR_RETURN(engine.name, map.text("name"));
  ASSIGN_OR_RETURN(engine.product, map.text_or("product", engine.name));
  RETURN_IF_ERROR(read_any(map, "when", engine.when));
  RETURN_IF_ERROR(read_any(map, "ignored", engine.ignored));
  const std::pair<std::string_view, std::vector<std::string>*> lists[] = {
      {"time", &engine.time},
      {"signature", &engine.signature},
      {"title", &engine.title},
      {"host", &engine.host},
      {"techniques", &engine.techniques},
      {"telling", &engine.telling},
      {"own_address", &engine.own_address}};
  for (const auto& [key, list] : lists) RETURN_IF_ERROR(read_texts(map, key, *list));
  if (!engine.when.empty() && (engine.time.empty() || engine.title.empty())) {
    return map.error(map.node(), "an engine that is recognised needs 'time' and 'title'");
  }
  RETURN_IF_ERROR(read_level(map, engine.level));
  RETURN_IF_ERROR(read_level_or(map, "trust", engine.trust));
  RETURN_IF_ERROR(read_entities(map, engine));
  RETURN_IF_ERROR(read_speakers(map, engine));
  RETURN_IF_ERROR(read_signatures(map, engine));
  std::vector<std::string> verdicts;
  RETURN_IF_ERROR(read_texts(map, "verdict_columns", verdicts));
  out.verdict_columns.insert(out.verdict_columns.end(), verdicts.begin(), verdicts.end());
  std::erase_if(out.engines, [&](const AlertEngine& known) { return known.name == engine.name; });
  if (out.engines.size() >= kMaxAlertEngines) {
    return map.error(map.node(), "more than " + std::to_string(kMaxAlertEngines) + " engines");
  }
  out.engines.push_back(std::move(engine));
  return ok_status();
}

}  // namespace

Status load_alert_pack(std::string_view text, std::string_view name, AlertMapping& out) {
  ASSIGN_OR_RETURN(const auto documents, yaml::read_yaml(text, name));
  for (const yaml::YamlDocument& document : documents) {
    ASSIGN_OR_RETURN(const YamlMap map, YamlMap::open(document.root, name, "an alert pack"));
    RETURN_IF_ERROR(read_engine(map, out));
  }
  return ok_status();
}

}  // namespace catena::rules
