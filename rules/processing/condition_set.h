// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "rules/processing/condition_expression.h"

// The conditions of one kind (rule, detection item, field name) of a pipeline item and how they are
// linked: all of them, one of them, or an expression over their names; then perhaps negated.
// Thread safety: const once filled.
namespace catena::processing {

template <typename Condition>
struct ConditionSet {
  std::vector<std::unique_ptr<const Condition>> conditions;
  bool any = false;  // `or`; does not hold without a condition
  bool negated = false;
  std::optional<ConditionExpression> expression;

  template <typename Truth>
  [[nodiscard]] bool evaluate(Truth truth) const {
    bool held = !any;
    if (expression) {
      held = expression->evaluate([&](std::size_t i) { return truth(*conditions[i]); });
    } else {
      // Every condition is asked, also when the outcome is known: asking may find a problem.
      for (const auto& condition : conditions) {
        const bool holds = truth(*condition);
        held = any ? held || holds : held && holds;
      }
    }
    return held != negated;
  }
};

}  // namespace catena::processing
