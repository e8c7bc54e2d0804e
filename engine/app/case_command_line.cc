// SPDX-License-Identifier: Apache-2.0
#include "engine/app/case_command_line.h"

#include <map>
#include <string>

#include <CLI/CLI.hpp>

#include "engine/app/choice_option.h"

namespace catena::app {
namespace {

using Run = std::function<int()>;

const std::map<std::string, OutputFormat> kFormats = {{"text", OutputFormat::kText},
                                                      {"jsonl", OutputFormat::kJsonLines}};
const std::map<std::string, std::optional<casework::CaseState>> kStates = {
    {"open", casework::CaseState::kOpen},
    {"acknowledged", casework::CaseState::kAcknowledged},
    {"contained", casework::CaseState::kContained},
    {"resolved", casework::CaseState::kResolved},
    {"false-positive", casework::CaseState::kFalsePositive}};

CLI::App* add_command(CLI::App* incidents, const std::string& name, const std::string& about,
                      CaseOptions& options, Run& run, int (*command_run)(const CaseOptions&)) {
  CLI::App* command = incidents->add_subcommand(name, about);
  command->add_option("-s,--store", options.store, "the folder given to scan --store")
      ->required()
      ->option_text("DIR");
  command
      ->add_option("ID", options.id, "the chain's id, enough of its first digits, or a step's id")
      ->required();
  command->callback([&options, &run, command_run] {
    run = [&options, command_run] { return command_run(options); };
  });
  return command;
}

// Who and when: every decision says it.
void add_attribution(CLI::App* command, CaseOptions& options, bool with_note) {
  options.author = default_author();
  CLI::Option* by =
      command->add_option("--by", options.author, "who decides (default: who runs this program)");
  by->option_text("NAME");
  if (options.author.empty()) by->required();
  command->add_option("--at", options.time, "when it was decided (default: now)")
      ->option_text("TIME");
  if (with_note) command->add_option("--note", options.note, "why")->option_text("TEXT");
}

void add_decisions(CLI::App* incidents, CaseOptions& options, Run& run) {
  CLI::App* mark =
      add_command(incidents, "mark", "say what has become of a chain", options, run, run_case_mark);
  add_choice(mark, "--state", options.state, kStates, "its state from now on");
  add_attribution(mark, options, true);
  mark->footer(
      "Example:\n  catena incidents mark 3f2a9c --state contained --note \"isolated\" "
      "--store case-17");
  CLI::App* note =
      add_command(incidents, "note", "write something to a chain", options, run, run_case_note);
  note->add_option("TEXT", options.note, "what to write")->required();
  add_attribution(note, options, false);
  note->footer("Example:\n  catena incidents note 3f2a9c \"ana asked the owner\" --store case-17");
  CLI::App* cut = add_command(incidents, "cut", "steps that do not belong become a chain", options,
                              run, run_case_cut);
  cut->add_option("--step", options.steps, "a step's id, or its first digits; may be repeated")
      ->required()
      ->option_text("ID")
      ->allow_extra_args(false);
  add_attribution(cut, options, true);
  cut->footer("Example:\n  catena incidents cut 3f2a9c --step 77b01d --store case-17");
  CLI::App* merge =
      add_command(incidents, "merge", "two chains are one", options, run, run_case_merge);
  merge->add_option("OTHER", options.other_id, "the other chain, or a step's id")->required();
  add_attribution(merge, options, true);
  merge->footer("Example:\n  catena incidents merge 3f2a9c 77b01d --store case-17");
}

}  // namespace

std::shared_ptr<CaseOptions> add_case_commands(CLI::App* incidents, Run& run) {
  auto options = std::make_shared<CaseOptions>();
  add_decisions(incidents, *options, run);
  CLI::App* history = add_command(incidents, "history", "what was decided about a chain", *options,
                                  run, run_case_history);
  add_choice(history, "--format", options->format, kFormats, "output");
  history->footer("Example:\n  catena incidents history 3f2a9c --store case-17");
  CLI::App* filter = add_command(incidents, "filter", "a false positive as Sigma filters", *options,
                                 run, run_case_filter);
  filter->add_option("-o,--output", options->output, "write here instead of standard output")
      ->option_text("FILE");
  filter->footer("Example:\n  catena incidents filter 3f2a9c -o filter.yml --store case-17");
  return options;
}

}  // namespace catena::app
