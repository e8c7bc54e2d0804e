// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/app/content.h"
#include "engine/event/timestamp.h"
#include "engine/match/rule_quarantine.h"
#include "engine/match/work_limits.h"
#include "engine/plan/rule_set.h"

// `catena scan`: reads log files to their end, runs the rules on every event, joins what was found
// into chains, keeps it in a store if one is given, and reports.
namespace catena::app {

enum class OutputFormat : std::uint8_t { kText, kJsonLines };

struct ScanOptions {
  std::vector<std::string> inputs;  // files, folders (read recursively), "-" for standard input
  std::vector<std::string> alerts;  // files of other engines' alerts, or "-"
  std::vector<std::string> alert_mappings;  // alert packs in front of the built-in ones
  std::vector<std::string> rule_paths;      // empty: the built-in starter rules
  std::string store;                        // folder; "" keeps nothing
  OutputFormat format = OutputFormat::kText;
  std::size_t threads = 0;     // 0: one for each of `cpus`, or one
  std::vector<unsigned> cpus;  // worker i is bound to cpus[i % size]; empty: where the system likes
  // Work that one event may ask for, and a rule an event on average (engine/match/work_limits.h,
  // rule_quarantine.h); 0: no limit.
  std::uint64_t event_budget = match::WorkLimits().event;
  std::uint64_t rule_budget = match::QuarantineLimits().work_per_event;
  std::optional<plan::Level> fail_level;
  bool strict = false;           // a refused rule is an error
  std::string dead_letter_file;  // JSON lines of what was refused; "" for none
  std::string attack_overlay;
  // How late an event may be for correlations; nullopt: they wait for the end of the input.
  std::optional<Timestamp> lateness;
  bool repeat_correlations = false;  // as if every correlation rule had `repeat`
  std::string rule_cache;            // folder; "" keeps no compiled rules
  bool verbose = false;              // one line on standard error about the rule cache
  RuleInputs rule_inputs;            // pipelines and placeholders
};

// Runs to the end and returns the process's exit code; errors go to standard error, one line each.
int run_scan(const ScanOptions& options);

}  // namespace catena::app
