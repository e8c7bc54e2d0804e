// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/attack/attack_catalog.h"
#include "engine/base/result.h"
#include "engine/event/field_catalog.h"
#include "engine/incident/entity_extractor.h"
#include "engine/lineage/observer.h"
#include "engine/match/scanner_cache.h"
#include "engine/normalise/normalisation_table.h"
#include "engine/pipeline/evaluator.h"
#include "engine/plan/rule_set.h"
#include "rules/compile/rule_corpus.h"
#include "rules/lint/taxonomy.h"

// Content is everything that is loaded before the first event: field names, mappings, rules, ATT&CK
// tables. The packs of rules/packs are inside the binary; files on disk add to them.
// Lifetime: members refer to each other, so it lives behind a pointer and does not move.
// Thread safety: const after load().
namespace catena::app {

// Files that say how rules are changed while they are compiled.
struct RuleInputs {
  std::vector<std::string> pipelines;     // processing pipelines: files and folders
  std::vector<std::string> placeholders;  // values of placeholders: files
};

struct ContentOptions {
  // Rule files and folders; empty: the starter rules that are built in.
  std::vector<std::string> rule_paths;
  // ATT&CK tables on top of the built-in ones (`catena attack import`); "" for none.
  std::string attack_overlay;
  // For parsing rules; what is loaded is the same for any number.
  std::size_t threads = 1;
  // Where compiled rules are kept for the next start (rules/compile/rule_corpus.h); "" for nowhere.
  std::string cache_folder;
  // What is done to rules while they are compiled.
  RuleInputs inputs = {};
};

struct Content {
  // Compiled scanners from earlier starts; nullptr without a cache folder.
  std::unique_ptr<match::ScannerCache> scanners;
  FieldCatalog fields;
  incident::EntityExtractor entities{fields};
  lineage::Observer lineage{fields};
  std::unique_ptr<normalise::NormalisationTable> mapping;
  plan::RuleSet rules;
  compile::LoadReport rule_report;
  std::string cache_note;  // what became of the cache of compiled rules
  attack::AttackCatalog attack;

  // All of it, for who evaluates events; must not outlive the content.
  [[nodiscard]] pipeline::Detectors detectors() const {
    return {rules, *mapping, fields, entities, lineage, attack, scanners.get()};
  }

  static Result<std::unique_ptr<Content>> load(const ContentOptions& options);
};

// The mapping packs that are built in, as one definition: all of them, or the first `packs`.
Result<normalise::MappingDefinition> built_in_mapping(std::size_t packs = SIZE_MAX);

// The built-in ATT&CK tables and, if `overlay` is not empty, that file on top.
Result<attack::AttackCatalog> load_attack(const std::string& overlay);

// What `catena rules check` knows of fields: the built-in taxonomy and mapping packs.
Result<lint::Taxonomy> load_taxonomy();

// Where `catena attack import` keeps its tables: $XDG_DATA_HOME/catena/attack.tsv, or the same
// below
// ~/.local/share. "" when neither is known.
std::string attack_overlay_path();
// The same, but "" when there is no such file.
std::string existing_attack_overlay();

// Where compiled rules are kept unless the user says otherwise: $XDG_CACHE_HOME/catena, or
// ~/.cache/catena. "" when neither is known.
std::string default_cache_folder();

}  // namespace catena::app
