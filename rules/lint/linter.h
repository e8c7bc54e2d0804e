// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/attack/attack_catalog.h"
#include "rules/compile/compile_options.h"
#include "rules/compile/rule_loader.h"
#include "rules/compile/rule_sources.h"
#include "rules/findings/finding.h"
#include "rules/findings/source_text.h"
#include "rules/lint/read_rule.h"
#include "rules/lint/taxonomy.h"
#include "rules/yaml/yaml_node.h"

// Linter says what a rule author should know of rule files: it runs every check over every
// document, compares the files with each other, and puts the loader's refusals into the same list.
// It loads nothing and changes nothing.
// Call protocol: add() for each file in order, merge() at most once, take() last.
// Thread safety: none. Ownership: sources, catalog and taxonomy must outlive it.
// Cost: about that of loading the rules without a cache, three times.
namespace catena::lint {

struct LintOptions {
  bool with_conventions = false;  // SigmaHQ's
  compile::CompileOptions compile;
};

class Linter {
 public:
  Linter(LintOptions options, const attack::AttackCatalog& attack, const Taxonomy& taxonomy)
      : options_(std::move(options)), attack_(attack), taxonomy_(taxonomy) {}

  void add(const compile::RuleSource& source);
  // The loader's refusals become findings; those that a check has found too are marked as refusals.
  // The loader's own hints (code "lint") are dropped: the checks say them better.
  void merge(const compile::LoadReport& report);
  // All findings in the order of files and places, suppressed ones included.
  [[nodiscard]] std::vector<Finding> take();

 private:
  void check(std::string_view file, const SourceText& text, const yaml::YamlDocument& document,
             bool is_only, std::vector<Finding>& findings);
  void compare(std::string_view file, const SourceText& text, const yaml::YamlNode& root,
               const ReadRule& rule, std::vector<Finding>& findings);
  void merge_one(const sigma::Diagnostic& diagnostic);

  LintOptions options_;
  const attack::AttackCatalog& attack_;
  const Taxonomy& taxonomy_;
  std::map<std::string, std::vector<Finding>, std::less<>> findings_;  // by file
  std::map<std::string, std::string_view, std::less<>> texts_;         // by file
  std::map<std::string, std::string> places_by_logic_;                 // "file:line"
  std::map<std::string, std::string> places_by_title_;
};

}  // namespace catena::lint
