// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "engine/plan/correlation.h"
#include "rules/sigma/correlation.h"
#include "rules/sigma/diagnostic.h"

// The conditions of temporal correlations as the engine runs them. Part of the correlation
// compiler.
//
// temporal: the boolean condition over which rules have an event in the window.
// temporal_ordered: the condition's alternatives, each a list of rules that must occur in the order
// of the correlation's `rules`, and rules that must not occur in the window at all. "a and (b or c)
// and not d" has two: a, b without d; a, c without d. "gte: 2" of three rules has three.
// Thread safety: pure functions. Cost: bounded by plan::kMaxOrderedTerms.
namespace catena::compile {

// A condition that holds where no rule matched is refused: there would be no event to report.
[[nodiscard]] std::optional<sigma::RuleProblem> make_presence(
    const sigma::CorrelationRule& rule, std::vector<plan::PresenceNode>& presence);

[[nodiscard]] std::optional<sigma::RuleProblem> make_terms(const sigma::CorrelationRule& rule,
                                                           std::vector<plan::OrderedTerm>& terms);

}  // namespace catena::compile
