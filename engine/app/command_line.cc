// SPDX-License-Identifier: Apache-2.0
#include "engine/app/command_line.h"

#include <cstdio>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "engine/app/attack_command.h"
#include "engine/app/bench_command_line.h"
#include "engine/app/choice_option.h"
#include "engine/app/content.h"
#include "engine/app/daemon_command_line.h"
#include "engine/app/exit_code.h"
#include "engine/app/incidents_command_line.h"
#include "engine/app/rules_command.h"
#include "engine/app/scan_command.h"
#include "engine/app/version.h"
#include "engine/pipeline/cpu_list.h"
#include "rules/sigma/correlation_parser.h"

namespace catena::app {
namespace {

constexpr std::size_t kMaxThreads = pipeline::kMaxCpus;

const std::map<std::string, OutputFormat> kFormats = {{"text", OutputFormat::kText},
                                                      {"jsonl", OutputFormat::kJsonLines}};
const std::map<std::string, plan::Level> kLevels = {{"informational", plan::Level::kInformational},
                                                    {"low", plan::Level::kLow},
                                                    {"medium", plan::Level::kMedium},
                                                    {"high", plan::Level::kHigh},
                                                    {"critical", plan::Level::kCritical}};
const std::map<std::string, FindingFormat> kFindingFormats = {{"text", FindingFormat::kText},
                                                              {"jsonl", FindingFormat::kJsonLines},
                                                              {"sarif", FindingFormat::kSarif}};
const std::map<std::string, FindingFormat> kCodeFormats = {{"text", FindingFormat::kText},
                                                           {"jsonl", FindingFormat::kJsonLines}};
const std::map<std::string, lint::Level> kFindingLevels = {{"note", lint::Level::kNote},
                                                           {"warning", lint::Level::kWarning},
                                                           {"error", lint::Level::kError}};
const std::map<std::string, std::optional<lint::Level>> kFailLevels = {
    {"never", std::nullopt},
    {"note", lint::Level::kNote},
    {"warning", lint::Level::kWarning},
    {"error", lint::Level::kError}};
// The options of every command and what to run after parsing.
struct CommandLine {
  ScanOptions scan;
  RulesCheckOptions rules;
  FindingFormat codes_format = FindingFormat::kText;
  AttackOptions attack;
  std::function<int()> run;
};

// Options of every command that loads rules.
void add_rule_cache(CLI::App* command, std::string& folder, bool& verbose) {
  folder = default_cache_folder();
  CLI::Option* named =
      command
          ->add_option("--rule-cache", folder,
                       "keep compiled rules in this folder (default: the user's cache folder)")
          ->option_text("DIR");
  command
      ->add_flag_callback(
          "--no-rule-cache", [&folder] { folder.clear(); }, "compile the rules and keep nothing")
      ->excludes(named);
  command->add_flag("-v,--verbose", verbose, "say whether the rules came from the cache");
}

void add_correlation_options(CLI::App* scan, ScanOptions& options) {
  scan->add_option_function<std::string>(
          "--lateness",
          [&options](const std::string& text) {
            if (text == "0s") {
              options.lateness = 0;
              return;
            }
            const auto seconds = sigma::parse_timespan(text);
            if (!seconds) {
              throw CLI::ValidationError("--lateness", "not a time like 30s, 5m, 1h: " + text);
            }
            options.lateness = *seconds * kNanosPerSecond;
          },
          "how much older than the newest match of its file a match may be to count in "
          "correlations (default: any; they wait for the end of the input)")
      ->option_text("TIME");
  scan->add_flag("--repeat-correlations", options.repeat_correlations,
                 "a detection for every event while a correlation holds, not only the first");
}

// What changes rules while they are compiled.
void add_rule_inputs(CLI::App* command, RuleInputs& inputs) {
  command
      ->add_option("--pipeline", inputs.pipelines,
                   "processing pipeline in pySigma's format, file or folder, may be repeated")
      ->option_text("PATH")
      ->allow_extra_args(false);
  command
      ->add_option("--placeholders", inputs.placeholders,
                   "values of placeholders as YAML, 'name: [values]', may be repeated")
      ->option_text("FILE")
      ->allow_extra_args(false);
}

void add_scan(CLI::App& app, CommandLine& line) {
  CLI::App* scan = app.add_subcommand("scan", "read log files, detect, and join into chains");
  scan->add_option("FILE", line.scan.inputs,
                   "log files, folders, or - for standard input; .evtx, .gz and .zst are read");
  scan->add_option(
          "--alerts", line.scan.alerts,
          "alerts of other engines (Wazuh, Suricata, Zeek, Falco, CSV, …), may be repeated")
      ->option_text("FILE")
      ->allow_extra_args(false);
  scan->add_option("--alert-mapping", line.scan.alert_mappings,
                   "what further engines' alerts mean, as YAML, may be repeated")
      ->option_text("FILE")
      ->allow_extra_args(false);
  scan->add_option("-r,--rules", line.scan.rule_paths,
                   "Sigma rule file or folder, may be repeated (default: the built-in rules)")
      ->option_text("PATH")
      ->allow_extra_args(false);
  scan->add_option("-s,--store", line.scan.store, "keep detections and chains in this folder")
      ->option_text("DIR");
  add_choice(scan, "--format", line.scan.format, kFormats, "output");
  scan->add_option("-j,--threads", line.scan.threads, "threads; the result is the same for any")
      ->check(CLI::Range(std::size_t{1}, kMaxThreads))
      ->option_text("N");
  scan->add_option_function<std::string>(
          "--cpus",
          [&line](const std::string& text) {
            auto cpus = pipeline::parse_cpu_list(text);
            if (!cpus.ok()) throw CLI::ValidationError("--cpus", cpus.status().message());
            line.scan.cpus = *std::move(cpus);
          },
          "bind each thread to one of these processors; alone it also sets the number of threads")
      ->option_text("LIST");
  scan->add_option_function<std::string>(
          "--fail-level",
          [&line](const std::string& text) { line.scan.fail_level = kLevels.at(text); },
          "exit with 1 when a detection has this level or a higher one")
      ->check(CLI::IsMember(kLevels))
      ->option_text("LEVEL");
  scan->add_option("--dead-letters", line.scan.dead_letter_file,
                   "write what could not be evaluated, with place and reason, as JSON lines")
      ->option_text("FILE");
  scan->add_option(
          "--event-budget", line.scan.event_budget,
          "work that the rules may ask for on one event, in nanoseconds at worst; what does "
          "not fit is a dead letter; 0: no limit")
      ->check(CLI::Range(std::uint64_t{0}, match::kMostWork))
      ->capture_default_str()
      ->option_text("N");
  scan->add_option(
          "--rule-budget", line.scan.rule_budget,
          "work that a rule may ask for on each event, on average over 4,096 events, before "
          "it is quarantined; 0: never")
      ->check(CLI::Range(std::uint64_t{0}, match::kMostWork))
      ->capture_default_str()
      ->option_text("N");
  scan->add_flag("--strict", line.scan.strict, "stop when a rule is refused");
  add_correlation_options(scan, line.scan);
  add_rule_inputs(scan, line.scan.rule_inputs);
  add_rule_cache(scan, line.scan.rule_cache, line.scan.verbose);
  scan->add_option("--attack", line.scan.attack_overlay,
                   "ATT&CK tables on top of the built-in ones (default: what was imported)")
      ->option_text("FILE");
  scan->footer(
      "Exit code: 0 done, 1 detections at or above --fail-level, 2 usage or unreadable input.\n"
      "Example:\n"
      "  catena scan --rules sigma/rules --store case-17 Security.evtx web.log.gz\n"
      "  catena scan --store case-17 --alerts eve.json --alerts alerts.json auth.log");
  scan->callback([&line] {
    if (line.scan.inputs.empty() && line.scan.alerts.empty()) {
      throw CLI::RequiredError("FILE or --alerts");
    }
    if (line.scan.attack_overlay.empty()) line.scan.attack_overlay = existing_attack_overlay();
    line.run = [&line] { return run_scan(line.scan); };
  });
}

void add_rules(CLI::App& app, CommandLine& line) {
  CLI::App* rules = app.add_subcommand("rules", "work on Sigma rules");
  rules->require_subcommand(1);
  CLI::App* check = rules->add_subcommand("check", "load rules and say what is wrong with them");
  check->add_option("PATH", line.rules.paths, "rule files or folders")->required();
  add_choice(check, "--format", line.rules.format, kFindingFormats, "output");
  add_choice(check, "--level", line.rules.level, kFindingLevels,
             "show findings of this level and worse ones; default warning");
  check
      ->add_option_function<std::string>(
          "--fail-level",
          [&line](const std::string& text) { line.rules.fail_level = kFailLevels.at(text); },
          "exit with 1 when a finding has this level or a worse one (never, note, warning, "
          "error); default error")
      ->check(CLI::IsMember(kFailLevels))
      ->option_text("LEVEL");
  check->add_flag_callback(
      "--strict", [&line] { line.rules.fail_level = lint::Level::kError; },
      "the same as --fail-level error");
  check->add_flag("--sigmahq", line.rules.sigmahq, "check SigmaHQ's conventions too");
  CLI::Option* fix = check->add_flag(
      "--fix", line.rules.fix, "make the changes that keep what the rules mean, in the files");
  check
      ->add_flag("--all-fixes", line.rules.all_fixes,
                 "with --fix: also those that change what a rule means")
      ->needs(fix);
  check->add_flag("--dry-run", line.rules.dry_run, "with --fix: show the changes, make none")
      ->needs(fix);
  check->add_flag("-q,--quiet", line.rules.quiet, "only the totals");
  check->add_flag("--logsources", line.rules.log_sources,
                  "list the rules' log sources and which mapping pack leads to each, or why none");
  add_rule_inputs(check, line.rules.rule_inputs);
  add_rule_cache(check, line.rules.rule_cache, line.rules.verbose);
  check->footer(
      "A comment '# catena: allow CODE' on a line, or alone above it, allows a finding there.\n"
      "Exit code: 0 done, 1 findings at or above --fail-level, 2 usage or unreadable input.\n"
      "Example:\n  catena rules check --level note --fail-level warning my-rules/\n"
      "  catena rules check --logsources sigma/rules");
  check->callback([&line] { line.run = [&line] { return run_rules_check(line.rules); }; });
  CLI::App* codes = rules->add_subcommand("codes", "list what `rules check` can find");
  add_choice(codes, "--format", line.codes_format, kCodeFormats, "output");
  codes->footer("Example:\n  catena rules codes");
  codes->callback([&line] { line.run = [&line] { return run_rules_codes(line.codes_format); }; });
}

void add_attack(CLI::App& app, CommandLine& line) {
  CLI::App* attack = app.add_subcommand("attack", "the MITRE ATT&CK and X-Force IRIS tables");
  attack->require_subcommand(1);
  CLI::App* show = attack->add_subcommand("show", "what a technique, tactic or phase is");
  show->add_option("ID", line.attack.id, "T1003.001, TA0006, stealth, E3, …")->required();
  show->footer("Example:\n  catena attack show T1003.001");
  show->callback([&line] { line.run = [&line] { return run_attack_show(line.attack); }; });
  CLI::App* import =
      attack->add_subcommand("import", "take techniques and tactics from a STIX bundle");
  import->add_option("BUNDLE", line.attack.bundle, "enterprise-attack.json, plain or .gz")
      ->required();
  import
      ->add_option("-o,--output", line.attack.output,
                   "where to keep the tables (default: the user's data folder)")
      ->option_text("FILE");
  import->footer("Example:\n  catena attack import enterprise-attack-19.1.json");
  import->callback([&line] { line.run = [&line] { return run_attack_import(line.attack);
};
}  // namespace
);
}  // namespace catena::app

}  // namespace

int run_command_line(int argc, char** argv) {
  CommandLine line;
  CLI::App app("Catena finds attacks in logs with Sigma rules and tells them as incident chains.",
               "catena");
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  add_scan(app, line);
  const auto incidents = add_incidents(app, line.run);
  add_rules(app, line);
  add_attack(app, line);
  const auto bench = add_bench(app, line.run);
  const auto daemon = add_daemon_commands(app, line.run);
  CLI::App* version = app.add_subcommand("version", "what this program is made of");
  version->callback([&line] { line.run = [] { return run_version(); }; });
  app.footer("Each command explains itself: catena scan --help");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Help is a success; everything else is wrong usage, whatever CLI11's own code says.
    return app.exit(error) == 0 ? kExitOk : kExitError;
  }
  return line.run();
}

}  // namespace catena::app
