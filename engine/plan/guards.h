// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/plan/plan.h"

// What opens a rule: clauses over literals that every event which the expression accepts satisfies.
// Among the sufficient clauses it picks the ones that log text satisfies least often, by
// engine/plan/literal_frequency.h. It must never be wrong, only more or less useful: a missing
// literal is a missed detection. Thread safety: pure function.
namespace catena::plan {

// Bounds on one rule. More alternatives than that share one guard.
inline constexpr std::size_t kMaxGuards = 16;
inline constexpr std::size_t kMaxClauses = 3;  // of one guard

// Empty when no clause is known (the expression must then always be evaluated).
[[nodiscard]] std::vector<Guard> guards_of(const RuleSet& rules, const Plan& plan, NodeIndex root,
                                           const LiteralFrequency& frequency);

}  // namespace catena::plan
