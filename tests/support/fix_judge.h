// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "engine/plan/rule_set_builder.h"
#include "rules/compile/rule_loader.h"

// Judges a fix by what the product compiles, not by what the fixer believes: two texts of a rule
// file are the same program when every rule has the same expression over the same predicates.
namespace catena::test {

// Everything that decides what the rules of a text match, but for ids (a rule without one is named
// by its bytes); "refused" when a rule is.
inline std::string program_of(std::string_view text) {
  FieldCatalog fields;
  compile::RuleLoader loader(fields);
  loader.add_text(text, "r.yml");
  const auto rules = loader.finish();
  if (!rules.ok() || !loader.report().refused.empty()) return "refused";
  std::string program;
  for (const plan::Predicate& predicate : rules->predicates) {
    program += predicate_key(predicate, fields) + "\n";
  }
  for (const plan::Node& node : rules->nodes) {
    program += std::to_string(static_cast<int>(node.kind)) + "," + std::to_string(node.first) +
               "," + std::to_string(node.count) + ";";
  }
  for (const plan::NodeIndex child : rules->children) program += std::to_string(child) + " ";
  for (const plan::Rule& rule : rules->rules) {
    program += "\n" + rule.title + " " + std::string(level_name(rule.level)) + " " +
               rule.log_source.to_string() + " " + std::to_string(rule.root);
  }
  return program;
}

}  // namespace catena::test
