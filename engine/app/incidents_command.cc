// SPDX-License-Identifier: Apache-2.0
#include "engine/app/incidents_command.h"

#include <algorithm>
#include <cstdio>
#include <fstream>

#include "engine/app/chain_reasons.h"
#include "engine/app/chain_text.h"
#include "engine/app/content.h"
#include "engine/app/exit_code.h"
#include "engine/app/join_reasons.h"
#include "engine/app/store_access.h"
#include "engine/app/terminal.h"
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
  ASSIGN_OR_RETURN(const auto store, open_store(options.store, StoreMode::kRead));
  const TextStyle style = detect_style(1);
  if (options.format == OutputFormat::kText) print(chain_list_heading(style));
  std::size_t shown = 0;
  return store->for_each_chain([&](const Chain& chain) {
    if (chain.severity < options.min_severity) return true;
    print(options.format == OutputFormat::kText ? chain_list_line(chain, style)
                                                : incident::chain_json(chain) + "\n");
    ++shown;
    return options.limit == 0 || shown < options.limit;
  });
}

// The one chain whose id starts with `prefix`.
Result<Chain> find_chain(const pipeline::IncidentStore& store, const std::string& prefix) {
  if (const auto id = Id128::from_hex(prefix)) {
    ASSIGN_OR_RETURN(auto chain, store.chain(*id));
    if (chain) return std::move(*chain);
  } else {
    std::vector<Chain> found;
    RETURN_IF_ERROR(store.for_each_chain([&](const Chain& chain) {
      if (chain.id.hex().starts_with(prefix)) found.push_back(chain);
      return found.size() < 2;
    }));
    if (found.size() > 1) return invalid_input(prefix + ": more than one incident starts so");
    if (found.size() == 1) return std::move(found.front());
  }
  return not_found(prefix + ": no such incident in this store");
}

Result<std::vector<Detection>> load_detections(const pipeline::IncidentStore& store,
                                               const Chain& chain) {
  std::vector<Detection> detections;
  for (const incident::Step& step : chain.steps) {
    ASSIGN_OR_RETURN(auto detection, store.detection(step.detection));
    if (!detection) return corrupt("store: detection " + step.detection.hex() + " is missing");
    detections.push_back(std::move(*detection));
  }
  return detections;
}

Status show(const IncidentsOptions& options) {
  ASSIGN_OR_RETURN(const auto store, open_store(options.store, StoreMode::kRead));
  ASSIGN_OR_RETURN(const Chain chain, find_chain(*store, options.id));
  ASSIGN_OR_RETURN(const auto detections, load_detections(*store, chain));
  if (options.format == OutputFormat::kText) {
    ASSIGN_OR_RETURN(const auto attack, load_attack(options.attack_overlay));
    const TextStyle style = detect_style(1);
    print(chain_page(chain, detections, attack, style));
    if (options.why) print(chain_reasons(chain, detections, attack, style));
    return ok_status();
  }
  print(incident::chain_json(chain) + "\n");
  for (std::size_t i = 0; i < detections.size(); ++i) {
    print(incident::detection_json(detections[i], chain.id, &chain.steps[i]) + "\n");
  }
  return ok_status();
}

Status export_report(const IncidentsOptions& options) {
  ASSIGN_OR_RETURN(const auto store, open_store(options.store, StoreMode::kRead));
  report::Story story;
  ASSIGN_OR_RETURN(story.chain, find_chain(*store, options.id));
  ASSIGN_OR_RETURN(story.detections, load_detections(*store, story.chain));
  ASSIGN_OR_RETURN(const auto attack, load_attack(options.attack_overlay));
  const report::StoryView view(story, attack);
  const std::string text = report::write_report(view, options.report, version_text());
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
Result<ToldChain> told_chain(const pipeline::IncidentStore& store, const std::string& id) {
  std::string wanted = id;
  if (const auto whole = Id128::from_hex(id)) {
    ASSIGN_OR_RETURN(const auto holder, store.chain_of(*whole));
    if (holder) wanted = holder->hex();
  }
  ToldChain told;
  ASSIGN_OR_RETURN(told.chain, find_chain(store, wanted));
  ASSIGN_OR_RETURN(told.detections, load_detections(store, told.chain));
  return told;
}

Status why_not(const IncidentsOptions& options) {
  ASSIGN_OR_RETURN(const auto store, open_store(options.store, StoreMode::kRead));
  ASSIGN_OR_RETURN(const ToldChain a, told_chain(*store, options.id));
  ASSIGN_OR_RETURN(const ToldChain b, told_chain(*store, options.other_id));
  print(why_not_joined(a, b, detect_style(1)));
  return ok_status();
}

}  // namespace

int run_incidents_list(const IncidentsOptions& options) { return finish(list(options)); }

int run_incidents_show(const IncidentsOptions& options) { return finish(show(options)); }

int run_incidents_export(const IncidentsOptions& options) { return finish(export_report(options)); }

int run_incidents_why_not(const IncidentsOptions& options) { return finish(why_not(options)); }

}  // namespace catena::app
