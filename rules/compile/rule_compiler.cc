// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/rule_compiler.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "rules/compile/predicate_maker.h"
#include "rules/compile/resolved_rule.h"
#include "rules/compile/rule_resolver.h"
#include "rules/compile/rule_transformer.h"
#include "rules/sigma/rule_parser.h"

namespace catena::compile {
namespace {

using plan::NodeIndex;
using sigma::ConditionNode;
using sigma::DiagnosticCode;
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
  RuleCompiler(const ResolvedRule& rule, FieldCatalog& catalog, plan::RuleSetBuilder& builder)
      : rule_(rule), catalog_(catalog), builder_(builder) {}

  Problem run(CompiledRule& compiled) {
    for (const ResolvedIdentifier& identifier : rule_.identifiers) {
      std::optional<NodeIndex> node;
      if (auto problem = compile_detection(identifier.detection, node)) return problem;
      identifiers_.push_back(node);
    }
    std::vector<NodeIndex> roots;
    for (const sigma::Condition& condition : rule_.conditions) {
      std::optional<NodeIndex> root;
      if (auto problem = compile_condition(condition, root)) return problem;
      if (root) roots.push_back(*root);
    }
    if (roots.empty()) {
      return sigma::RuleProblem{DiagnosticCode::kPipeline, rule_.source->place,
                                "the processing pipelines leave nothing of the rule's condition"};
    }
    compiled.root = builder_.add_or(roots);
    compiled.warnings = std::move(warnings_);
    return std::nullopt;
  }

 private:
  // No node for a group of which pipelines have dropped everything.
  Problem compile_detection(const DetectionNode& detection, std::optional<NodeIndex>& node) {
    if (detection.kind == DetectionNode::Kind::kItem) return compile_item(detection.item, node);
    std::vector<NodeIndex> children;
    children.reserve(detection.children.size());
    for (const DetectionNode& child : detection.children) {
      std::optional<NodeIndex> child_node;
      if (auto problem = compile_detection(child, child_node)) return problem;
      if (child_node) children.push_back(*child_node);
    }
    if (children.empty()) return std::nullopt;
    node = detection.kind == DetectionNode::Kind::kAny ? builder_.add_or(children)
                                                       : builder_.add_and(children);
    return std::nullopt;
  }

  Problem compile_item(const ResolvedItem& item, std::optional<NodeIndex>& node) {
    std::vector<NodeIndex> values;
    values.reserve(item.values.size());
    for (const ResolvedValue& value : item.values) {
      NodeIndex value_node = 0;
      if (auto problem = compile_value(item, value, value_node)) return problem;
      values.push_back(value_node);
    }
    node = item.all ? builder_.add_and(values) : builder_.add_or(values);
    if (item.negated) node = builder_.add_not(*node);
    return std::nullopt;
  }

  Problem compile_value(const ResolvedItem& item, const ResolvedValue& value, NodeIndex& node) {
    std::vector<NodeIndex> nodes;
    nodes.reserve(value.variants.size());
    for (const ModifiedValue& variant : value.variants) {
      plan::Predicate predicate;
      if (auto problem = make_predicate(item.field, variant, value.place, catalog_, predicate)) {
        return problem;
      }
      if (auto problem = count_predicate(value.place, predicate)) return problem;
      const bool negated = variant.kind == ModifiedValue::Kind::kExists && !variant.exists;
      if (is_any_value(predicate) && !value.is_star) {
        warn(value.place, "this matches any value; write '*' or use 'exists' if that is meant");
      }
      const NodeIndex positive = builder_.add_predicate(std::move(predicate));
      nodes.push_back(negated ? builder_.add_not(positive) : positive);
    }
    node = builder_.add_or(nodes);
    return std::nullopt;
  }

  Problem count_predicate(sigma::Place place, const plan::Predicate& predicate) {
    text_bytes_ += text_bytes(predicate);
    if (++predicates_ > kMaxPredicatesPerRule) return too_many_predicates(place);
    if (text_bytes_ > kMaxTextBytesPerRule) return too_much_text(place);
    return std::nullopt;
  }

  // Children of a condition stand before their parents, so one pass upwards compiles all.
  Problem compile_condition(const sigma::Condition& condition, std::optional<NodeIndex>& root) {
    std::vector<std::optional<NodeIndex>> done;
    done.reserve(condition.nodes.size());
    for (const ConditionNode& node : condition.nodes) {
      std::optional<NodeIndex> compiled;
      if (auto problem = compile_node(node, done, compiled)) return problem;
      done.push_back(compiled);
    }
    root = done[condition.root];
    return std::nullopt;
  }

  Problem compile_node(const ConditionNode& node, const std::vector<std::optional<NodeIndex>>& done,
                       std::optional<NodeIndex>& compiled) {
    std::vector<NodeIndex> children;
    for (const std::uint32_t child : node.children) {
      if (done[child]) children.push_back(*done[child]);
    }
    switch (node.kind) {
      case ConditionNode::Kind::kName:
        compiled = identifiers_[node.identifiers[0]];
        return std::nullopt;
      case ConditionNode::Kind::kAnd:
        if (!children.empty()) compiled = builder_.add_and(children);
        return std::nullopt;
      case ConditionNode::Kind::kOr:
        if (!children.empty()) compiled = builder_.add_or(children);
        return std::nullopt;
      case ConditionNode::Kind::kNot:
        if (!children.empty()) compiled = builder_.add_not(children[0]);
        return std::nullopt;
      case ConditionNode::Kind::kQuantified:
        return compile_quantified(node, compiled);
    }
    return std::nullopt;
  }

  Problem compile_quantified(const ConditionNode& node, std::optional<NodeIndex>& compiled) {
    std::vector<NodeIndex> nodes;
    for (const std::uint32_t index : node.identifiers) {
      if (identifiers_[index]) nodes.push_back(*identifiers_[index]);
    }
    if (nodes.empty()) return std::nullopt;
    if (node.count == 0 || node.count >= nodes.size()) {
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
      return sigma::RuleProblem{DiagnosticCode::kLimit, rule_.source->place,
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

  const ResolvedRule& rule_;
  FieldCatalog& catalog_;
  plan::RuleSetBuilder& builder_;
  std::vector<std::optional<NodeIndex>> identifiers_;
  std::vector<sigma::RuleProblem> warnings_;
  std::size_t predicates_ = 0;
  std::size_t text_bytes_ = 0;
};

}  // namespace

std::optional<sigma::RuleProblem> compile_rule(const sigma::Rule& rule,
                                               const CompileOptions& options, FieldCatalog& catalog,
                                               plan::RuleSetBuilder& builder,
                                               CompiledRule& compiled) {
  ResolvedRule resolved;
  if (auto problem = resolve_rule(rule, options, resolved)) return problem;
  if (options.transformer != nullptr) {
    if (auto problem = options.transformer->transform(resolved)) return problem;
  }
  compiled.log_source = resolved.log_source;
  return RuleCompiler(resolved, catalog, builder).run(compiled);
}

}  // namespace catena::compile
