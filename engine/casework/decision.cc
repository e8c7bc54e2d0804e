// SPDX-License-Identifier: Apache-2.0
#include "engine/casework/decision.h"

#include <array>

#include "engine/base/json_writer.h"
#include "engine/incident/json_lines.h"

namespace catena::casework {
namespace {

constexpr std::array<std::string_view, kCaseStateCount> kStates = {
    "open", "acknowledged", "contained", "resolved", "false-positive"};
constexpr std::array<std::string_view, kDecisionKindCount> kKinds = {"state", "note", "cut",
                                                                     "merge"};

}  // namespace

std::string_view case_state_name(CaseState state) noexcept {
  return kStates[static_cast<std::size_t>(state)];
}

std::optional<CaseState> parse_case_state(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kStates.size(); ++i) {
    if (kStates[i] == name) return static_cast<CaseState>(i);
  }
  return std::nullopt;
}

std::string_view decision_kind_name(DecisionKind kind) noexcept {
  return kKinds[static_cast<std::size_t>(kind)];
}

std::string decision_json(const Decision& decision) {
  JsonWriter json;
  json.begin_object()
      .member("kind", "decision")
      .key("schema")
      .integer(incident::kJsonSchemaVersion);
  json.key("number").unsigned_integer(decision.number);
  json.member("time", format_iso8601(decision.time)).member("author", decision.author);
  json.member("decision", decision_kind_name(decision.kind));
  if (decision.kind == DecisionKind::kState) json.member("state", case_state_name(decision.state));
  json.member("detection", decision.subject.hex()).member("chain", decision.chain.hex());
  json.member("note", decision.note);
  if (!decision.detections.empty()) {
    json.key("detections").begin_array();
    for (const Id128& id : decision.detections) json.string(id.hex());
    json.end_array();
  }
  json.end_object();
  return json.take();
}

}  // namespace catena::casework
