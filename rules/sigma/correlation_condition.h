// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "rules/sigma/correlation.h"
#include "rules/sigma/diagnostic.h"
#include "rules/yaml/yaml_node.h"

// Reads the condition of a correlation: a mapping of comparisons ("gte: 10", several make a range)
// with `field` and `percentile`, or a boolean expression over rules for the temporal types. Part of
// the correlation parser. Thread safety: pure functions.
namespace catena::sigma {

// Fills rule.bounds, value_fields, percentile, condition, and rules when only the condition names
// them. Kind and rules are set.
[[nodiscard]] std::optional<RuleProblem> parse_correlation_condition(const yaml::YamlNode& section,
                                                                     CorrelationRule& rule);

}  // namespace catena::sigma
