// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/app/scan_command.h"

// `catena rules check`: loads rules as a scan would and reports what was refused and why, which
// rules no log source mapping reaches, and which tags name nothing.
namespace catena::app {

struct RulesCheckOptions {
  std::vector<std::string> paths;
  OutputFormat format = OutputFormat::kText;
  bool strict = false;     // refused rules make the exit code 1
  bool quiet = false;      // text: only the totals
  std::string rule_cache;  // folder; "" keeps no compiled rules
  bool verbose = false;    // one line on standard error about the rule cache
  RuleInputs rule_inputs;  // pipelines and placeholders
  // Instead of what is wrong: each log source of the rules and the mapping pack that leads to it.
  bool log_sources = false;
};

// Returns the process's exit code.
int run_rules_check(const RulesCheckOptions& options);

}  // namespace catena::app
