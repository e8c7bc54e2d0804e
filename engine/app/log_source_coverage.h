// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/app/scan_command.h"
#include "engine/base/result.h"
#include "engine/event/log_source.h"
#include "engine/plan/rule_set.h"

// Which log sources a rule set asks for, and whether some event can have them.
// Thread safety: pure functions. Cost: the mapping is compiled once for each pack.
namespace catena::app {

struct CoveredLogSource {
  LogSourceSelector log_source;
  std::size_t rules = 0;
  std::string pack;    // the first mapping pack that leads to it; "" when none does
  std::string reason;  // why none does
};

// In the order of their names.
Result<std::vector<CoveredLogSource>> log_source_coverage(const plan::RuleSet& rules);

// `catena rules check --logsources`. Returns the process's exit code.
int print_log_sources(const plan::RuleSet& rules, OutputFormat format);

}  // namespace catena::app
