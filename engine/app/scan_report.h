// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "connectors/evtx/findings.h"
#include "engine/app/alert_intake.h"
#include "engine/app/terminal.h"
#include "engine/base/json_writer.h"
#include "engine/event/event_batch.h"
#include "engine/event/log_source.h"
#include "engine/incident/chain.h"
#include "engine/pipeline/correlation_stage.h"
#include "engine/plan/rule_set.h"

// ScanReport counts what a scan saw and prints the closing summary, for people or for programs.
// It decides nothing. Thread safety: none.
namespace catena::app {

struct ScanReport {
  struct DeadLetterCount {
    std::uint64_t count = 0;
    std::string first_place;  // "file:line"
  };
  struct RuleCount {
    std::string title;
    plan::Level level = plan::Level::kInformational;
    std::uint64_t count = 0;
    std::string first_place;
  };

  struct QuarantinedRule {
    std::string id;
    std::string title;
    std::uint64_t work_per_event = 0;
    std::uint64_t after_events = 0;
  };

  std::uint64_t evaluated = 0;
  std::uint64_t bytes = 0;
  double seconds = 0;
  AlertCounts alerts;
  std::map<LogSourceId, std::uint64_t> by_log_source;
  std::array<DeadLetterCount, kDeadLetterReasonCount> dead_letters{};
  std::uint64_t detections = 0;      // found in this run, each once
  std::uint64_t new_detections = 0;  // of these, not in the store before
  std::array<std::uint64_t, 5> by_level{};
  std::map<std::string, RuleCount> by_rule;  // rule id
  std::uint64_t rules_loaded = 0;            // correlations included
  std::uint64_t rules_refused = 0;
  std::uint64_t rules_unmapped = 0;          // loaded, but no log source mapping leads to them
  std::vector<QuarantinedRule> quarantined;  // in the order in which it happened
  std::uint64_t sources_failed = 0;
  pipeline::CorrelationStage::Counters correlations;
  std::map<Id128, incident::Chain> chains;  // new or changed in this run
  evtx::Findings event_logs;                // about Windows event log files
  std::vector<std::string> source_names;    // what `event_logs` counts by number

  [[nodiscard]] std::uint64_t dead_letter_total() const noexcept;
  [[nodiscard]] std::uint64_t events() const noexcept { return evaluated + dead_letter_total(); }

  // The last line of `--format jsonl` (kind "summary").
  [[nodiscard]] std::string json(const LogSourceCatalog& log_sources) const;
  // The closing page of `--format text`.
  [[nodiscard]] std::string text(const LogSourceCatalog& log_sources, const TextStyle& style) const;

 private:
  void write_evtx(JsonWriter& json) const;
  [[nodiscard]] std::string evtx_text(const TextStyle& style) const;
};

// "windows process_creation (sysmon)": how a log source is named in reports.
[[nodiscard]] std::string log_source_name(const LogSource& log_source);

// Chains by score, then newest, then id; at most `limit`.
[[nodiscard]] std::vector<const incident::Chain*> top_chains(
    const std::map<Id128, incident::Chain>& chains, std::size_t limit);

}  // namespace catena::app
