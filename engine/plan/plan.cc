// SPDX-License-Identifier: Apache-2.0
#include "engine/plan/plan.h"

#include <algorithm>

#include "engine/plan/guards.h"

namespace catena::plan {
namespace {

// Copies one expression into a plan, folding what is known of the event id.
class Specialiser {
 public:
  Specialiser(const RuleSet& rules, FieldId event_id, const EventIdKnowledge& knowledge, Plan& plan)
      : rules_(rules), event_id_(event_id), knowledge_(knowledge), plan_(plan) {}

  NodeIndex copy(NodeIndex index) {
    const Node& node = rules_.nodes[index];
    switch (node.kind) {
      case Node::Kind::kAnd:
      case Node::Kind::kOr:
        return copy_list(node);
      case Node::Kind::kNot:
        return copy_not(node);
      case Node::Kind::kPredicate:
        return copy_predicate(node);
      default:
        return add(node);
    }
  }

 private:
  NodeIndex add(const Node& node) {
    plan_.nodes.push_back(node);
    return static_cast<NodeIndex>(plan_.nodes.size() - 1);
  }

  NodeIndex add_constant(bool value) {
    return add({value ? Node::Kind::kTrue : Node::Kind::kFalse, 0, 0});
  }

  // nullopt: not decided by the event id.
  [[nodiscard]] std::optional<bool> decide(const Predicate& predicate) const {
    if (predicate.any_field || predicate.field != event_id_) return std::nullopt;
    if (knowledge_.kind == EventIdKnowledge::Kind::kUnknown) return std::nullopt;
    if (predicate.op == Op::kExists) return true;
    if (predicate.op == Op::kIsNull) return false;
    if (predicate.op != Op::kEquals || !is_event_id(predicate.text)) return std::nullopt;
    if (knowledge_.kind == EventIdKnowledge::Kind::kOther) return false;
    return predicate.text == knowledge_.text;
  }

  NodeIndex copy_predicate(const Node& node) {
    const auto decided = decide(rules_.predicates[node.first]);
    return decided ? add_constant(*decided) : add(node);
  }

  NodeIndex copy_not(const Node& node) {
    const NodeIndex child = copy(rules_.children[node.first]);
    const Node::Kind kind = plan_.nodes[child].kind;
    if (kind == Node::Kind::kTrue || kind == Node::Kind::kFalse) {
      return add_constant(kind == Node::Kind::kFalse);
    }
    plan_.children.push_back(child);
    return add({Node::Kind::kNot, static_cast<std::uint32_t>(plan_.children.size() - 1), 1});
  }

  NodeIndex copy_list(const Node& node) {
    const bool is_and = node.kind == Node::Kind::kAnd;
    const Node::Kind neutral = is_and ? Node::Kind::kTrue : Node::Kind::kFalse;
    const Node::Kind absorbing = is_and ? Node::Kind::kFalse : Node::Kind::kTrue;
    std::vector<NodeIndex> kept;
    for (std::uint32_t i = 0; i < node.count; ++i) {
      const NodeIndex child = copy(rules_.children[node.first + i]);
      const Node::Kind kind = plan_.nodes[child].kind;
      if (kind == absorbing) return add_constant(!is_and);
      if (kind != neutral) kept.push_back(child);
    }
    if (kept.empty()) return add_constant(is_and);
    if (kept.size() == 1) return kept.front();
    const auto first = static_cast<std::uint32_t>(plan_.children.size());
    plan_.children.insert(plan_.children.end(), kept.begin(), kept.end());
    return add({node.kind, first, static_cast<std::uint32_t>(kept.size())});
  }

  const RuleSet& rules_;
  FieldId event_id_;
  const EventIdKnowledge& knowledge_;
  Plan& plan_;
};

}  // namespace

bool is_event_id(std::string_view text) noexcept {
  return !text.empty() && text.size() <= kMaxEventIdDigits &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

PlanBuilder::PlanBuilder(const RuleSet& rules, FieldId event_id, LiteralFrequency frequency)
    : rules_(rules), event_id_(event_id), frequency_(std::move(frequency)) {
  for (const Predicate& predicate : rules.predicates) {
    if (!predicate.any_field && predicate.field == event_id && predicate.op == Op::kEquals &&
        is_event_id(predicate.text)) {
      event_ids_.push_back(predicate.text);
    }
  }
  std::sort(event_ids_.begin(), event_ids_.end());
  event_ids_.erase(std::unique(event_ids_.begin(), event_ids_.end()), event_ids_.end());
}

Plan PlanBuilder::build(const LogSource& log_source, const EventIdKnowledge& event_id) const {
  Plan plan;
  Specialiser specialiser(rules_, event_id_, event_id, plan);
  for (std::size_t i = 0; i < rules_.rules.size(); ++i) {
    if (!applies(rules_.rules[i].log_source, log_source)) continue;
    const NodeIndex root = specialiser.copy(rules_.rules[i].root);
    if (plan.nodes[root].kind == Node::Kind::kFalse) continue;
    PlanRule rule;
    rule.rule = static_cast<RuleIndex>(i);
    rule.root = root;
    rule.guards = guards_of(rules_, plan, root, frequency_);
    plan.rules.push_back(std::move(rule));
  }
  return plan;
}

}  // namespace catena::plan
