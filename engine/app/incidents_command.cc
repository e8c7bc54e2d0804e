// SPDX-License-Identifier: Apache-2.0
#include "engine/app/incidents_command.h"

#include <algorithm>
#include <cstdio>
#include <fstream>

#include "engine/app/advice_text.h"
#include "engine/app/case_command.h"
#include "engine/app/chain_reasons.h"
#include "engine/app/chain_text.h"
#include "engine/app/content.h"
#include "engine/app/exit_code.h"
#include "engine/app/join_reasons.h"
#include "engine/app/terminal.h"
#include "engine/app/told_story.h"
#include "engine/app/version.h"
#include "engine/incident/json_lines.h"

namespace catena::app {
namespace {

using incident::Chain;
using incident::Detection;

int finish(const Status& status) {
  if (!status.ok()) {
    std::fprintf(stderr, "catena: %s\n", printable(status.message()).c_str());
    return kExitError;
  }
  return std::fflush(stdout) == 0 ? kExitOk : kExitError;
}

void print(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

Status list(const IncidentsOptions& options) {
  ASSIGN_OR_RETURN(const auto store, open_cases(options.store));
  const TextStyle style = detect_style(1);
  if (options.format == OutputFormat::kText) print(chain_list_heading(style, true));
  std::size_t shown = 0;
  Status status = ok_status();
  RETURN_IF_ERROR(store->for_each_chain([&](const Chain& chain) {
    if (chain.severity < options.min_severity) return true;
    const auto state = store->state_of(chain);
    if (!state.ok()) {
      status = state.status();
      return false;
    }
    if (options.state && *options.state != *state) return true;
    const std::string_view name = casework::case_state_name(*state);
    print(options.format == OutputFormat::kText ? chain_list_line(chain, name, style)
                                                : incident::chain_json(chain, name) + "\n");
    ++shown;
    return options.limit == 0 || shown < options.limit;
  }));
  return status;
}

Status show(const IncidentsOptions& options) {
  ASSIGN_OR_RETURN(const auto store, open_cases(options.store));
  ASSIGN_OR_RETURN(const report::Story story, load_story(*store, options.id));
  const Chain& chain = story.chain;
  ChainCase known;
  ASSIGN_OR_RETURN(known.decisions, store->decisions_of(chain));
  ASSIGN_OR_RETURN(known.state, store->state_of(chain));
  const auto& detections = story.detections;
  if (options.format == OutputFormat::kText) {
    ASSIGN_OR_RETURN(const auto attack, load_attack(options.attack_overlay));
    const TextStyle style = detect_style(1);
    print(chain_page(report::StoryView(story, attack), known, style));
    if (options.why) print(chain_reasons(chain, detections, attack, style));
    return ok_status();
  }
  const attack::AttackCatalog unused;
  print(
      report::write_report(report::StoryView(story, unused), report::ReportFormat::kJsonLines, {}));
  return ok_status();
}

// Guidance points into `defence`.
Result<report::Guidance> guidance_for(const IncidentsOptions& options,
                                      const pipeline::IncidentStore& store,
                                      const report::Story& story,
                                      const attack::AttackCatalog& attack,
                                      const attack::DefenceCatalog& defence, bool count_rules) {
  report::GuidanceInputs inputs{defence, nullptr, {}};
  ASSIGN_OR_RETURN(inputs.quiet, quiet_sources(store, story));
  std::map<std::string, std::size_t> rules;
  if (count_rules) {
    ASSIGN_OR_RETURN(rules, rules_by_technique(options.rule_paths, attack));
    inputs.rules = &rules;
  }
  return report::guide(report::StoryView(story, attack), std::move(inputs));
}

Status advise(const IncidentsOptions& options) {
  ASSIGN_OR_RETURN(const auto store, open_cases(options.store));
  ASSIGN_OR_RETURN(const report::Story story, load_story(*store, options.id));
  ASSIGN_OR_RETURN(const auto attack, load_attack(options.attack_overlay));
  ASSIGN_OR_RETURN(const auto defence, load_defence(attack));
  ASSIGN_OR_RETURN(const auto guidance,
                   guidance_for(options, *store, story, attack, defence, true));
  const report::StoryView view(story, attack);
  print(options.format == OutputFormat::kText ? advice_page(view, guidance, detect_style(1))
                                              : report::guidance_json(view, guidance) + "\n");
  return ok_status();
}

Status export_report(const IncidentsOptions& options) {
  ASSIGN_OR_RETURN(const auto store, open_cases(options.store));
  ASSIGN_OR_RETURN(const report::Story story, load_story(*store, options.id));
  ASSIGN_OR_RETURN(const auto attack, load_attack(options.attack_overlay));
  ASSIGN_OR_RETURN(const auto defence, load_defence(attack));
  ASSIGN_OR_RETURN(const auto guidance, guidance_for(options, *store, story, attack, defence,
                                                     !options.rule_paths.empty()));
  const report::StoryView view(story, attack);
  const std::string text = report::write_report(view, options.report, {version_text(), &guidance});
  if (options.output.empty()) {
    print(text);
    return ok_status();
  }
  std::ofstream file(options.output, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  return file.good() ? ok_status() : io_error(options.output + ": cannot be written");
}

// The chain with this id, or the chain of the detection with this id.
Result<report::Story> told_chain(const casework::EditedStore& store, const std::string& id) {
  std::string wanted = id;
  if (const auto whole = Id128::from_hex(id)) {
    ASSIGN_OR_RETURN(const auto holder, store.chain_of(*whole));
    if (holder) wanted = holder->hex();
  }
  return load_story(store, wanted);
}

Status why_not(const IncidentsOptions& options) {
  ASSIGN_OR_RETURN(const auto store, open_cases(options.store));
  ASSIGN_OR_RETURN(const report::Story a, told_chain(*store, options.id));
  ASSIGN_OR_RETURN(const report::Story b, told_chain(*store, options.other_id));
  print(why_not_joined(a, b, detect_style(1)));
  return ok_status();
}

}  // namespace

int run_incidents_list(const IncidentsOptions& options) { return finish(list(options)); }

int run_incidents_show(const IncidentsOptions& options) { return finish(show(options)); }

int run_incidents_advise(const IncidentsOptions& options) { return finish(advise(options)); }

int run_incidents_export(const IncidentsOptions& options) { return finish(export_report(options)); }

int run_incidents_why_not(const IncidentsOptions& options) { return finish(why_not(options)); }

}  // namespace catena::app
