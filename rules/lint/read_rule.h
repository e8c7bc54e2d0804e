// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/event/field_catalog.h"
#include "engine/event/log_source.h"
#include "engine/plan/predicate.h"
#include "rules/compile/compile_options.h"
#include "rules/sigma/rule.h"
#include "rules/yaml/yaml_node.h"

// ReadRule is a rule as far as it can be read: where the rule parser stops at the first problem,
// this one notes it and goes on, so that a refused rule gets all its findings at once. It is for
// checks only; what runs is compiled by rules/compile.
// Thread safety: none while it is read, const afterwards. The YAML tree must outlive it.
// Cost: that of parsing and compiling the rule once.
namespace catena::lint {

struct ReadItem {
  sigma::DetectionItem item;
  // What each value becomes, all its variants; as many as item.values. Empty for a value that its
  // modifiers cannot take.
  std::vector<std::vector<plan::Predicate>> tests;
  bool is_complete = false;  // every value could be read
};

struct ReadIdentifier {
  std::string name;
  sigma::Place place;
  std::vector<std::vector<ReadItem>> alternatives;  // OR of ANDs
  bool is_complete = false;
  // How conditions use it; both may hold.
  bool is_asserted = false;
  bool is_negated = false;
};

struct ReadCondition {
  const yaml::YamlNode* node = nullptr;
  sigma::Condition condition;
  bool is_resolved = false;
};

struct ReadRule {
  LogSourceSelector log_source;
  std::vector<ReadIdentifier> identifiers;
  std::vector<ReadCondition> conditions;
  std::vector<sigma::RuleProblem> problems;  // each would be a refusal
  std::unique_ptr<FieldCatalog> fields;      // numbers the fields of the predicates
};

// Reads the log source of `root` and the detection in `detection` (a rule's "detection", a filter's
// "filter" without its "rules").
[[nodiscard]] ReadRule read_rule(const yaml::YamlNode& root, const yaml::YamlNode& detection,
                                 const compile::CompileOptions& options);

}  // namespace catena::lint
