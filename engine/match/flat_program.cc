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
double cost_of(const Predicate& predicate) noexcept {
  constexpr double kValuesOfAnEvent = 30;
  double cost = 0;
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

// The chance that a test holds; rough, for the order only.
double chance_of(const Predicate& predicate, const plan::LiteralFrequency& frequency) {
  using Anchor = plan::PlanLiteral::Anchor;
  plan::PlanLiteral literal{predicate.field, Anchor::kNone, predicate.text};
  switch (predicate.op) {
    case Op::kEquals:
      literal.anchor = Anchor::kBoth;
      break;
    case Op::kStartsWith:
      literal.anchor = Anchor::kStart;
      break;
    case Op::kEndsWith:
      literal.anchor = Anchor::kEnd;
      break;
    case Op::kContains:
      break;
    case Op::kRegex:
      return 0.01;
    case Op::kWildcard:
    case Op::kCidr:
    case Op::kIsNull:
      return 0.1;
    default:
      return 0.5;
  }
  return predicate.text.empty() ? 0.1 : frequency.of(literal);
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
  Writer(const plan::Plan& plan, const plan::RuleSet& rules,
         const plan::LiteralFrequency& frequency, FlatProgram& program)
      : plan_(plan), rules_(rules), program_(program) {
    // Children have smaller numbers than their parents.
    guesses_.reserve(plan.nodes.size());
    for (const Node& node : plan.nodes) guesses_.push_back(guess(node, frequency));
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
        for (const NodeIndex child : best_first(node)) write(child);
        break;
    }
    program_.steps_[at].end = static_cast<std::uint32_t>(program_.steps_.size());
  }

 private:
  struct Guess {
    double cost = 0;
    double chance = 0;  // to hold
  };

  [[nodiscard]] Guess guess(const Node& node, const plan::LiteralFrequency& frequency) const {
    constexpr double kLeast = 1e-9;
    if (node.kind == Node::Kind::kTrue || node.kind == Node::Kind::kFalse) {
      return {0, node.kind == Node::Kind::kTrue ? 1.0 : 0.0};
    }
    if (node.kind == Node::Kind::kPredicate) {
      const Predicate& predicate = rules_.predicates[node.first];
      return {cost_of(predicate), chance_of(predicate, frequency)};
    }
    double cost = 0;
    double all = 1;
    double none = 1;
    for (std::uint32_t i = 0; i < node.count; ++i) {
      const Guess& child = guesses_[plan_.children[node.first + i]];
      cost += child.cost;
      all = std::max(all * child.chance, kLeast);
      none = std::max(none * (1 - child.chance), kLeast);
    }
    if (node.kind == Node::Kind::kNot) return {cost, none};
    return {cost, node.kind == Node::Kind::kAnd ? all : 1 - none};
  }

  // What decides the whole soonest for its cost stands first.
  [[nodiscard]] std::vector<NodeIndex> best_first(const Node& node) const {
    constexpr double kLeast = 1e-9;
    const auto first = plan_.children.begin() + node.first;
    std::vector<NodeIndex> children(first, first + node.count);
    const auto rank = [&](NodeIndex index) {
      const Guess& guess = guesses_[index];
      const double decides = node.kind == Node::Kind::kOr ? guess.chance : 1 - guess.chance;
      return guess.cost / std::max(decides, kLeast);
    };
    std::stable_sort(children.begin(), children.end(),
                     [&](NodeIndex a, NodeIndex b) { return rank(a) < rank(b); });
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
  std::vector<Guess> guesses_;  // by node
};

FlatProgram::FlatProgram(const plan::Plan& plan, const plan::RuleSet& rules,
                         const plan::LiteralFrequency& frequency) {
  Writer writer(plan, rules, frequency, *this);
  starts_.reserve(plan.rules.size());
  for (const plan::PlanRule& rule : plan.rules) {
    starts_.push_back(static_cast<std::uint32_t>(steps_.size()));
    writer.write(rule.root);
  }
}

}  // namespace catena::match
