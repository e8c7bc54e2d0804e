// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "rules/compile/resolved_rule.h"
#include "rules/correlation/correlation_transformer.h"
#include "rules/sigma/diagnostic.h"

// RuleTransformer changes rules while they are compiled, and correlations while they are bound.
// This is the port; processing pipelines (rules/processing) are what is plugged into it. Thread
// safety: const; each call knows its rule only.
namespace catena::compile {

class RuleTransformer : public CorrelationTransformer {
 public:
  using CorrelationTransformer::transform;

  // Changes `rule`, or says why it must be refused. It may grow to kMaxPredicatesPerRule values and
  // kMaxDetectionDepth nested groups.
  [[nodiscard]] virtual std::optional<sigma::RuleProblem> transform(ResolvedRule& rule) const = 0;

  // Changes with everything that decides what transform() does: part of the key of cached rules.
  [[nodiscard]] virtual const std::string& identity() const noexcept = 0;
};

}  // namespace catena::compile
