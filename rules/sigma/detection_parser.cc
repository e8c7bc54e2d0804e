// SPDX-License-Identifier: Apache-2.0
#include "rules/sigma/detection_parser.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "rules/sigma/rule_parser.h"

namespace catena::sigma {
namespace {

using yaml::YamlEntry;
using yaml::YamlNode;
using Problem = std::optional<RuleProblem>;

RuleProblem problem_at(const YamlNode& node, DiagnosticCode code, std::string message) {
  return {code, place_of(node), std::move(message)};
}

Value value_of(const YamlNode& node) {
  Value value;
  value.text = node.text();
  value.place = place_of(node);
  if (node.is_null()) {
    value.kind = Value::Kind::kNull;
  } else if (node.as_bool()) {
    value.kind = Value::Kind::kBool;
  } else if (node.is_number()) {
    value.kind = Value::Kind::kNumber;
  }
  return value;
}

Problem parse_values(const YamlNode& node, DetectionItem& item) {
  if (node.is_scalar()) {
    item.values.push_back(value_of(node));
    return std::nullopt;
  }
  if (!node.is_sequence()) {
    return problem_at(node, DiagnosticCode::kSchema,
                      "a value is a mapping; expected a text or list");
  }
  if (node.items().empty()) return problem_at(node, DiagnosticCode::kSchema, "the list is empty");
  item.is_list = true;
  item.values.reserve(node.items().size());
  for (const YamlNode& element : node.items()) {
    if (!element.is_scalar()) {
      return problem_at(element, DiagnosticCode::kSchema,
                        "a list of values holds a list or mapping");
    }
    if (element.is_null()) {
      return problem_at(element, DiagnosticCode::kNullInList,
                        "null cannot be one of several values; give it a search identifier of its "
                        "own");
    }
    item.values.push_back(value_of(element));
  }
  return std::nullopt;
}

Problem parse_items(const YamlNode& mapping, std::vector<DetectionItem>& items) {
  if (mapping.entries().empty()) {
    return problem_at(mapping, DiagnosticCode::kSchema, "the mapping is empty");
  }
  items.reserve(mapping.entries().size());
  for (const YamlEntry& entry : mapping.entries()) {
    DetectionItem item;
    if (auto problem = parse_item(entry, item)) return problem;
    items.push_back(std::move(item));
  }
  return std::nullopt;
}

Problem check_keyword(const YamlNode& node) {
  if (node.is_null()) return problem_at(node, DiagnosticCode::kValue, "a keyword is null");
  return std::nullopt;
}

// A list: keywords and mappings, all of them alternatives. Neighbouring keywords become one item.
Problem parse_alternatives(const YamlNode& list, SearchIdentifier& identifier) {
  if (list.items().empty()) return problem_at(list, DiagnosticCode::kSchema, "the list is empty");
  DetectionItem* keywords = nullptr;
  for (const YamlNode& element : list.items()) {
    if (element.is_mapping()) {
      keywords = nullptr;
      std::vector<DetectionItem> items;
      if (auto problem = parse_items(element, items)) return problem;
      identifier.alternatives.push_back(std::move(items));
      continue;
    }
    if (!element.is_scalar()) {
      return problem_at(element, DiagnosticCode::kSchema, "a list inside a list");
    }
    if (auto problem = check_keyword(element)) return problem;
    if (keywords != nullptr) {
      keywords->values.push_back(value_of(element));
      continue;
    }
    identifier.alternatives.push_back({});
    identifier.alternatives.back().push_back(keyword_item(element));
    keywords = &identifier.alternatives.back().back();
    keywords->is_list = true;
  }
  return std::nullopt;
}

Problem parse_identifier(const YamlEntry& entry, SearchIdentifier& identifier) {
  identifier.name = entry.key.text();
  identifier.place = place_of(entry.key);
  if (entry.value.is_sequence()) return parse_alternatives(entry.value, identifier);
  identifier.alternatives.emplace_back();
  if (entry.value.is_mapping()) return parse_items(entry.value, identifier.alternatives.back());
  if (entry.value.is_null()) {
    return problem_at(entry.key, DiagnosticCode::kSchema,
                      "search identifier '" + identifier.name + "' is empty");
  }
  identifier.alternatives.back().push_back(keyword_item(entry.value));
  return std::nullopt;
}

Problem parse_one_condition(const YamlNode& node, const std::vector<std::string_view>& names,
                            Rule& rule) {
  if (!node.is_scalar() || node.is_null()) {
    return problem_at(node, DiagnosticCode::kSchema, "the condition is not a text");
  }
  Condition condition;
  auto problem = parse_condition(node.text(), condition);
  if (!problem) problem = resolve_condition(names, condition);
  if (problem) {
    return RuleProblem{problem->code, place_within(node, problem->offset),
                       "condition: " + problem->message};
  }
  rule.conditions.push_back(std::move(condition));
  return std::nullopt;
}

Problem parse_conditions(const YamlNode& node, Rule& rule) {
  std::vector<std::string_view> names;
  names.reserve(rule.identifiers.size());
  for (const SearchIdentifier& identifier : rule.identifiers) names.push_back(identifier.name);
  if (!node.is_sequence()) return parse_one_condition(node, names, rule);
  if (node.items().empty()) {
    return problem_at(node, DiagnosticCode::kSchema, "the list of conditions is empty");
  }
  if (node.items().size() > kMaxConditionsPerRule) {
    return problem_at(node, DiagnosticCode::kLimit,
                      "more than " + std::to_string(kMaxConditionsPerRule) + " conditions");
  }
  for (const YamlNode& element : node.items()) {
    if (auto problem = parse_one_condition(element, names, rule)) return problem;
  }
  return std::nullopt;
}

}  // namespace

Place place_within(const YamlNode& scalar, std::size_t offset) noexcept {
  Place place = place_of(scalar);
  if (!scalar.is_one_line()) return place;
  const std::string_view before = std::string_view(scalar.text()).substr(0, offset);
  const auto characters = std::count_if(before.begin(), before.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  });
  place.column += static_cast<std::uint32_t>(characters) + (scalar.is_plain() ? 0U : 1U);
  return place;
}

DetectionItem keyword_item(const YamlNode& node) {
  DetectionItem item;
  item.place = place_of(node);
  item.values.push_back(value_of(node));
  return item;
}

std::optional<RuleProblem> parse_item_key(const YamlNode& key, DetectionItem& item) {
  item.place = place_of(key);
  std::string_view rest = key.text();
  std::size_t offset = std::min(rest.find('|'), rest.size());
  item.field = std::string(rest.substr(0, offset));
  while (offset < rest.size()) {
    const std::size_t start = offset + 1;
    offset = std::min(rest.find('|', start), rest.size());
    const std::string_view name = rest.substr(start, offset - start);
    const Place place = place_within(key, start);
    const auto modifier = parse_modifier(name);
    if (!modifier) {
      std::string message = "unknown modifier '" + std::string(name) + "'";
      const std::string_view nearest = nearest_modifier_name(name);
      if (!nearest.empty()) message += "; did you mean '" + std::string(nearest) + "'?";
      return RuleProblem{DiagnosticCode::kUnknownModifier, place, std::move(message)};
    }
    if (item.modifiers.size() >= kMaxModifiersPerItem) {
      return RuleProblem{DiagnosticCode::kLimit, place,
                         "more than " + std::to_string(kMaxModifiersPerItem) + " modifiers"};
    }
    item.modifiers.push_back({*modifier, place});
  }
  if (item.field.empty() && item.modifiers.empty()) {
    return problem_at(key, DiagnosticCode::kSchema, "a field name is empty");
  }
  return std::nullopt;
}

std::optional<RuleProblem> parse_item(const YamlEntry& entry, DetectionItem& item) {
  if (auto problem = parse_item_key(entry.key, item)) return problem;
  return parse_values(entry.value, item);
}

std::optional<RuleProblem> parse_detection(const YamlNode& detection, Rule& rule,
                                           std::string_view other_key) {
  const std::string section = other_key.empty() ? "'detection'" : "'filter'";
  if (!detection.is_mapping()) {
    return problem_at(detection, DiagnosticCode::kSchema, section + " is not a mapping");
  }
  const YamlNode* condition = nullptr;
  for (const YamlEntry& entry : detection.entries()) {
    if (entry.key.text() == "condition") {
      condition = &entry.value;
      continue;
    }
    if (!other_key.empty() && entry.key.text() == other_key) continue;
    if (entry.key.text() == "timeframe") {
      return problem_at(entry.key, DiagnosticCode::kLegacy,
                        "'timeframe' was withdrawn from Sigma; rewrite the rule as a correlation "
                        "rule with 'timespan'");
    }
    if (rule.identifiers.size() >= kMaxIdentifiersPerRule) {
      return problem_at(
          entry.key, DiagnosticCode::kLimit,
          "more than " + std::to_string(kMaxIdentifiersPerRule) + " search identifiers");
    }
    SearchIdentifier identifier;
    if (auto problem = parse_identifier(entry, identifier)) return problem;
    rule.identifiers.push_back(std::move(identifier));
  }
  if (condition == nullptr) {
    return problem_at(detection, DiagnosticCode::kSchema, section + " has no 'condition'");
  }
  if (rule.identifiers.empty()) {
    return problem_at(detection, DiagnosticCode::kSchema, section + " has no search identifier");
  }
  return parse_conditions(*condition, rule);
}

}  // namespace catena::sigma
