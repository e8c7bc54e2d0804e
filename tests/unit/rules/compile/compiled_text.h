// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "rules/compile/rule_loader.h"
#include "tests/unit/rules/compile/rule_set_text.h"

// What a rule compiles to, as text: the tests of this folder are tables of YAML and such texts.
namespace catena::compile {

inline std::string rule_with(std::string_view detection) {
  return "title: t\nlogsource: {product: windows}\nlevel: low\ndetection:\n" +
         std::string(detection);
}

// The expression of a rule, or its first refusal ("line:column: message [code]").
inline std::string compiled(const std::string& rule, const CompileOptions& options = {}) {
  FieldCatalog catalog;
  RuleLoader loader(catalog, options);
  loader.add_text(rule, "r");
  if (!loader.report().refused.empty()) {
    const sigma::Diagnostic& refusal = loader.report().refused.front();
    return std::to_string(refusal.place.line) + ":" + std::to_string(refusal.place.column) + ": " +
           refusal.message + " [" + std::string(sigma::diagnostic_code_name(refusal.code)) + "]";
  }
  const auto set = loader.finish();
  if (!set.ok()) return set.status().message();
  if (set->rules.empty()) return "no rule";
  return node_text(*set, set->rules[0].root, catalog);
}

// One search identifier "s" with one item, whose key is at line 6, column 5.
inline std::string item(const std::string& yaml, const CompileOptions& options = {}) {
  return compiled(rule_with("  s:\n    " + yaml + "\n  condition: s\n"), options);
}

struct Vector {
  const char* yaml;
  const char* expected;
};

}  // namespace catena::compile
