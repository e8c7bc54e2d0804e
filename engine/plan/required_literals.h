// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/plan/plan.h"

// The clause that opens a rule: literals of which at least one is in every event that the
// expression accepts. Among the sufficient clauses it picks the one that random log text will
// contain least often. It must never be wrong, only more or less useful: a missing literal is a
// missed detection. Thread safety: pure function.
namespace catena::plan {

// Sorted, unique; empty when no clause is known (the expression must then always be evaluated).
[[nodiscard]] std::vector<PlanLiteral> required_literals(const RuleSet& rules, const Plan& plan,
                                                         NodeIndex root);

}  // namespace catena::plan
