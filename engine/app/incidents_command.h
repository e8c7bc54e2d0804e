// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "engine/app/scan_command.h"
#include "engine/casework/decision.h"
#include "engine/incident/chain.h"
#include "engine/report/report.h"

// `catena incidents`: what a store holds. Reads only.
namespace catena::app {

struct IncidentsOptions {
  std::string store;
  OutputFormat format = OutputFormat::kText;
  incident::Severity min_severity = incident::Severity::kLow;  // list
  std::optional<casework::CaseState> state;                    // list: only these
  std::size_t limit = 0;                                       // list; 0: no limit
  std::string id;              // show: 32 hexadecimal digits, or enough of them to be unique
  std::string other_id;        // why-not: the second one
  std::string attack_overlay;  // show, export, advise
  std::vector<std::string> rule_paths;  // advise, export: whose rules are counted
  report::ReportFormat report = report::ReportFormat::kHtml;  // export
  std::string output;                                         // export; "" for standard output
  bool why = false;  // show: also what the ranking and the phases are made of
};

// One line a chain, the newest first. Returns the process's exit code.
int run_incidents_list(const IncidentsOptions& options);

// One chain as a page, or as JSON lines: the chain, then its detections in step order.
int run_incidents_show(const IncidentsOptions& options);

// One chain in the form that another program, a ticket or a browser reads.
int run_incidents_export(const IncidentsOptions& options);

// What to do about one chain, what is missing in it, and who is known to work so.
int run_incidents_advise(const IncidentsOptions& options);

// Why two chains, or the chains of two detections, are two.
int run_incidents_why_not(const IncidentsOptions& options);

}  // namespace catena::app
