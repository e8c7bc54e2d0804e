// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/app/content.h"
#include "rules/findings/finding.h"

// `catena rules check`: the rule author's linter. Loads rules as a scan would and reports what was
// refused and why, what is probably not what was meant, and which rules no log source mapping
// reaches; puts right what can be put right.
namespace catena::app {

enum class FindingFormat : std::uint8_t { kText, kJsonLines, kSarif };

struct RulesCheckOptions {
  std::vector<std::string> paths;
  FindingFormat format = FindingFormat::kText;
  lint::Level level = lint::Level::kWarning;  // lesser findings are counted, not shown
  // A finding of this level or a worse one makes the exit code 1; nullopt: none does.
  std::optional<lint::Level> fail_level = lint::Level::kError;
  bool sigmahq = false;    // SigmaHQ's conventions too
  bool fix = false;        // apply safe fixes to the files
  bool all_fixes = false;  // and those that change what a rule means
  bool dry_run = false;    // show the changes instead
  bool quiet = false;      // text: only the totals
  std::string rule_cache;  // folder; "" keeps no compiled rules
  bool verbose = false;    // one line on standard error about the rule cache
  RuleInputs rule_inputs;  // pipelines and placeholders
  // Instead of what is wrong: each log source of the rules and the mapping pack that leads to it.
  bool log_sources = false;
};

// Returns the process's exit code.
int run_rules_check(const RulesCheckOptions& options);
// Lists the codes of findings. kText or kJsonLines.
int run_rules_codes(FindingFormat format);

}  // namespace catena::app
