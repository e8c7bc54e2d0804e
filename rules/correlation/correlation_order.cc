// SPDX-License-Identifier: Apache-2.0
#include "rules/correlation/correlation_order.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>
#include <utility>

namespace catena::compile {
namespace {

using sigma::ConditionNode;
using sigma::DiagnosticCode;
using Problem = std::optional<sigma::RuleProblem>;

// Rules that must be there and rules that must not, as masks.
struct Term {
  std::uint64_t present = 0;
  std::uint64_t absent = 0;
  friend bool operator==(const Term&, const Term&) = default;
};
using Terms = std::vector<Term>;  // alternatives

// Alternatives on the way to the final ones; more are refused.
constexpr std::size_t kMaxTerms = plan::kMaxOrderedTerms * plan::kMaxOrderedTerms;

std::uint64_t bit(std::uint32_t index) { return std::uint64_t{1} << index; }

void add_term(Terms& terms, const Term& term) {
  if ((term.present & term.absent) != 0) return;  // can never hold
  if (std::find(terms.begin(), terms.end(), term) == terms.end()) terms.push_back(term);
}

Terms either(const std::vector<const Terms*>& parts) {
  Terms all;
  for (const Terms* part : parts) {
    for (const Term& term : *part) add_term(all, term);
  }
  return all;
}

// Empty with `too_many` when there are more than kMaxTerms.
Terms both(const std::vector<const Terms*>& parts, bool& too_many) {
  Terms all = {Term{}};
  for (const Terms* part : parts) {
    Terms next;
    for (const Term& a : all) {
      for (const Term& b : *part) add_term(next, {a.present | b.present, a.absent | b.absent});
      if (next.size() > kMaxTerms) {
        too_many = true;
        return {};
      }
    }
    all = std::move(next);
  }
  return all;
}

// Every choice of `count` of the parts. Choices of fewer parts grow by one part at a time.
Terms at_least(const std::vector<const Terms*>& parts, std::size_t count, bool& too_many) {
  std::vector<Terms> of(count + 1);  // of[k]: k of the parts seen so far
  of[0] = {Term{}};
  for (const Terms* part : parts) {
    for (std::size_t k = count; k > 0; --k) {
      const Terms more = both({&of[k - 1], part}, too_many);
      for (const Term& term : more) add_term(of[k], term);
      if (too_many || of[k].size() > kMaxTerms) {
        too_many = true;
        return {};
      }
    }
  }
  return of[count];
}

// Alternatives of a condition and of its negation, children first.
class Alternatives {
 public:
  explicit Alternatives(const sigma::Condition& condition) : condition_(condition) {}

  // nullopt when there are too many.
  std::optional<Terms> run() {
    for (const ConditionNode& node : condition_.nodes) {
      add(node);
      if (too_many_) return std::nullopt;
    }
    return holds_[condition_.root];
  }

 private:
  void add(const ConditionNode& node) {
    std::vector<Terms> leaves;  // holds, then fails, of quantified names
    std::vector<const Terms*> holds;
    std::vector<const Terms*> fails;
    for (const std::uint32_t child : node.children) {
      holds.push_back(&holds_[child]);
      fails.push_back(&fails_[child]);
    }
    leaves.reserve(2 * node.identifiers.size());
    for (const std::uint32_t rule : node.identifiers) {
      holds.push_back(&leaves.emplace_back(Terms{{bit(rule), 0}}));
      fails.push_back(&leaves.emplace_back(Terms{{0, bit(rule)}}));
    }
    std::size_t count = holds.size();  // how many must hold
    if (node.kind == ConditionNode::Kind::kOr) count = 1;
    if (node.kind == ConditionNode::Kind::kQuantified && node.count != 0) count = node.count;
    Terms yes = count == 1 ? either(holds) : at_least(holds, count, too_many_);
    Terms no = count == holds.size() ? either(fails)
                                     : at_least(fails, holds.size() - count + 1, too_many_);
    if (node.kind == ConditionNode::Kind::kNot) std::swap(yes, no);
    holds_.push_back(std::move(yes));
    fails_.push_back(std::move(no));
  }

  const sigma::Condition& condition_;
  std::vector<Terms> holds_;
  std::vector<Terms> fails_;
  bool too_many_ = false;
};

std::optional<Terms> terms_of_count(const sigma::CorrelationRule& rule) {
  std::int64_t count = 0;
  for (const sigma::CorrelationBound& bound : rule.bounds) {
    const auto value = static_cast<std::int64_t>(bound.value.units / Decimal::kUnitsPerOne);
    const bool above = bound.comparator == sigma::CorrelationBound::Comparator::kGreater;
    count = std::max(count, value + (above ? 1 : 0));
  }
  if (count > static_cast<std::int64_t>(rule.rules.size())) return Terms{};
  std::vector<Terms> leaves;
  leaves.reserve(rule.rules.size());
  std::vector<const Terms*> parts;
  for (std::uint32_t i = 0; i < rule.rules.size(); ++i) {
    parts.push_back(&leaves.emplace_back(Terms{{bit(i), 0}}));
  }
  bool too_many = false;
  Terms terms = at_least(parts, static_cast<std::size_t>(count), too_many);
  return too_many ? std::nullopt : std::optional(std::move(terms));
}

sigma::RuleProblem problem_at(const sigma::CorrelationRule& rule, std::string message,
                              DiagnosticCode code = DiagnosticCode::kCorrelation) {
  return {code, rule.condition_place, std::move(message)};
}

constexpr std::string_view kNeedsEvent =
    "the condition would hold where none of the rules matched; at least one rule must be required";

plan::PresenceNode::Kind kind_of(ConditionNode::Kind kind) {
  switch (kind) {
    case ConditionNode::Kind::kAnd:
      return plan::PresenceNode::Kind::kAnd;
    case ConditionNode::Kind::kOr:
      return plan::PresenceNode::Kind::kOr;
    case ConditionNode::Kind::kNot:
      return plan::PresenceNode::Kind::kNot;
    case ConditionNode::Kind::kQuantified:
      return plan::PresenceNode::Kind::kAtLeast;
    case ConditionNode::Kind::kName:
      break;
  }
  return plan::PresenceNode::Kind::kInput;
}

}  // namespace

std::optional<sigma::RuleProblem> make_presence(const sigma::CorrelationRule& rule,
                                                std::vector<plan::PresenceNode>& presence) {
  std::vector<std::uint32_t> numbers;  // of the condition's nodes among `presence`
  for (const ConditionNode& node : rule.condition->nodes) {
    plan::PresenceNode made;
    made.kind = kind_of(node.kind);
    if (made.kind == plan::PresenceNode::Kind::kInput) {
      made.number = node.identifiers[0];
    } else {
      for (const std::uint32_t input : node.identifiers) {
        made.children.push_back(static_cast<std::uint32_t>(presence.size()));
        presence.push_back({plan::PresenceNode::Kind::kInput, input, {}});
      }
      for (const std::uint32_t child : node.children) made.children.push_back(numbers[child]);
      if (made.kind == plan::PresenceNode::Kind::kAtLeast) {
        made.number =
            node.count != 0 ? node.count : static_cast<std::uint32_t>(made.children.size());
      }
    }
    numbers.push_back(static_cast<std::uint32_t>(presence.size()));
    presence.push_back(std::move(made));
  }
  if (plan::holds(presence, 0)) return problem_at(rule, std::string(kNeedsEvent));
  return std::nullopt;
}

std::optional<sigma::RuleProblem> make_terms(const sigma::CorrelationRule& rule,
                                             std::vector<plan::OrderedTerm>& terms) {
  const auto alternatives =
      rule.condition ? Alternatives(*rule.condition).run() : terms_of_count(rule);
  if (!alternatives || alternatives->size() > plan::kMaxOrderedTerms) {
    return problem_at(rule,
                      "the condition has more than " + std::to_string(plan::kMaxOrderedTerms) +
                          " alternative orders",
                      DiagnosticCode::kLimit);
  }
  if (alternatives->empty()) return problem_at(rule, "the condition can never hold");
  for (const Term& alternative : *alternatives) {
    if (alternative.present == 0) return problem_at(rule, std::string(kNeedsEvent));
    plan::OrderedTerm& term = terms.emplace_back();
    term.absent = alternative.absent;
    for (std::uint32_t i = 0; i < rule.rules.size(); ++i) {
      if ((alternative.present & bit(i)) != 0) term.steps.push_back(i);
    }
  }
  return std::nullopt;
}

}  // namespace catena::compile
