// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/event/field_catalog.h"
#include "engine/plan/rule_set_builder.h"
#include "rules/compile/compile_options.h"
#include "rules/sigma/diagnostic.h"
#include "rules/sigma/rule.h"

// Turns the syntax tree of one Sigma rule into an expression of a RuleSetBuilder: its modifiers are
// applied (rule_resolver.h), the processing pipelines change it (rule_transformer.h), and what
// remains becomes predicates. A rule that is
// refused half-way leaves expressions behind that no rule reaches; the builder drops them.
// Thread safety: none. Cost: linear in what the rule expands to, within the limits of
// compile_options.h.
namespace catena::compile {

struct CompiledRule {
  plan::NodeIndex root = 0;
  sigma::LogSource log_source;  // the rule's own, or what a processing pipeline made of it
  std::vector<sigma::RuleProblem> warnings;
};

[[nodiscard]] std::optional<sigma::RuleProblem> compile_rule(const sigma::Rule& rule,
                                                             const CompileOptions& options,
                                                             FieldCatalog& catalog,
                                                             plan::RuleSetBuilder& builder,
                                                             CompiledRule& compiled);

}  // namespace catena::compile
