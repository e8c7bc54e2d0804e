// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/score.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace catena::incident {
namespace {

using attack::Phase;

// Tenths of points by level: informational, low, medium, high, critical.
constexpr std::array<std::uint64_t, 5> kLevelPoints = {10, 20, 60, 80, 100};
// What a background rule finds counts for a tenth.
constexpr std::uint64_t kBackgroundShare = 10;
// More rules than this add nothing.
constexpr std::uint64_t kMaxCountedRules = 16;

// Who turns on the defenders is more than hiding: ATT&CK's tactic Defense Impairment.
bool impairs_defense(const Detection& detection) noexcept {
  for (const std::string_view id : {"T1685", "T1686", "T1689", "T1690"}) {
    if (has_technique(detection, id)) return true;
  }
  return false;
}

// In tenths: the objective counts half as much again, scanning from outside half.
std::uint64_t phase_weight(Phase phase) noexcept {
  switch (phase) {
    case Phase::kExecuteObjective:
      return 15;
    case Phase::kExternalReconnaissance:
      return 5;
    default:
      return 10;
  }
}
constexpr std::uint64_t kImpairmentWeight = 12;

bool observed(const Chain& chain, Phase phase) noexcept {
  return chain.phases[static_cast<std::size_t>(phase)].state == PhaseState::kObserved;
}

Severity severity_of(std::uint32_t score, const ScoreFactors& factors) noexcept {
  const bool broad = (factors.observed_phases >= kHighPhases && factors.rules >= kHighRules) ||
                     factors.severe_objective;
  if (broad && factors.has_high_step) {
    if (score >= kCriticalScore || factors.objective_after_access) return Severity::kCritical;
    if (score >= kHighScore) return Severity::kHigh;
  }
  return score >= kMediumScore ? Severity::kMedium : Severity::kLow;
}

void add_step(const Detection& detection, const Step& step, std::size_t index,
              ScoreFactors& factors) {
  std::uint64_t points = kLevelPoints[static_cast<std::size_t>(detection.level)];
  if (step.background) points /= kBackgroundShare;
  ScoreFactors::Part& part =
      factors.parts[step.has_phase ? static_cast<std::size_t>(step.phase) : attack::kPhaseCount];
  if (points > part.points) {
    part.points = points;
    part.step = index;
  }
  part.weight = std::max(part.weight, step.has_phase ? phase_weight(step.phase) : 10);
  if (step.has_phase && step.phase == Phase::kDefenseEvasion && impairs_defense(detection)) {
    part.weight = kImpairmentWeight;
  }
  const bool high = detection.level >= plan::Level::kHigh && !step.background;
  factors.has_high_step = factors.has_high_step || high;
  factors.severe_objective = factors.severe_objective ||
                             (high && step.has_phase && step.phase == Phase::kExecuteObjective);
}

}  // namespace

ScoreFactors score_factors(const std::vector<ChainMember>& members, const Chain& chain) {
  ScoreFactors factors;
  std::set<std::string_view> rules;
  for (std::size_t i = 0; i < members.size(); ++i) {
    add_step(*members[i].detection, chain.steps[i], i, factors);
    rules.insert(members[i].detection->rule_id);
  }
  factors.rules = rules.size();
  for (const PhaseSlot& slot : chain.phases) {
    factors.observed_phases += slot.state == PhaseState::kObserved ? 1 : 0;
    factors.inferred_phases += slot.state == PhaseState::kInferred ? 1 : 0;
  }
  factors.objective_after_access =
      observed(chain, Phase::kExecuteObjective) &&
      (observed(chain, Phase::kInitialCompromise) || observed(chain, Phase::kEstablishFoothold));
  // A quarter more for every further phase, an eighth for one that is inferred; half off for a
  // single rule, a quarter for two, …
  const std::uint64_t further = factors.observed_phases > 0 ? factors.observed_phases - 1 : 0;
  factors.breadth = ScoreFactors::kBreadthUnit + 2 * further + factors.inferred_phases;
  factors.variety_unit = 1ULL << std::min(factors.rules, kMaxCountedRules);
  factors.variety = factors.variety_unit - 1;
  return factors;
}

void score_chain(const std::vector<ChainMember>& members, Chain& chain) {
  const ScoreFactors factors = score_factors(members, chain);
  std::uint64_t sum = 0;
  for (const ScoreFactors::Part& part : factors.parts) sum += part.points * part.weight;
  chain.score =
      static_cast<std::uint32_t>(sum * factors.breadth * factors.variety /
                                 (10 * ScoreFactors::kBreadthUnit * factors.variety_unit));
  chain.severity = severity_of(chain.score, factors);
}

}  // namespace catena::incident
