// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/rule_compiler.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "rules/compile/predicate_maker.h"
#include "rules/compile/value_modifiers.h"
#include "rules/sigma/rule_parser.h"

namespace catena::compile {
namespace {

using plan::NodeIndex;
using sigma::ConditionNode;
using sigma::DetectionItem;
using sigma::DiagnosticCode;
using sigma::Modifier;
using Problem = std::optional<sigma::RuleProblem>;

// Calls `use` with every way to choose `count` of `from`; stops after `max_choices`, returning
// false.
template <typename Use>
bool each_choice(const std::vector<NodeIndex>& from, std::size_t count, std::size_t max_choices,
                 Use use) {
  std::vector<std::size_t> chosen(count);
  for (std::size_t i = 0; i < count; ++i) chosen[i] = i;
  for (std::size_t made = 0; made < max_choices; ++made) {
    std::vector<NodeIndex> choice;
    for (const std::size_t index : chosen) choice.push_back(from[index]);
    use(choice);
    std::size_t last = count;  // the last index that can still move up
    while (last > 0 && chosen[last - 1] == from.size() - count + last - 1) --last;
    if (last == 0) return true;
    ++chosen[last - 1];
    for (std::size_t i = last; i < count; ++i) chosen[i] = chosen[i - 1] + 1;
  }
  return false;
}

class RuleCompiler {
 public:
  RuleCompiler(const sigma::Rule& rule, const CompileOptions& options, FieldCatalog& catalog,
               plan::RuleSetBuilder& builder)
      : rule_(rule), options_(options), catalog_(catalog), builder_(builder) {}

  Problem run(CompiledRule& compiled) {
    for (const sigma::SearchIdentifier& identifier : rule_.identifiers) {
      NodeIndex node = 0;
      if (auto problem = compile_identifier(identifier, node)) return problem;
      identifiers_.push_back(node);
    }
    std::vector<NodeIndex> roots;
    for (const sigma::Condition& condition : rule_.conditions) {
      NodeIndex root = 0;
      if (auto problem = compile_condition(condition, root)) return problem;
      roots.push_back(root);
    }
    compiled.root = builder_.add_or(roots);
    compiled.warnings = std::move(warnings_);
    return std::nullopt;
  }

 private:
  Problem compile_identifier(const sigma::SearchIdentifier& identifier, NodeIndex& node) {
    std::vector<NodeIndex> alternatives;
    for (const std::vector<DetectionItem>& items : identifier.alternatives) {
      std::vector<NodeIndex> conjunction;
      for (const DetectionItem& item : items) {
        NodeIndex item_node = 0;
        if (auto problem = compile_item(item, item_node)) return problem;
        conjunction.push_back(item_node);
      }
      alternatives.push_back(builder_.add_and(conjunction));
    }
    node = builder_.add_or(alternatives);
    return std::nullopt;
  }

  Problem compile_item(const DetectionItem& item, NodeIndex& node) {
    const bool all = has_modifier(item, Modifier::kAll);
    if (all && item.values.size() < 2) {
      return sigma::RuleProblem{DiagnosticCode::kAllWithOneValue, item.place,
                                "'all' needs a list of two values or more"};
    }
    std::vector<NodeIndex> values;
    values.reserve(item.values.size());
    for (const sigma::Value& value : item.values) {
      NodeIndex value_node = 0;
      if (auto problem = compile_value(item, value, value_node)) return problem;
      values.push_back(value_node);
    }
    node = all ? builder_.add_and(values) : builder_.add_or(values);
    if (has_modifier(item, Modifier::kNotEqual)) node = builder_.add_not(node);
    return std::nullopt;
  }

  Problem compile_value(const DetectionItem& item, const sigma::Value& value, NodeIndex& node) {
    std::vector<ModifiedValue> variants;
    if (auto problem = apply_modifiers(item, value, options_, variants)) return problem;
    std::vector<NodeIndex> nodes;
    nodes.reserve(variants.size());
    for (const ModifiedValue& variant : variants) {
      plan::Predicate predicate;
      if (auto problem = make_predicate(item, value, variant, catalog_, predicate)) return problem;
      if (auto problem = count_predicate(value, predicate)) return problem;
      const bool negated = variant.kind == ModifiedValue::Kind::kExists && !variant.exists;
      if (is_any_value(predicate) && value.text != "*") {
        warn(value.place, "this matches any value; write '*' or use 'exists' if that is meant");
      }
      const NodeIndex positive = builder_.add_predicate(std::move(predicate));
      nodes.push_back(negated ? builder_.add_not(positive) : positive);
    }
    node = builder_.add_or(nodes);
    return std::nullopt;
  }

  Problem count_predicate(const sigma::Value& value, const plan::Predicate& predicate) {
    text_bytes_ += text_bytes(predicate);
    if (++predicates_ > kMaxPredicatesPerRule) {
      return sigma::RuleProblem{
          DiagnosticCode::kLimit, value.place,
          "the rule has more than " + std::to_string(kMaxPredicatesPerRule) + " predicates"};
    }
    if (text_bytes_ > kMaxTextBytesPerRule) {
      return sigma::RuleProblem{
          DiagnosticCode::kLimit, value.place,
          "the rule's values are longer than " + std::to_string(kMaxTextBytesPerRule) + " bytes"};
    }
    return std::nullopt;
  }

  // Children of a condition stand before their parents, so one pass upwards compiles all.
  Problem compile_condition(const sigma::Condition& condition, NodeIndex& root) {
    std::vector<NodeIndex> done;
    done.reserve(condition.nodes.size());
    for (const ConditionNode& node : condition.nodes) {
      NodeIndex compiled = 0;
      if (auto problem = compile_node(node, done, compiled)) return problem;
      done.push_back(compiled);
    }
    root = done[condition.root];
    return std::nullopt;
  }

  Problem compile_node(const ConditionNode& node, const std::vector<NodeIndex>& done,
                       NodeIndex& compiled) {
    std::vector<NodeIndex> children;
    for (const std::uint32_t child : node.children) children.push_back(done[child]);
    switch (node.kind) {
      case ConditionNode::Kind::kName:
        compiled = identifiers_[node.identifiers[0]];
        return std::nullopt;
      case ConditionNode::Kind::kAnd:
        compiled = builder_.add_and(children);
        return std::nullopt;
      case ConditionNode::Kind::kOr:
        compiled = builder_.add_or(children);
        return std::nullopt;
      case ConditionNode::Kind::kNot:
        compiled = builder_.add_not(children[0]);
        return std::nullopt;
      case ConditionNode::Kind::kQuantified:
        return compile_quantified(node, compiled);
    }
    return std::nullopt;
  }

  Problem compile_quantified(const ConditionNode& node, NodeIndex& compiled) {
    std::vector<NodeIndex> nodes;
    for (const std::uint32_t index : node.identifiers) nodes.push_back(identifiers_[index]);
    if (node.count == 0 || node.count == nodes.size()) {
      compiled = builder_.add_and(nodes);
      return std::nullopt;
    }
    if (node.count == 1) {
      compiled = builder_.add_or(nodes);
      return std::nullopt;
    }
    std::vector<NodeIndex> choices;
    const bool complete = each_choice(
        nodes, node.count, kMaxQuantifierChoices,
        [&](const std::vector<NodeIndex>& c) { choices.push_back(builder_.add_and(c)); });
    if (!complete) {
      return sigma::RuleProblem{DiagnosticCode::kLimit, rule_.place,
                                "'" + std::to_string(node.count) + " of " + node.name +
                                    "' stands for more than " +
                                    std::to_string(kMaxQuantifierChoices) + " combinations"};
    }
    compiled = builder_.add_or(choices);
    return std::nullopt;
  }

  void warn(sigma::Place place, std::string message) {
    if (warnings_.size() >= sigma::kMaxWarningsPerRule) return;
    warnings_.push_back({DiagnosticCode::kLint, place, std::move(message)});
  }

  const sigma::Rule& rule_;
  const CompileOptions& options_;
  FieldCatalog& catalog_;
  plan::RuleSetBuilder& builder_;
  std::vector<NodeIndex> identifiers_;
  std::vector<sigma::RuleProblem> warnings_;
  std::size_t predicates_ = 0;
  std::size_t text_bytes_ = 0;
};

}  // namespace

std::optional<sigma::RuleProblem> compile_rule(const sigma::Rule& rule,
                                               const CompileOptions& options, FieldCatalog& catalog,
                                               plan::RuleSetBuilder& builder,
                                               CompiledRule& compiled) {
  return RuleCompiler(rule, options, catalog, builder).run(compiled);
}

}  // namespace catena::compile
