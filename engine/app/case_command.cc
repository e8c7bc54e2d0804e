// SPDX-License-Identifier: Apache-2.0
#include "engine/app/case_command.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "engine/app/chain_text.h"
#include "engine/app/exit_code.h"
#include "engine/app/terminal.h"
#include "engine/app/told_story.h"
#include "engine/report/sigma_filter.h"
#include "storage/incidents/rocks_incident_store.h"

namespace catena::app {
namespace {

using casework::CaseState;
using casework::Decision;
using casework::DecisionKind;
using casework::EditedStore;

int finish(const Status& status) {
  if (!status.ok()) {
    std::fprintf(stderr, "catena: %s\n", printable(status.message()).c_str());
    return kExitError;
  }
  return std::fflush(stdout) == 0 ? kExitOk : kExitError;
}

void print(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

Result<Timestamp> time_of(const CaseOptions& options) {
  if (options.time.empty()) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
  const auto time = parse_iso8601(options.time);
  if (!time) return invalid_input("--at: not a time like 2026-03-02T10:00:00Z: " + options.time);
  return *time;
}

Result<std::unique_ptr<storage::RocksIncidentStore>> open_rocks(const std::string& folder,
                                                                bool read_only) {
  storage::IncidentStoreOptions options;
  options.path = folder;
  options.read_only = read_only;
  options.create_if_missing = false;
  return storage::RocksIncidentStore::open(options);
}

// The chain that `id` names, itself or by a detection in it.
Result<incident::Chain> named_chain(const EditedStore& store, const std::string& id) {
  if (const auto whole = Id128::from_hex(id)) {
    ASSIGN_OR_RETURN(const auto holder, store.chain_of(*whole));
    if (holder) return find_chain(store, holder->hex());
  }
  return find_chain(store, id);
}

// The decision about that chain, without what its kind adds.
Result<Decision> decision_about(const CaseOptions& options, DecisionKind kind,
                                const incident::Chain& chain) {
  Decision decision;
  ASSIGN_OR_RETURN(decision.time, time_of(options));
  decision.author = options.author;
  decision.kind = kind;
  decision.note = options.note;
  decision.subject = chain.steps.front().detection;
  decision.chain = chain.id;
  return decision;
}

Status keep(const CaseOptions& options, Decision decision) {
  ASSIGN_OR_RETURN(const auto store, open_rocks(options.store, false));
  ASSIGN_OR_RETURN(decision.number, store->append(decision));
  print(std::to_string(decision.number) + "  " + decision_text(decision) + "\n");
  return ok_status();
}

Status mark(const CaseOptions& options) {
  if (!options.state) return invalid_input("--state is needed");
  ASSIGN_OR_RETURN(auto store, open_cases(options.store));
  ASSIGN_OR_RETURN(const auto chain, named_chain(*store, options.id));
  store.reset();
  ASSIGN_OR_RETURN(Decision decision, decision_about(options, DecisionKind::kState, chain));
  decision.state = *options.state;
  return keep(options, std::move(decision));
}

Status add_note(const CaseOptions& options) {
  if (options.note.empty()) return invalid_input("an empty note");
  ASSIGN_OR_RETURN(auto store, open_cases(options.store));
  ASSIGN_OR_RETURN(const auto chain, named_chain(*store, options.id));
  store.reset();
  ASSIGN_OR_RETURN(Decision decision, decision_about(options, DecisionKind::kNote, chain));
  return keep(options, std::move(decision));
}

// The one step of the chain that starts so.
Result<Id128> named_step(const incident::Chain& chain, const std::string& prefix) {
  std::optional<Id128> found;
  for (const incident::Step& step : chain.steps) {
    if (!step.detection.hex().starts_with(prefix)) continue;
    if (found) return invalid_input(prefix + ": more than one step starts so");
    found = step.detection;
  }
  if (!found) return not_found(prefix + ": no such step in this chain");
  return *found;
}

Status cut(const CaseOptions& options) {
  ASSIGN_OR_RETURN(auto store, open_cases(options.store));
  ASSIGN_OR_RETURN(const auto chain, named_chain(*store, options.id));
  store.reset();
  ASSIGN_OR_RETURN(Decision decision, decision_about(options, DecisionKind::kCut, chain));
  for (const std::string& step : options.steps) {
    ASSIGN_OR_RETURN(const Id128 id, named_step(chain, step));
    if (std::find(decision.detections.begin(), decision.detections.end(), id) ==
        decision.detections.end()) {
      decision.detections.push_back(id);
    }
  }
  if (decision.detections.size() == chain.steps.size()) {
    return invalid_input("these are all steps of the chain: nothing would stay");
  }
  return keep(options, std::move(decision));
}

Status merge(const CaseOptions& options) {
  ASSIGN_OR_RETURN(auto store, open_cases(options.store));
  ASSIGN_OR_RETURN(const auto chain, named_chain(*store, options.id));
  ASSIGN_OR_RETURN(const auto other, named_chain(*store, options.other_id));
  store.reset();
  if (chain.id == other.id) return invalid_input("they are one chain already");
  ASSIGN_OR_RETURN(Decision decision, decision_about(options, DecisionKind::kMerge, chain));
  decision.detections = {other.steps.front().detection};
  return keep(options, std::move(decision));
}

Status history(const CaseOptions& options) {
  ASSIGN_OR_RETURN(const auto store, open_cases(options.store));
  ASSIGN_OR_RETURN(const auto chain, named_chain(*store, options.id));
  ASSIGN_OR_RETURN(const auto decisions, store->decisions_of(chain));
  for (const Decision& decision : decisions) {
    print(options.format == OutputFormat::kText
              ? std::to_string(decision.number) + "  " + decision_text(decision) + "\n"
              : casework::decision_json(decision) + "\n");
  }
  return ok_status();
}

Status filter(const CaseOptions& options) {
  ASSIGN_OR_RETURN(const auto store, open_cases(options.store));
  ASSIGN_OR_RETURN(const auto chain, named_chain(*store, options.id));
  ASSIGN_OR_RETURN(const auto state, store->state_of(chain));
  if (state != CaseState::kFalsePositive) {
    return invalid_input(chain.id.hex().substr(0, 12) + " is " +
                         std::string(casework::case_state_name(state)) +
                         ": mark it a false-positive first");
  }
  ASSIGN_OR_RETURN(const report::Story story, load_story(*store, chain.id.hex()));
  const attack::AttackCatalog attack;
  const auto filters = report::sigma_filters(report::StoryView(story, attack));
  for (const std::string& title : filters.without) {
    std::fprintf(stderr, "catena: no filter for \"%s\": its detections show nothing in common\n",
                 printable(title).c_str());
  }
  if (filters.filters == 0) return not_found("no rule of this chain can be filtered");
  if (options.output.empty()) {
    print(filters.text);
    return ok_status();
  }
  std::ofstream file(options.output, std::ios::binary | std::ios::trunc);
  file << filters.text;
  file.close();
  return file.good() ? ok_status() : io_error(options.output + ": cannot be written");
}

}  // namespace

Result<std::unique_ptr<EditedStore>> open_cases(const std::string& folder) {
  ASSIGN_OR_RETURN(auto store, open_rocks(folder, true));
  ASSIGN_OR_RETURN(auto decisions, store->decisions());
  return EditedStore::open(std::move(store), std::move(decisions));
}

std::string default_author() {
  const char* name = std::getenv("USER");
  return name == nullptr ? "" : name;
}

int run_case_mark(const CaseOptions& options) { return finish(mark(options)); }
int run_case_note(const CaseOptions& options) { return finish(add_note(options)); }
int run_case_cut(const CaseOptions& options) { return finish(cut(options)); }
int run_case_merge(const CaseOptions& options) { return finish(merge(options)); }
int run_case_history(const CaseOptions& options) { return finish(history(options)); }
int run_case_filter(const CaseOptions& options) { return finish(filter(options)); }

}  // namespace catena::app
