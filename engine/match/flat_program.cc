// SPDX-License-Identifier: Apache-2.0
#include "engine/match/flat_program.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace catena::match {
namespace {

using plan::Node;
using plan::NodeIndex;
using plan::Op;
using plan::Predicate;
using Kind = FlatProgram::Step::Kind;

// Of one test, in units of a comparison; rough, for the order only.
std::uint64_t cost_of(const Predicate& predicate) noexcept {
  constexpr std::uint64_t kValuesOfAnEvent = 30;
  std::uint64_t cost = 0;
  switch (predicate.op) {
    case Op::kExists:
    case Op::kIsNull:
      return 1;
    case Op::kEquals:
    case Op::kStartsWith:
    case Op::kEndsWith:
      cost = 2;
      break;
    case Op::kContains:
      cost = 5;
      break;
    case Op::kWildcard:
      cost = 8;
      break;
    case Op::kRegex:
      cost = predicate.required_text.empty() ? 200 : 60;
      break;
    default:
      cost = 6;
  }
  return predicate.any_field ? cost * kValuesOfAnEvent : cost;
}

// The step that a test becomes when it compares folded text; nullopt for all others.
std::optional<Kind> text_kind(const Predicate& predicate) noexcept {
  if (predicate.any_field || predicate.cased) return std::nullopt;
  switch (predicate.op) {
    case Op::kEquals:
      return Kind::kEquals;
    case Op::kContains:
      return Kind::kContains;
    case Op::kStartsWith:
      return Kind::kStartsWith;
    case Op::kEndsWith:
      return Kind::kEndsWith;
    default:
      return std::nullopt;
  }
}

}  // namespace

class FlatProgram::Writer {
 public:
  Writer(const plan::Plan& plan, const plan::RuleSet& rules, FlatProgram& program)
      : plan_(plan), rules_(rules), program_(program), costs_(plan.nodes.size(), 0) {
    // Children have smaller numbers than their parents.
    for (NodeIndex i = 0; i < plan.nodes.size(); ++i) costs_[i] = cost(plan.nodes[i]);
  }

  void write(NodeIndex index) {
    const Node& node = plan_.nodes[index];
    const std::size_t at = program_.steps_.size();
    program_.steps_.emplace_back();
    switch (node.kind) {
      case Node::Kind::kTrue:
        program_.steps_[at].kind = Kind::kTrue;
        break;
      case Node::Kind::kFalse:
        break;
      case Node::Kind::kPredicate:
        program_.steps_[at] = test(node.first);
        break;
      case Node::Kind::kNot:
        program_.steps_[at].kind = Kind::kNot;
        write(plan_.children[node.first]);
        break;
      case Node::Kind::kAnd:
      case Node::Kind::kOr:
        program_.steps_[at].kind = node.kind == Node::Kind::kAnd ? Kind::kAnd : Kind::kOr;
        for (const NodeIndex child : cheapest_first(node)) write(child);
        break;
    }
    program_.steps_[at].end = static_cast<std::uint32_t>(program_.steps_.size());
  }

 private:
  [[nodiscard]] std::uint64_t cost(const Node& node) const {
    if (node.kind == Node::Kind::kPredicate) return cost_of(rules_.predicates[node.first]);
    std::uint64_t sum = 0;
    for (std::uint32_t i = 0; i < node.count; ++i) sum += costs_[plan_.children[node.first + i]];
    return sum;
  }

  [[nodiscard]] std::vector<NodeIndex> cheapest_first(const Node& node) const {
    const auto first = plan_.children.begin() + node.first;
    std::vector<NodeIndex> children(first, first + node.count);
    std::stable_sort(children.begin(), children.end(),
                     [&](NodeIndex a, NodeIndex b) { return costs_[a] < costs_[b]; });
    return children;
  }

  [[nodiscard]] Step test(plan::PredicateIndex index) {
    const Predicate& predicate = rules_.predicates[index];
    Step step;
    const auto kind = text_kind(predicate);
    if (!kind) {
      step.kind = Kind::kPredicate;
      step.first = index;
      return step;
    }
    step.kind = *kind;
    step.field = predicate.field;
    step.first = static_cast<std::uint32_t>(program_.texts_.size());
    step.size = static_cast<std::uint32_t>(predicate.text.size());
    program_.texts_ += predicate.text;
    return step;
  }

  const plan::Plan& plan_;
  const plan::RuleSet& rules_;
  FlatProgram& program_;
  std::vector<std::uint64_t> costs_;
};

FlatProgram::FlatProgram(const plan::Plan& plan, const plan::RuleSet& rules) {
  Writer writer(plan, rules, *this);
  starts_.reserve(plan.rules.size());
  for (const plan::PlanRule& rule : plan.rules) {
    starts_.push_back(static_cast<std::uint32_t>(steps_.size()));
    writer.write(rule.root);
  }
}

}  // namespace catena::match
