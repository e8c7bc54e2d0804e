// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/chain.h"

namespace catena::incident {

std::string_view severity_name(Severity severity) noexcept {
  constexpr std::array<std::string_view, 4> kNames = {"low", "medium", "high", "critical"};
  return kNames[static_cast<std::size_t>(severity)];
}

std::string_view inference_rule_name(InferenceRule rule) noexcept {
  constexpr std::array<std::string_view, kInferenceRuleCount> kNames = {
      "objective-from-effect",   "tailored-launch",  "rotated-sources",
      "changed-launch",          "effect-of-launch", "sustained-control",
      "persistence-as-foothold", "return",           "changed-technique"};
  return kNames[static_cast<std::size_t>(rule)];
}

std::string_view launch_outcome_name(LaunchOutcome outcome) noexcept {
  constexpr std::array<std::string_view, 4> kNames = {"none", "unknown", "partial", "success"};
  return kNames[static_cast<std::size_t>(outcome)];
}

}  // namespace catena::incident
