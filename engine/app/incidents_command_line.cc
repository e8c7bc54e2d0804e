// SPDX-License-Identifier: Apache-2.0
#include "engine/app/incidents_command_line.h"

#include <map>
#include <string>

#include <CLI/CLI.hpp>

#include "engine/app/case_command_line.h"
#include "engine/app/choice_option.h"
#include "engine/app/content.h"

namespace catena::app {
namespace {

using Run = std::function<int()>;

const std::map<std::string, OutputFormat> kFormats = {{"text", OutputFormat::kText},
                                                      {"jsonl", OutputFormat::kJsonLines}};
const std::map<std::string, incident::Severity> kSeverities = {
    {"low", incident::Severity::kLow},
    {"medium", incident::Severity::kMedium},
    {"high", incident::Severity::kHigh},
    {"critical", incident::Severity::kCritical}};
const std::map<std::string, std::optional<casework::CaseState>> kStates = {
    {"open", casework::CaseState::kOpen},
    {"acknowledged", casework::CaseState::kAcknowledged},
    {"contained", casework::CaseState::kContained},
    {"resolved", casework::CaseState::kResolved},
    {"false-positive", casework::CaseState::kFalsePositive}};
const std::map<std::string, report::ReportFormat> kReportFormats = {
    {"jsonl", report::ReportFormat::kJsonLines},
    {"markdown", report::ReportFormat::kMarkdown},
    {"html", report::ReportFormat::kHtml},
    {"stix", report::ReportFormat::kStix},
    {"attack-flow", report::ReportFormat::kAttackFlow},
    {"ocsf", report::ReportFormat::kOcsf},
    {"navigator", report::ReportFormat::kNavigator}};

// A subcommand on a store; `command_run` runs when it was chosen.
CLI::App* add_command(CLI::App* incidents, const std::string& name, const std::string& about,
                      IncidentsOptions& options, Run& run,
                      int (*command_run)(const IncidentsOptions&)) {
  CLI::App* command = incidents->add_subcommand(name, about);
  command->add_option("-s,--store", options.store, "the folder given to scan --store")
      ->required()
      ->option_text("DIR");
  command->callback([&options, &run, command_run] {
    options.attack_overlay = existing_attack_overlay();
    run = [&options, command_run] { return command_run(options); };
  });
  return command;
}

void add_id(CLI::App* command, IncidentsOptions& options) {
  command->add_option("ID", options.id, "the chain's id, or enough of its first digits")
      ->required();
}

void add_rules(CLI::App* command, IncidentsOptions& options, const std::string& about) {
  command->add_option("-r,--rules", options.rule_paths, about)
      ->option_text("PATH")
      ->allow_extra_args(false);
}

void add_list_and_show(CLI::App* incidents, IncidentsOptions& options, Run& run) {
  CLI::App* list = add_command(incidents, "list", "one line a chain, the newest first", options,
                               run, run_incidents_list);
  add_choice(list, "--format", options.format, kFormats, "output");
  add_choice(list, "--min-severity", options.min_severity, kSeverities, "leave out lesser chains");
  add_choice(list, "--state", options.state, kStates, "only chains in this state");
  list->add_option("--limit", options.limit, "at most so many lines")->option_text("N");
  list->footer("Example:\n  catena incidents list --store case-17 --min-severity high");
  CLI::App* show =
      add_command(incidents, "show", "one chain, step by step", options, run, run_incidents_show);
  add_id(show, options);
  add_choice(show, "--format", options.format, kFormats, "output");
  show->add_flag("--why", options.why,
                 "also every factor of the score, and what the inferred phases rest on");
  show->footer("Example:\n  catena incidents show 3f2a9c --why --store case-17");
}

void add_export(CLI::App* incidents, IncidentsOptions& options, Run& run) {
  CLI::App* command =
      add_command(incidents, "export", "one chain for a browser, a ticket or another program",
                  options, run, run_incidents_export);
  add_id(command, options);
  add_choice(command, "--format", options.report, kReportFormats, "form; default html");
  command->add_option("-o,--output", options.output, "write here instead of standard output")
      ->option_text("FILE");
  add_rules(command, options,
            "count these rules where phases are missing; file or folder, may be repeated");
  command->footer(
      "Example:\n  catena incidents export 3f2a9c --format html -o incident.html "
      "--store case-17");
}

void add_advise(CLI::App* incidents, IncidentsOptions& options, Run& run) {
  CLI::App* command =
      add_command(incidents, "advise", "what to do now, what is missing, who works like this",
                  options, run, run_incidents_advise);
  add_id(command, options);
  add_choice(command, "--format", options.format, kFormats, "output");
  add_rules(command, options,
            "the rules that were loaded (default: the built-in ones), may be repeated");
  command->footer("Example:\n  catena incidents advise 3f2a9c --rules sigma/rules --store case-17");
}

void add_why_not(CLI::App* incidents, IncidentsOptions& options, Run& run) {
  CLI::App* command = add_command(incidents, "why-not", "why two chains are two", options, run,
                                  run_incidents_why_not);
  command->add_option("A", options.id, "a chain's or a detection's id")->required();
  command->add_option("B", options.other_id, "another one")->required();
  command->footer("Example:\n  catena incidents why-not 3f2a9c 77b01d --store case-17");
}

}  // namespace

std::shared_ptr<IncidentsOptions> add_incidents(CLI::App& app, Run& run) {
  auto options = std::make_shared<IncidentsOptions>();
  CLI::App* incidents = app.add_subcommand("incidents", "the chains that a store holds");
  incidents->require_subcommand(1);
  add_list_and_show(incidents, *options, run);
  add_export(incidents, *options, run);
  add_advise(incidents, *options, run);
  add_why_not(incidents, *options, run);
  // Both live as long as what is returned.
  struct Both {
    std::shared_ptr<IncidentsOptions> reading;
    std::shared_ptr<CaseOptions> deciding;
  };
  const auto both = std::make_shared<Both>(Both{options, add_case_commands(incidents, run)});
  return {both, both->reading.get()};
}

}  // namespace catena::app
