// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/phase_resolver.h"

#include <algorithm>
#include <optional>

namespace catena::incident {
namespace {

using attack::Phase;

// Execution takes the phase of what its process tree does within this time.
constexpr Timestamp kContextWindow = 5 * kNanosPerMinute;
// How many steps to each side are looked at.
constexpr std::size_t kNeighbourSteps = 64;

bool is_contextual(const Detection& detection) noexcept { return detection.contextual_phase; }

bool has_candidate(const Detection& detection, Phase phase) noexcept {
  return std::find(detection.phases.begin(), detection.phases.end(), phase) !=
         detection.phases.end();
}

const std::string* host_of(const Detection& detection) noexcept {
  for (const Entity& entity : detection.entities) {
    if (entity.type == EntityType::kHost) return &entity.value;
  }
  return nullptr;
}

bool share_process(const Detection& a, const Detection& b) {
  return std::any_of(a.entities.begin(), a.entities.end(), [&](const Entity& x) {
    const bool process = x.type == EntityType::kProcess || x.type == EntityType::kAncestor;
    return process && std::any_of(b.entities.begin(), b.entities.end(), [&](const Entity& y) {
             return (y.type == EntityType::kProcess || y.type == EntityType::kAncestor) &&
                    x.value == y.value;
           });
  });
}

bool same_host(const Detection& a, const Detection& b) noexcept {
  const std::string* x = host_of(a);
  const std::string* y = host_of(b);
  return x != nullptr && y != nullptr && *x == *y;
}

// What is known of access while walking the chain in time.
struct Access {
  bool compromised = false;                 // an E1 or E2 step was seen
  const Detection* first_access = nullptr;  // the step that gave it
};

// Techniques like valid accounts and remote services serve several phases; the state of the chain
// tells which: the first access is the compromise, access to a further host is lateral movement.
std::optional<Phase> by_access(const Detection& detection, const Access& access) {
  const bool lateral = has_candidate(detection, Phase::kMoveLaterally);
  const bool initial = has_candidate(detection, Phase::kInitialCompromise);
  if (!lateral || !initial) return std::nullopt;
  if (!access.compromised) return Phase::kInitialCompromise;
  return same_host(detection, *access.first_access) ? detection.phases.front()
                                                    : Phase::kMoveLaterally;
}

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

bool gives_access(Phase phase) noexcept {
  return phase == Phase::kInitialCompromise || phase == Phase::kEstablishFoothold;
}

void set_phase(Step& step, Phase phase) noexcept {
  step.phase = phase;
  step.has_phase = true;
}

void resolve_direct(const std::vector<ChainMember>& members, Chain& chain) {
  Access access;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const Detection& detection = *members[i].detection;
    if (detection.phases.empty() || is_contextual(detection)) continue;
    set_phase(chain.steps[i], by_access(detection, access).value_or(detection.phases.front()));
    if (!access.compromised && gives_access(chain.steps[i].phase)) {
      access = {true, &detection};
    }
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
}

}  // namespace catena::incident
