// SPDX-License-Identifier: Apache-2.0
#include "engine/plan/guards.h"

#include <algorithm>

#include "engine/base/text_fold.h"

namespace catena::plan {
namespace {

struct Estimated {
  Clause literals;
  double cost = 0;  // expected hits per event, roughly
};

constexpr std::size_t kMinScannedBytes = 3;  // of a regular expression's text
constexpr std::size_t kManyLiterals = 64;
constexpr std::size_t kShortenedBytes = 3;

// A guard that lets fewer events through than this needs no further clause.
constexpr double kRareEnough = 1.0 / 1024;

std::optional<PlanLiteral> of_wildcard(const Predicate& predicate, PlanLiteral literal) {
  const auto& parts = predicate.wildcard;
  std::size_t best = parts.size();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].kind != WildcardPart::Kind::kLiteral) continue;
    if (best == parts.size() || parts[i].text.size() > parts[best].text.size()) best = i;
  }
  if (best == parts.size()) return std::nullopt;
  literal.text = folded(parts[best].text);
  if (best == 0) literal.anchor = PlanLiteral::Anchor::kStart;
  if (best + 1 == parts.size()) {
    literal.anchor = best == 0 ? PlanLiteral::Anchor::kBoth : PlanLiteral::Anchor::kEnd;
  }
  return literal;
}

// A text in every value for which the predicate holds.
std::optional<PlanLiteral> literal_of(const Predicate& predicate) {
  PlanLiteral literal;
  literal.field = predicate.any_field ? kUnknownField : predicate.field;
  switch (predicate.op) {
    case Op::kEquals:
      literal.anchor = PlanLiteral::Anchor::kBoth;
      break;
    case Op::kContains:
      break;
    case Op::kStartsWith:
      literal.anchor = PlanLiteral::Anchor::kStart;
      break;
    case Op::kEndsWith:
      literal.anchor = PlanLiteral::Anchor::kEnd;
      break;
    case Op::kWildcard:
      return of_wildcard(predicate, std::move(literal));
    case Op::kRegex:
      // Shorter ones are worth a look before the expression runs, but not a place in the scan.
      if (predicate.required_text.size() >= kMinScannedBytes)
        literal.text = predicate.required_text;
      return literal;
    default:
      return std::nullopt;
  }
  literal.text = folded(predicate.text);
  return literal;
}

// In a clause of many texts those of other scripts (a list of a thousand emoji) are cut to their
// first bytes: that is as rare in logs, and leaves few texts to look for.
void shorten(Clause& clause) {
  if (clause.size() <= kManyLiterals) return;
  for (PlanLiteral& literal : clause) {
    if (literal.anchor == PlanLiteral::Anchor::kNone && literal.text.size() > kShortenedBytes &&
        static_cast<unsigned char>(literal.text[0]) >= 0x80) {
      literal.text.resize(kShortenedBytes);
    }
  }
}

void sort_unique(Clause& clause) {
  shorten(clause);
  std::sort(clause.begin(), clause.end());
  clause.erase(std::unique(clause.begin(), clause.end()), clause.end());
}

class GuardFinder {
 public:
  GuardFinder(const RuleSet& rules, const Plan& plan, const LiteralFrequency& frequency)
      : rules_(rules), plan_(plan), frequency_(frequency) {}

  [[nodiscard]] std::vector<Guard> guards(NodeIndex index) const {
    const Node& node = plan_.nodes[index];
    if (node.kind == Node::Kind::kOr) return alternatives(index);
    if (node.kind == Node::Kind::kAnd) return {conjunction(node)};
    auto clause = find(index);
    if (!clause) return {};
    sort_unique(clause->literals);
    return {{std::move(clause->literals)}};
  }

 private:
  // The cheapest clause of an expression.
  [[nodiscard]] std::optional<Estimated> find(NodeIndex index) const {
    const Node& node = plan_.nodes[index];
    switch (node.kind) {
      case Node::Kind::kPredicate:
        return single(rules_.predicates[node.first]);
      case Node::Kind::kAnd: {
        auto clauses = clauses_of(node);
        return clauses.empty() ? std::nullopt : std::optional(std::move(clauses.front()));
      }
      case Node::Kind::kOr:
        return union_of(node);
      default:
        return std::nullopt;
    }
  }

  [[nodiscard]] std::optional<Estimated> single(const Predicate& predicate) const {
    auto literal = literal_of(predicate);
    if (!literal || literal->text.empty()) return std::nullopt;
    Estimated clause;
    clause.cost = frequency_.of(*literal);
    clause.literals.push_back(std::move(*literal));
    return clause;
  }

  // Every child must hold, so each child's clause is one of the whole. Cheapest first.
  [[nodiscard]] std::vector<Estimated> clauses_of(const Node& node) const {
    std::vector<Estimated> clauses;
    for (std::uint32_t i = 0; i < node.count; ++i) {
      const NodeIndex child = plan_.children[node.first + i];
      if (plan_.nodes[child].kind == Node::Kind::kAnd) {
        auto nested = clauses_of(plan_.nodes[child]);
        std::move(nested.begin(), nested.end(), std::back_inserter(clauses));
      } else if (auto clause = find(child)) {
        clauses.push_back(std::move(*clause));
      }
    }
    std::stable_sort(clauses.begin(), clauses.end(),
                     [](const Estimated& a, const Estimated& b) { return a.cost < b.cost; });
    return clauses;
  }

  [[nodiscard]] Guard conjunction(const Node& node) const {
    Guard guard;
    double cost = 1;
    for (Estimated& clause : clauses_of(node)) {
      if (guard.size() == kMaxClauses || cost < kRareEnough) break;
      if (!guard.empty() && clause.cost >= 1) break;
      cost *= std::min(clause.cost, 1.0);
      sort_unique(clause.literals);
      guard.push_back(std::move(clause.literals));
    }
    return guard;
  }

  // One child must hold: all the children's clauses together.
  [[nodiscard]] std::optional<Estimated> union_of(const Node& node) const {
    Estimated all;
    for (std::uint32_t i = 0; i < node.count; ++i) {
      auto clause = find(plan_.children[node.first + i]);
      if (!clause) return std::nullopt;
      all.cost += clause->cost;
      std::move(clause->literals.begin(), clause->literals.end(), std::back_inserter(all.literals));
    }
    return all;
  }

  // One child must hold: each child's guards, those of one clause together in one.
  [[nodiscard]] std::vector<Guard> alternatives(NodeIndex index) const {
    const Node& node = plan_.nodes[index];
    std::vector<Guard> result;
    Clause single;
    for (std::uint32_t i = 0; i < node.count; ++i) {
      auto guards_of_child = guards(plan_.children[node.first + i]);
      if (guards_of_child.empty()) return {};
      for (Guard& guard : guards_of_child) {
        if (guard.empty()) return {};
        if (guard.size() > 1) {
          result.push_back(std::move(guard));
        } else {
          std::move(guard[0].begin(), guard[0].end(), std::back_inserter(single));
        }
      }
    }
    if (result.size() >= kMaxGuards) {
      auto clause = union_of(node);
      if (!clause) return {};
      single = std::move(clause->literals);
      result.clear();
    }
    sort_unique(single);
    if (!single.empty()) result.push_back({std::move(single)});
    return result;
  }

  const RuleSet& rules_;
  const Plan& plan_;
  const LiteralFrequency& frequency_;
};

}  // namespace

std::vector<Guard> guards_of(const RuleSet& rules, const Plan& plan, NodeIndex root,
                             const LiteralFrequency& frequency) {
  auto guards = GuardFinder(rules, plan, frequency).guards(root);
  if (std::any_of(guards.begin(), guards.end(), [](const Guard& guard) { return guard.empty(); })) {
    return {};
  }
  return guards;
}

}  // namespace catena::plan
