// SPDX-License-Identifier: Apache-2.0
#include "rules/sigma/correlation_condition.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "rules/sigma/correlation_parser.h"
#include "rules/sigma/detection_parser.h"

namespace catena::sigma {
namespace {

using yaml::YamlEntry;
using yaml::YamlNode;
using Problem = std::optional<RuleProblem>;
using Comparator = CorrelationBound::Comparator;

constexpr std::array<std::string_view, 6> kComparators = {"gt", "gte", "lt", "lte", "eq", "neq"};
constexpr std::array<std::string_view, 6> kSigns = {">", ">=", "<", "<=", "=", "!="};
constexpr std::int64_t kPercentileScale = 1'000;

RuleProblem problem_at(const YamlNode& node, std::string message,
                       DiagnosticCode code = DiagnosticCode::kCorrelation) {
  return {code, place_of(node), std::move(message)};
}

bool takes_field(CorrelationKind kind) {
  return kind != CorrelationKind::kEventCount && !is_temporal(kind);
}

// Counts are whole and not negative; what is summed up may be anything.
bool is_count(CorrelationKind kind) {
  return kind == CorrelationKind::kValueCount || !takes_field(kind);
}

class ConditionReader {
 public:
  ConditionReader(const YamlNode& section, CorrelationRule& rule)
      : section_(section), rule_(rule) {}

  Problem run() {
    const YamlNode* condition = section_.find("condition");
    if (condition == nullptr || condition->is_null()) return read_default();
    rule_.condition_place = place_of(*condition);
    if (condition->is_scalar()) return read_boolean(*condition);
    if (!condition->is_mapping()) {
      return problem_at(*condition, "the condition is neither a mapping nor an expression");
    }
    if (rule_.rules.empty()) return problem_at(section_, "the correlation has no 'rules'");
    for (const YamlEntry& entry : condition->entries()) {
      if (auto problem = read_entry(entry)) return problem;
    }
    return check(*condition);
  }

 private:
  // All the rules must be there.
  Problem read_default() {
    if (!is_temporal(rule_.kind)) return problem_at(section_, "the correlation has no 'condition'");
    if (rule_.rules.empty()) return problem_at(section_, "the correlation has no 'rules'");
    rule_.condition_place = rule_.place;
    rule_.bounds.push_back({Comparator::kGreaterEqual,
                            Decimal::whole(static_cast<std::int64_t>(rule_.rules.size())),
                            rule_.place});
    rule_.condition_text = "all of " + std::to_string(rule_.rules.size()) + " rules";
    return std::nullopt;
  }

  Problem read_boolean(const YamlNode& node) {
    if (!is_temporal(rule_.kind)) {
      return problem_at(node,
                        "only temporal and temporal_ordered take a boolean condition; write "
                        "for instance 'gte: 10'");
    }
    Condition condition;
    if (auto problem = parse_condition(node.text(), condition)) {
      return RuleProblem{problem->code, place_of(node), "condition: " + problem->message};
    }
    if (rule_.rules.empty()) take_rules(node, condition);
    std::vector<std::string_view> names;
    for (const Named& rule : rule_.rules) names.push_back(rule.name);
    if (auto problem = resolve_condition(names, condition)) {
      return RuleProblem{problem->code, place_of(node),
                         "condition over 'rules': " + problem->message};
    }
    if (names.empty()) return problem_at(node, "the condition names no rule");
    if (names.size() > kMaxTemporalRules) {
      return problem_at(node, "more than " + std::to_string(kMaxTemporalRules) + " rules",
                        DiagnosticCode::kLimit);
    }
    rule_.condition_text = node.text();
    rule_.condition = std::move(condition);
    return check_all_used(node);
  }

  // Names in the order in which they appear.
  void take_rules(const YamlNode& node, const Condition& condition) {
    std::vector<const ConditionNode*> named;
    for (const ConditionNode& part : condition.nodes) {
      if (part.kind == ConditionNode::Kind::kName) named.push_back(&part);
    }
    std::stable_sort(named.begin(), named.end(),
                     [](const auto* a, const auto* b) { return a->offset < b->offset; });
    for (const ConditionNode* part : named) {
      const bool known = std::any_of(rule_.rules.begin(), rule_.rules.end(),
                                     [&](const Named& rule) { return rule.name == part->name; });
      if (!known) rule_.rules.push_back({part->name, place_of(node)});
    }
  }

  Problem check_all_used(const YamlNode& node) const {
    std::vector<bool> used(rule_.rules.size(), false);
    for (const ConditionNode& part : rule_.condition->nodes) {
      for (const std::uint32_t index : part.identifiers) used[index] = true;
    }
    for (std::size_t i = 0; i < used.size(); ++i) {
      if (used[i]) continue;
      return problem_at(node, "the condition does not use the rule '" + rule_.rules[i].name + "'");
    }
    return std::nullopt;
  }

  Problem read_entry(const YamlEntry& entry) {
    const std::string& key = entry.key.text();
    if (key == "field") return read_fields(entry);
    if (key == "percentile") return read_percentile(entry);
    const auto found = std::find(kComparators.begin(), kComparators.end(), key);
    if (found == kComparators.end()) {
      return problem_at(entry.key, "unknown key '" + key +
                                       "' in a condition: gt, gte, lt, lte, eq, neq, field or "
                                       "percentile");
    }
    const auto index = static_cast<std::size_t>(found - kComparators.begin());
    return read_bound(entry.value, index);
  }

  Problem read_bound(const YamlNode& node, std::size_t comparator) {
    const auto value = node.is_scalar() ? parse_decimal(node.text()) : std::nullopt;
    if (!value || !node.is_plain()) {
      return problem_at(node, "'" + node.text() + "' is not a number to compare with");
    }
    if (is_count(rule_.kind) && (value->units < 0 || value->units % Decimal::kUnitsPerOne != 0)) {
      return problem_at(node, "'" + node.text() + "' is not a count");
    }
    if (is_count(rule_.kind) && *value > Decimal::whole(kMaxCountBound)) {
      return problem_at(node, "counts are compared up to " + std::to_string(kMaxCountBound),
                        DiagnosticCode::kLimit);
    }
    rule_.bounds.push_back({static_cast<Comparator>(comparator), *value, place_of(node)});
    rule_.condition_text += (rule_.condition_text.empty() ? "" : " and ") +
                            std::string(kSigns[comparator]) + " " + format_decimal(*value);
    return std::nullopt;
  }

  Problem read_fields(const YamlEntry& entry) {
    if (!takes_field(rule_.kind)) {
      return problem_at(entry.key, "this type of correlation takes no 'field'");
    }
    const YamlNode& node = entry.value;
    std::vector<const YamlNode*> items;
    if (node.is_scalar()) items.push_back(&node);
    for (const YamlNode& item : node.items()) items.push_back(&item);
    for (const YamlNode* item : items) {
      if (!item->is_scalar() || item->is_null() || item->text().empty() ||
          item->text().size() > kMaxFieldNameBytes) {
        return problem_at(*item, "'field' does not name a field");
      }
      rule_.value_fields.push_back({item->text(), place_of(*item)});
    }
    if (items.empty() || items.size() > kMaxCorrelationFields) {
      return problem_at(
          node, "'field' names no field, or more than " + std::to_string(kMaxCorrelationFields));
    }
    return std::nullopt;
  }

  Problem read_percentile(const YamlEntry& entry) {
    if (rule_.kind != CorrelationKind::kValuePercentile) {
      return problem_at(entry.key, "only value_percentile takes a 'percentile'");
    }
    const auto value = entry.value.is_scalar() ? parse_decimal(entry.value.text()) : std::nullopt;
    constexpr std::int64_t kUnit = Decimal::kUnitsPerOne / kPercentileScale;
    if (!value || value->units < 0 || *value > Decimal::whole(100) || value->units % kUnit != 0) {
      return problem_at(entry.value, "'" + entry.value.text() +
                                         "' is not a percentile: 0 to 100, with at most three "
                                         "digits after the point");
    }
    rule_.percentile = static_cast<std::uint32_t>(value->units / kUnit);
    return std::nullopt;
  }

  Problem check(const YamlNode& condition) {
    if (rule_.bounds.empty()) {
      return problem_at(condition,
                        "the condition compares with nothing: gt, gte, lt, lte, eq, neq");
    }
    if (takes_field(rule_.kind) && rule_.value_fields.empty()) {
      return problem_at(condition, "the condition has no 'field'");
    }
    if (takes_field(rule_.kind) && !is_count(rule_.kind) && rule_.value_fields.size() > 1) {
      return problem_at(condition, "only value_count takes several fields");
    }
    if (rule_.kind == CorrelationKind::kValuePercentile && !rule_.percentile) {
      return problem_at(condition,
                        "value_percentile needs 'percentile' (for instance 95) beside the "
                        "comparison: the specification does not say which one is meant otherwise");
    }
    return check_order_count();
  }

  // "in this order" has a meaning for all or for at least so many of the steps.
  Problem check_order_count() {
    if (rule_.kind != CorrelationKind::kTemporalOrdered) return std::nullopt;
    const Decimal all = Decimal::whole(static_cast<std::int64_t>(rule_.rules.size()));
    for (const CorrelationBound& bound : rule_.bounds) {
      const bool from_below = bound.comparator == Comparator::kGreater ||
                              bound.comparator == Comparator::kGreaterEqual ||
                              (bound.comparator == Comparator::kEqual && bound.value == all);
      if (from_below) continue;
      return RuleProblem{DiagnosticCode::kCorrelation, bound.place,
                         "temporal_ordered can be asked for at least so many steps (gt, gte), not "
                         "for at most or for exactly so many"};
    }
    return std::nullopt;
  }

  const YamlNode& section_;
  CorrelationRule& rule_;
};

}  // namespace

std::optional<RuleProblem> parse_correlation_condition(const YamlNode& section,
                                                       CorrelationRule& rule) {
  return ConditionReader(section, rule).run();
}

}  // namespace catena::sigma
