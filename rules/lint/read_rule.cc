// SPDX-License-Identifier: Apache-2.0
#include "rules/lint/read_rule.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "engine/base/text_fold.h"
#include "rules/compile/predicate_maker.h"
#include "rules/compile/value_modifiers.h"
#include "rules/sigma/detection_parser.h"
#include "rules/sigma/rule_parser.h"

namespace catena::lint {
namespace {

using sigma::ConditionNode;
using sigma::DiagnosticCode;
using yaml::YamlEntry;
using yaml::YamlNode;

class Reader {
 public:
  Reader(const compile::CompileOptions& options, ReadRule& rule) : options_(options), rule_(rule) {}

  void detection(const YamlNode& detection) {
    if (!detection.is_mapping()) return;  // the schema's own finding
    const YamlNode* condition = nullptr;
    for (const YamlEntry& entry : detection.entries()) {
      if (entry.key.text() == "condition") {
        condition = &entry.value;
      } else if (entry.key.text() != "timeframe" && entry.key.text() != "rules" &&
                 rule_.identifiers.size() < sigma::kMaxIdentifiersPerRule) {
        identifier(entry);
      }
    }
    if (condition == nullptr) return;
    if (!condition->is_sequence()) return add_condition(*condition);
    for (const YamlNode& item : condition->items()) {
      if (rule_.conditions.size() < sigma::kMaxConditionsPerRule) add_condition(item);
    }
  }

 private:
  void problem(std::optional<sigma::RuleProblem> found) {
    if (found) rule_.problems.push_back(std::move(*found));
  }

  void identifier(const YamlEntry& entry) {
    ReadIdentifier identifier;
    identifier.name = entry.key.text();
    identifier.place = sigma::place_of(entry.key);
    identifier.is_complete = true;
    if (entry.value.is_mapping()) {
      add_alternative(entry.value, identifier);
    } else if (entry.value.is_sequence()) {
      for (const YamlNode& element : entry.value.items()) add_element(element, identifier);
    } else if (!entry.value.is_null()) {
      add_keyword(entry.value, identifier);
    }
    identifier.is_complete = identifier.is_complete && !identifier.alternatives.empty();
    rule_.identifiers.push_back(std::move(identifier));
  }

  void add_element(const YamlNode& element, ReadIdentifier& identifier) {
    if (element.is_mapping()) return add_alternative(element, identifier);
    if (element.is_scalar() && !element.is_null()) return add_keyword(element, identifier);
    identifier.is_complete = false;
  }

  void add_alternative(const YamlNode& mapping, ReadIdentifier& identifier) {
    std::vector<ReadItem> items;
    for (const YamlEntry& entry : mapping.entries()) {
      ReadItem item;
      auto found = sigma::parse_item(entry, item.item);
      const bool is_read = !found;
      problem(std::move(found));
      if (is_read) {
        make_tests(item);
        identifier.is_complete = identifier.is_complete && item.is_complete;
        items.push_back(std::move(item));
      } else {
        identifier.is_complete = false;
      }
    }
    if (items.empty()) identifier.is_complete = false;
    identifier.alternatives.push_back(std::move(items));
  }

  // Neighbouring keywords are one item, as the rule parser has them.
  void add_keyword(const YamlNode& node, ReadIdentifier& identifier) {
    ReadItem item;
    item.item = sigma::keyword_item(node);
    make_tests(item);
    identifier.is_complete = identifier.is_complete && item.is_complete;
    const bool follows = !identifier.alternatives.empty() &&
                         identifier.alternatives.back().size() == 1 &&
                         identifier.alternatives.back()[0].item.is_keyword() &&
                         identifier.alternatives.back()[0].item.modifiers.empty();
    if (!follows) {
      identifier.alternatives.emplace_back();
      identifier.alternatives.back().push_back(std::move(item));
      return;
    }
    ReadItem& before = identifier.alternatives.back()[0];
    before.item.is_list = true;
    before.item.values.push_back(std::move(item.item.values[0]));
    before.tests.push_back(std::move(item.tests[0]));
    before.is_complete = before.is_complete && item.is_complete;
  }

  void make_tests(ReadItem& read) {
    const sigma::DetectionItem& item = read.item;
    read.is_complete = true;
    if (compile::has_modifier(item, sigma::Modifier::kAll) && item.values.size() < 2) {
      problem(sigma::RuleProblem{DiagnosticCode::kAllWithOneValue, item.place,
                                 "'all' needs a list of two values or more"});
      read.is_complete = false;
    }
    for (const sigma::Value& value : item.values) {
      read.tests.emplace_back();
      if (!make_test(item, value, read.tests.back()) || read.tests.back().empty()) {
        read.tests.back().clear();
        read.is_complete = false;
      }
    }
  }

  bool make_test(const sigma::DetectionItem& item, const sigma::Value& value,
                 std::vector<plan::Predicate>& tests) {
    std::vector<compile::ModifiedValue> variants;
    auto found = compile::apply_modifiers(item, value, options_, variants);
    for (const compile::ModifiedValue& variant : variants) {
      if (found) break;
      tests.emplace_back();
      found =
          compile::make_predicate(item.field, variant, value.place, *rule_.fields, tests.back());
    }
    const bool is_made = !found;
    problem(std::move(found));
    return is_made;
  }

  void add_condition(const YamlNode& node) {
    if (!node.is_scalar() || node.is_null()) return;
    ReadCondition read;
    read.node = &node;
    std::vector<std::string_view> names;
    for (const ReadIdentifier& identifier : rule_.identifiers) names.push_back(identifier.name);
    auto found = sigma::parse_condition(node.text(), read.condition);
    if (!found) found = sigma::resolve_condition(names, read.condition);
    if (found) {
      problem(sigma::RuleProblem{found->code, sigma::place_within(node, found->offset),
                                 "condition: " + found->message});
    } else {
      read.is_resolved = true;
      mark_uses(read.condition);
    }
    rule_.conditions.push_back(std::move(read));
  }

  // Parents stand behind their children, so going down from the end knows each node's sign.
  void mark_uses(const sigma::Condition& condition) {
    std::vector<bool> negated(condition.nodes.size(), false);
    for (std::size_t i = condition.nodes.size(); i-- > 0;) {
      const ConditionNode& node = condition.nodes[i];
      const bool sign = node.kind == ConditionNode::Kind::kNot ? !negated[i] : negated[i];
      for (const std::uint32_t child : node.children) negated[child] = sign;
      for (const std::uint32_t index : node.identifiers) {
        ReadIdentifier& identifier = rule_.identifiers[index];
        (negated[i] ? identifier.is_negated : identifier.is_asserted) = true;
      }
    }
  }

  const compile::CompileOptions& options_;
  ReadRule& rule_;
};

std::string log_source_part(const YamlNode& log_source, std::string_view key) {
  const YamlNode* part = log_source.find(key);
  return part != nullptr && part->is_scalar() && !part->is_null() ? folded(part->text()) : "";
}

}  // namespace

ReadRule read_rule(const YamlNode& root, const YamlNode& detection,
                   const compile::CompileOptions& options) {
  ReadRule rule;
  rule.fields = std::make_unique<FieldCatalog>();
  if (const YamlNode* log_source = root.find("logsource")) {
    rule.log_source = {log_source_part(*log_source, "product"),
                       log_source_part(*log_source, "category"),
                       log_source_part(*log_source, "service")};
  }
  Reader(options, rule).detection(detection);
  return rule;
}

}  // namespace catena::lint
