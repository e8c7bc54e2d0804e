// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>

#include "rules/sigma/diagnostic.h"
#include "rules/sigma/filter.h"
#include "rules/yaml/yaml_node.h"

// Reads one YAML document as a Sigma filter. What names a rule (a typing error in an id) is only
// known when all rules are; rules/compile binds it.
// Thread safety: pure functions. Cost: linear in the document.
namespace catena::sigma {

inline constexpr std::size_t kMaxFilterReferences = 10'000;

// Fills `filter`, or says what is wrong first. `root` is a document of kind kFilter.
[[nodiscard]] std::optional<RuleProblem> parse_filter(const yaml::YamlNode& root, Filter& filter);

}  // namespace catena::sigma
