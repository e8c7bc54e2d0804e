// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/incident/chain_member.h"

// Phases that no single record shows, inferred from the whole chain: the objective backwards from
// the effect, tactics aligned to what was scouted, both feedback cycles, a foothold from control
// that goes on. Each inference names its rule and the steps that witness it; a phase that was
// observed is never inferred as well. Also what became of the launches, and whether the objective
// is imminent. Thread safety: pure function. Cost: O(steps).
namespace catena::incident {

// Nothing happened for so long: the attacker was away, or had to find another way.
inline constexpr Timestamp kQuietTime = 30 * kNanosPerMinute;
// Control that lasts at least so long after the compromise is a foothold.
inline constexpr Timestamp kSustainedTime = 10 * kNanosPerMinute;
// To stay within this time after the compromise is the foothold itself.
inline constexpr Timestamp kFootholdTime = 15 * kNanosPerMinute;
// A launch has had its effect within this time, or it is not told from the rest.
inline constexpr Timestamp kEffectTime = 24 * kNanosPerHour;
// A launch hits what was scouted at most so long before.
inline constexpr Timestamp kScoutingTime = 30 * 24 * kNanosPerHour;
// Compromise without a foothold for so long is a partial success.
inline constexpr Timestamp kPartialTime = kNanosPerHour;
// Foreign addresses that do one thing together.
inline constexpr std::size_t kRotatedSources = 3;

// `chain.steps` has its phases; sets inferences, launch and objective_imminent, and the phase slots
// of what was inferred.
void infer_phases(const std::vector<ChainMember>& members, Chain& chain);

}  // namespace catena::incident
