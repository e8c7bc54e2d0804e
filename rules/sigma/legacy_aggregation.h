// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "rules/yaml/yaml_node.h"

// The aggregations that were withdrawn from Sigma ("selection | count(User) by Host > 5" with
// `timeframe`, "selection | near other"), rewritten as correlation rules. A rule that has one is
// refused; this is what its author is shown. It decides nothing.
// Thread safety: pure functions. Cost: linear in the document.
namespace catena::sigma {

// Documents of a rule file that say the same: the rule without its aggregation, with a name, and
// the correlation that refers to it; for `near` one rule for each search identifier. "" when the
// condition is not one of those forms. min and max become the percentiles 0 and 100, for a window
// whose greatest value is above a bound is one that holds a value above it.
[[nodiscard]] std::string rewrite_as_correlation(const yaml::YamlNode& rule);

// The node as YAML: mappings and lists in block style, texts quoted where they have to be.
[[nodiscard]] std::string yaml_text(const yaml::YamlNode& node, std::size_t indent);

}  // namespace catena::sigma
