// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/score.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace catena::incident {
namespace {

using attack::Phase;

// Points by level: informational, low, medium, high, critical.
constexpr std::array<std::uint64_t, 5> kLevelPoints = {1, 2, 6, 8, 10};

// Thresholds in tenths of a point.
constexpr std::uint32_t kMediumScore = 200;
constexpr std::uint32_t kHighScore = 320;
constexpr std::uint32_t kCriticalScore = 640;
constexpr std::size_t kHighPhases = 3;
constexpr std::size_t kHighRules = 3;

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

bool observed(const Chain& chain, Phase phase) noexcept {
  return chain.phases[static_cast<std::size_t>(phase)].state == PhaseState::kObserved;
}

Severity severity_of(const Chain& chain, std::size_t phases, std::size_t rules,
                     bool severe_objective) noexcept {
  const bool objective_after_access =
      observed(chain, Phase::kExecuteObjective) &&
      (observed(chain, Phase::kInitialCompromise) || observed(chain, Phase::kEstablishFoothold));
  const bool broad = (phases >= kHighPhases && rules >= kHighRules) || severe_objective;
  if (broad && (chain.score >= kCriticalScore || objective_after_access)) {
    return Severity::kCritical;
  }
  if (broad && chain.score >= kHighScore) return Severity::kHigh;
  return chain.score >= kMediumScore ? Severity::kMedium : Severity::kLow;
}

}  // namespace

void score_chain(const std::vector<ChainMember>& members, Chain& chain) {
  // One more slot for steps without a phase: they count, but not as a phase.
  std::array<std::uint64_t, attack::kPhaseCount + 1> best{};
  std::set<std::string_view> rules;
  bool severe_objective = false;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const Detection& detection = *members[i].detection;
    const Step& step = chain.steps[i];
    const std::uint64_t points = kLevelPoints[static_cast<std::size_t>(detection.level)];
    const std::size_t slot =
        step.has_phase ? static_cast<std::size_t>(step.phase) : attack::kPhaseCount;
    best[slot] = std::max(best[slot], points);
    rules.insert(detection.rule_id);
    severe_objective =
        severe_objective || (step.has_phase && step.phase == Phase::kExecuteObjective &&
                             detection.level >= plan::Level::kHigh);
  }
  std::uint64_t sum = best[attack::kPhaseCount] * 10;  // tenths
  std::uint64_t phases = 0;
  for (std::size_t p = 0; p < attack::kPhaseCount; ++p) {
    sum += best[p] * phase_weight(static_cast<Phase>(p));
    phases += best[p] > 0 && observed(chain, static_cast<Phase>(p)) ? 1 : 0;
  }
  // A quarter more for every further phase; half off for a single rule, a quarter for two, …
  const std::uint64_t breadth = 4 + (phases > 0 ? phases - 1 : 0);
  const std::uint64_t shift = std::min<std::uint64_t>(rules.size(), 16);
  const std::uint64_t variety = (1ULL << shift) - 1;
  chain.score = static_cast<std::uint32_t>((sum * breadth * variety) / (4ULL << shift));
  chain.severity = severity_of(chain, phases, rules.size(), severe_objective);
}

}  // namespace catena::incident
