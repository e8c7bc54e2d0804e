// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/phase_decision.h"

#include <algorithm>
#include <array>

#include "engine/incident/canonical.h"
#include "engine/incident/hub.h"

namespace catena::incident {
namespace {

using attack::Phase;

// Hosts and rules remembered for the decisions; more decide nothing new.
constexpr std::size_t kMaxRemembered = 1024;

bool is_candidate(const Detection& detection, Phase phase) noexcept {
  return std::find(detection.phases.begin(), detection.phases.end(), phase) !=
         detection.phases.end();
}

bool from_outside(const Detection& detection) {
  return std::any_of(detection.entities.begin(), detection.entities.end(), [](const Entity& e) {
    return e.type == EntityType::kIp && !is_private_ip(e.value) && !is_static_hub(e);
  });
}

bool from_another_machine(const Detection& detection) noexcept {
  return std::any_of(detection.entities.begin(), detection.entities.end(),
                     [](const Entity& e) { return e.type == EntityType::kRemote; });
}

// Techniques of a remote action: where the logon came from another machine they are movement.
constexpr std::array<std::string_view, 6> kRemoteActions = {"T1053", "T1047", "T1569",
                                                            "T1021", "T1570", "T1072"};

bool is_remote_action(const Detection& detection) noexcept {
  return std::any_of(kRemoteActions.begin(), kRemoteActions.end(),
                     [&](std::string_view id) { return has_technique(detection, id); });
}

}  // namespace

Phase PhaseDecision::choose(const Detection& detection) const {
  const Phase primary = detection.phases.front();
  const std::string* host = host_of(detection);
  const bool elsewhere = host != nullptr && *host != first_host_;
  if (is_remote_action(detection) && from_another_machine(detection) &&
      is_candidate(detection, Phase::kMoveLaterally)) {
    return Phase::kMoveLaterally;
  }
  // Guessing passwords: at the door it is a launch, inside it is looking around.
  if (has_technique(detection, "T1110") && from_outside(detection)) return Phase::kLaunchAttack;
  if (has_technique(detection, "T1133") && compromised_ && !elsewhere &&
      is_candidate(detection, Phase::kMaintainPersistence)) {
    return Phase::kMaintainPersistence;
  }
  // Valid accounts and the like: the first access is the compromise, access to a further machine is
  // movement.
  if (is_candidate(detection, Phase::kInitialCompromise) &&
      is_candidate(detection, Phase::kMoveLaterally)) {
    if (!compromised_) return Phase::kInitialCompromise;
    return elsewhere ? Phase::kMoveLaterally : primary;
  }
  // A web shell or a remote tool is the foothold of a machine once; more of them keep it.
  if (primary == Phase::kEstablishFoothold &&
      is_candidate(detection, Phase::kMaintainPersistence)) {
    const bool known = host != nullptr && footholds_.contains(*host);
    return known && !remote_tools_.contains(detection.rule_id) ? Phase::kMaintainPersistence
                                                               : primary;
  }
  // A tool that arrives on a further machine was carried there.
  if (has_technique(detection, "T1105") && compromised_ && elsewhere &&
      from_another_machine(detection)) {
    return Phase::kMoveLaterally;
  }
  return primary;
}

void PhaseDecision::remember(const Detection& detection, Phase phase) {
  const std::string* host = host_of(detection);
  const bool access = phase == Phase::kInitialCompromise || phase == Phase::kEstablishFoothold;
  if (access && !compromised_) {
    compromised_ = true;
    if (host != nullptr) first_host_ = *host;
  }
  if (phase != Phase::kEstablishFoothold || footholds_.size() >= kMaxRemembered) return;
  if (host != nullptr) footholds_.insert(*host);
  remote_tools_.insert(detection.rule_id);
}

std::optional<Phase> PhaseDecision::next(const Detection& detection) {
  if (detection.phases.empty() || detection.contextual_phase) return std::nullopt;
  const Phase phase = choose(detection);
  remember(detection, phase);
  return phase;
}

}  // namespace catena::incident
