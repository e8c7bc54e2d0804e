// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/phase_resolver.h"

#include <algorithm>
#include <optional>

#include "engine/incident/phase_decision.h"
#include "engine/incident/phase_inference.h"

namespace catena::incident {
namespace {

using attack::Phase;

// Execution takes the phase of what its process tree does within this time.
constexpr Timestamp kContextWindow = 5 * kNanosPerMinute;
// How many steps to each side are looked at.
constexpr std::size_t kNeighbourSteps = 64;

bool is_contextual(const Detection& detection) noexcept { return detection.contextual_phase; }

// The phase of the nearest relative in the process tree, later ones first.
std::optional<Phase> from_relatives(const std::vector<ChainMember>& members, const Chain& chain,
                                    std::size_t at) {
  const Detection& own = *members[at].detection;
  const auto usable = [&](std::size_t i) {
    return chain.steps[i].has_phase && !is_contextual(*members[i].detection) &&
           share_process(own, *members[i].detection);
  };
  const std::size_t end = std::min(members.size(), at + 1 + kNeighbourSteps);
  for (std::size_t i = at + 1; i < end; ++i) {
    if (members[i].detection->time - own.time > kContextWindow) break;
    if (usable(i)) return chain.steps[i].phase;
  }
  for (std::size_t i = at; i-- > 0 && at - i <= kNeighbourSteps;) {
    if (own.time - members[i].detection->time > kContextWindow) break;
    if (usable(i)) return chain.steps[i].phase;
  }
  return std::nullopt;
}

void set_phase(Step& step, Phase phase) noexcept {
  step.phase = phase;
  step.has_phase = true;
}

void resolve_direct(const std::vector<ChainMember>& members, Chain& chain) {
  PhaseDecision decision;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (const auto phase = decision.next(*members[i].detection)) set_phase(chain.steps[i], *phase);
  }
}

// Execution (IRIS has no phase for it): the phase of its relatives, else the technique's second
// choice, else a foothold; the latter two are inferred.
void resolve_contextual(const std::vector<ChainMember>& members, Chain& chain) {
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (!is_contextual(*members[i].detection)) continue;
    Step& step = chain.steps[i];
    const auto relative = from_relatives(members, chain, i);
    const auto& second = members[i].detection->phases;
    step.inferred = !relative;
    set_phase(step, relative.value_or(second.empty() ? Phase::kEstablishFoothold : second.front()));
  }
}

}  // namespace

void resolve_phases(const std::vector<ChainMember>& members, Chain& chain) {
  resolve_direct(members, chain);
  resolve_contextual(members, chain);
  chain.phases = {};
  for (const Step& step : chain.steps) {
    if (!step.has_phase) continue;
    PhaseSlot& slot = chain.phases[static_cast<std::size_t>(step.phase)];
    if (slot.state == PhaseState::kAbsent) slot.first = step.time;
    if (!step.inferred) {
      slot.state = PhaseState::kObserved;
    } else if (slot.state == PhaseState::kAbsent) {
      slot.state = PhaseState::kInferred;
    }
    slot.last = step.time;
    ++slot.steps;
  }
  infer_phases(members, chain);
}

}  // namespace catena::incident
