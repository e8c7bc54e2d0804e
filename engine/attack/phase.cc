// SPDX-License-Identifier: Apache-2.0
#include "engine/attack/phase.h"

#include <algorithm>

namespace catena::attack {
namespace {

constexpr std::string_view kPreparation = "preparation";
constexpr std::string_view kExecution = "execution";

// Source: the IBM X-Force IRIS cyberattack preparation and execution frameworks. Three phases stand
// outside the stages (the first and the last of preparation, the last of execution); each is its
// own stage here. The frameworks call both feedback phases "feedback cycle"; the suffix tells them
// apart.
constexpr std::array<PhaseInfo, kPhaseCount> kPhases = {{
    {Phase::kDetermineObjective, "P1", "determine-objective", "Determine objective", kPreparation,
     "determine-objective"},
    {Phase::kExternalReconnaissance, "P2", "external-reconnaissance", "External reconnaissance",
     kPreparation, "prepare-attack"},
    {Phase::kAlignTtps, "P3", "align-ttps", "Align TTPs to target", kPreparation, "prepare-attack"},
    {Phase::kPrepareInfrastructure, "P4", "prepare-infrastructure", "Prepare attack infrastructure",
     kPreparation, "prepare-attack"},
    {Phase::kPrepareTools, "P5", "prepare-tools", "Prepare malware and software tools",
     kPreparation, "prepare-attack"},
    {Phase::kOperationalSecurity, "P6", "operational-security", "Operational security",
     kPreparation, "continuous-preparation"},
    {Phase::kPreparationFeedback, "P7", "preparation-feedback", "Feedback cycle (preparation)",
     kPreparation, "continuous-preparation"},
    {Phase::kLaunchAttack, "P8", "launch-attack", "Launch attack", kPreparation, "launch-attack"},
    {Phase::kInitialCompromise, "E1", "initial-compromise", "Initial compromise", kExecution,
     "access-environment"},
    {Phase::kEstablishFoothold, "E2", "establish-foothold", "Establish foothold", kExecution,
     "access-environment"},
    {Phase::kEscalatePrivileges, "E3", "escalate-privileges", "Escalate privileges", kExecution,
     "expand-access"},
    {Phase::kMoveLaterally, "E4", "move-laterally", "Move laterally", kExecution, "expand-access"},
    {Phase::kInternalReconnaissance, "E5", "internal-reconnaissance", "Internal reconnaissance",
     kExecution, "expand-access"},
    {Phase::kMaintainPersistence, "E6", "maintain-persistence", "Maintain persistence", kExecution,
     "expand-access"},
    {Phase::kDefenseEvasion, "E7", "defense-evasion", "Defense evasion and monitoring", kExecution,
     "continuous-attack"},
    {Phase::kExecutionFeedback, "E8", "execution-feedback", "Feedback cycle (execution)",
     kExecution, "continuous-attack"},
    {Phase::kExecuteObjective, "E9", "execute-objective", "Execute objective", kExecution,
     "execute-objective"},
}};

constexpr bool in_index_order() {
  for (std::size_t i = 0; i < kPhases.size(); ++i) {
    if (static_cast<std::size_t>(kPhases[i].phase) != i) return false;
  }
  return true;
}
static_assert(in_index_order());

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_any_case(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

const PhaseInfo& phase_info(Phase phase) noexcept {
  return kPhases[static_cast<std::size_t>(phase)];
}

const std::array<PhaseInfo, kPhaseCount>& all_phases() noexcept { return kPhases; }

std::optional<Phase> parse_phase(std::string_view code_or_slug) noexcept {
  for (const PhaseInfo& info : kPhases) {
    if (equal_any_case(code_or_slug, info.code) || equal_any_case(code_or_slug, info.slug)) {
      return info.phase;
    }
  }
  return std::nullopt;
}

}  // namespace catena::attack
