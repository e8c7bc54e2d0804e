// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/incident/chain_member.h"

// How much a chain deserves an analyst's attention: more phases and more rules weigh, repetition
// does not (each phase counts with its most severe step). Integer arithmetic, so the same
// everywhere. Every factor is kept, so that a score can be explained. Thread safety: pure
// functions.
namespace catena::incident {

// Points in tenths. One more slot than phases: steps without a phase count, but not as a phase.
struct ScoreFactors {
  struct Part {
    std::uint64_t points = 0;  // of the most severe step
    std::uint64_t weight = 0;  // in tenths; of the phase
    std::size_t step = 0;      // that step
    [[nodiscard]] std::uint64_t value() const noexcept { return points * weight / 10; }
  };
  std::array<Part, attack::kPhaseCount + 1> parts{};
  std::uint64_t observed_phases = 0;
  std::uint64_t inferred_phases = 0;  // count half
  std::uint64_t rules = 0;
  // score = sum of parts * breadth / kBreadthUnit * variety / variety_unit
  std::uint64_t breadth = 0;
  std::uint64_t variety = 0;
  std::uint64_t variety_unit = 1;
  // What the severity asks for besides the score.
  bool has_high_step = false;     // a step of level high or critical
  bool severe_objective = false;  // such a step executes the objective
  bool objective_after_access = false;
  static constexpr std::uint64_t kBreadthUnit = 8;
};

// Thresholds of severity, in tenths of a point, and what HIGH wants besides.
inline constexpr std::uint32_t kMediumScore = 200;
inline constexpr std::uint32_t kHighScore = 320;
inline constexpr std::uint32_t kCriticalScore = 640;
inline constexpr std::uint64_t kHighPhases = 3;
inline constexpr std::uint64_t kHighRules = 3;

// `chain` has its phases.
[[nodiscard]] ScoreFactors score_factors(const std::vector<ChainMember>& members,
                                         const Chain& chain);

// Sets chain.score (tenths of a point) and chain.severity; phases must be resolved.
void score_chain(const std::vector<ChainMember>& members, Chain& chain);

}  // namespace catena::incident
