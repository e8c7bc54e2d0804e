// SPDX-License-Identifier: Apache-2.0
#include "rules/sigma/filter_parser.h"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/base/text_fold.h"
#include "rules/sigma/detection_parser.h"
#include "rules/sigma/rule_parser.h"

namespace catena::sigma {
namespace {

using yaml::YamlNode;
using Problem = std::optional<RuleProblem>;

constexpr std::string_view kRulesKey = "rules";

RuleProblem problem_at(const YamlNode& node, DiagnosticCode code, std::string message) {
  return {code, place_of(node), std::move(message)};
}

Problem add_reference(const YamlNode& node, Filter& filter) {
  if (!node.is_scalar() || node.is_null() || node.text().empty()) {
    return problem_at(node, DiagnosticCode::kSchema,
                      "'rules' needs 'any', or ids or names of rules");
  }
  filter.rules.push_back({node.text(), place_of(node)});
  return std::nullopt;
}

// `any`, one rule, or a list of rules; pySigma reads an empty list as `any`.
Problem parse_references(const YamlNode& section, Filter& filter) {
  const YamlNode* rules = section.find(kRulesKey);
  if (rules == nullptr) {
    return problem_at(section, DiagnosticCode::kSchema,
                      "the filter has no 'rules'; write 'rules: any' for all of its log source");
  }
  if (!rules->is_sequence()) {
    filter.any = rules->is_scalar() && folded(rules->text()) == "any";
    return filter.any ? std::nullopt : add_reference(*rules, filter);
  }
  if (rules->items().size() > kMaxFilterReferences) {
    return problem_at(*rules, DiagnosticCode::kLimit,
                      "more than " + std::to_string(kMaxFilterReferences) + " rules");
  }
  for (const YamlNode& rule : rules->items()) {
    if (auto problem = add_reference(rule, filter)) return problem;
  }
  filter.any = rules->items().empty();
  return std::nullopt;
}

}  // namespace

bool only_keeps(const Filter& filter) noexcept {
  for (const Condition& condition : filter.body.conditions) {
    for (const ConditionNode& node : condition.nodes) {
      if (node.kind == ConditionNode::Kind::kNot) return false;
    }
  }
  for (const SearchIdentifier& identifier : filter.body.identifiers) {
    for (const auto& items : identifier.alternatives) {
      for (const DetectionItem& item : items) {
        for (const AppliedModifier& applied : item.modifiers) {
          if (applied.modifier == Modifier::kNotEqual) return false;
        }
      }
    }
  }
  return true;
}

bool contains(const LogSource& outer, const LogSource& inner) noexcept {
  return (outer.product.empty() || outer.product == inner.product) &&
         (outer.category.empty() || outer.category == inner.category) &&
         (outer.service.empty() || outer.service == inner.service);
}

std::optional<RuleProblem> parse_filter(const YamlNode& root, Filter& filter) {
  filter = {};
  if (auto problem = parse_rule_head(root, filter.body)) return problem;
  const YamlNode* section = root.find("filter");
  if (section == nullptr || !section->is_mapping()) {
    return problem_at(section != nullptr ? *section : root, DiagnosticCode::kSchema,
                      "'filter' is not a mapping");
  }
  if (auto problem = parse_references(*section, filter)) return problem;
  if (const YamlNode* condition = section->find("condition");
      condition != nullptr && condition->is_sequence()) {
    return problem_at(*condition, DiagnosticCode::kSchema,
                      "a filter has one condition, not a list of them");
  }
  return parse_detection(*section, filter.body, kRulesKey);
}

}  // namespace catena::sigma
