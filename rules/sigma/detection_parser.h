// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "rules/sigma/diagnostic.h"
#include "rules/sigma/rule.h"
#include "rules/yaml/yaml_node.h"

// Reads the detection section of a rule: search identifiers and conditions. Part of the rule
// parser. Thread safety: pure functions.
namespace catena::sigma {

// Fills rule.identifiers and rule.conditions (resolved) from the value of "detection", or of
// "filter", whose key `other_key` is no search identifier.
[[nodiscard]] std::optional<RuleProblem> parse_detection(const yaml::YamlNode& detection,
                                                         Rule& rule,
                                                         std::string_view other_key = {});

// Splits "Field|modifier|modifier" and fills item.field, item.modifiers and item.place.
[[nodiscard]] std::optional<RuleProblem> parse_item_key(const yaml::YamlNode& key,
                                                        DetectionItem& item);

// "Field|modifier: value or list", an entry of a detection's mapping. With a problem, `item` holds
// what stands before it.
[[nodiscard]] std::optional<RuleProblem> parse_item(const yaml::YamlEntry& entry,
                                                    DetectionItem& item);

// A keyword alone: an item without a field.
[[nodiscard]] DetectionItem keyword_item(const yaml::YamlNode& node);

// Place of byte `offset` of a scalar's text, as near as the way it was written allows.
[[nodiscard]] Place place_within(const yaml::YamlNode& scalar, std::size_t offset) noexcept;

[[nodiscard]] inline Place place_of(const yaml::YamlNode& node) noexcept {
  return {node.line(), node.column()};
}

}  // namespace catena::sigma
