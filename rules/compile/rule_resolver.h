// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "rules/compile/compile_options.h"
#include "rules/compile/resolved_rule.h"
#include "rules/sigma/diagnostic.h"
#include "rules/sigma/rule.h"

// Applies the modifiers of a whole rule: the first half of compiling it.
// Thread safety: pure functions. Cost: linear in what the values expand to, within
// kMaxPredicatesPerRule and kMaxTextBytesPerRule.
namespace catena::compile {

// `resolved` refers to `rule`, which must outlive it.
[[nodiscard]] std::optional<sigma::RuleProblem> resolve_rule(const sigma::Rule& rule,
                                                             const CompileOptions& options,
                                                             ResolvedRule& resolved);

[[nodiscard]] std::optional<sigma::RuleProblem> resolve_item(const sigma::DetectionItem& item,
                                                             const CompileOptions& options,
                                                             ResolvedItem& resolved);

[[nodiscard]] sigma::RuleProblem too_many_predicates(sigma::Place place);
[[nodiscard]] sigma::RuleProblem too_much_text(sigma::Place place);

}  // namespace catena::compile
