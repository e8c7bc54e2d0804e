// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>

#include "engine/incident/chain_member.h"

// PhaseDecision walks a chain in time and decides the phase of steps whose technique serves several
// phases: from where the step came (outside, another machine), and from what the attacker already
// had then. It only ever picks one of the candidates of the rule's tags, and never refuses a step.
// Thread safety: none; one walk, one object. Cost: O(entities) a step.
namespace catena::incident {

class PhaseDecision {
 public:
  // The phase of the next step; nullopt for a contextual one (phase_resolver.h decides it) and for
  // a rule without phases.
  [[nodiscard]] std::optional<attack::Phase> next(const Detection& detection);

 private:
  [[nodiscard]] attack::Phase choose(const Detection& detection) const;
  void remember(const Detection& detection, attack::Phase phase);

  bool compromised_ = false;
  std::string first_host_;              // of the first access
  std::set<std::string> footholds_;     // hosts with control over them
  std::set<std::string> remote_tools_;  // rules that found one
};

}  // namespace catena::incident
