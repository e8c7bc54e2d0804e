// SPDX-License-Identifier: Apache-2.0
#include "engine/plan/required_literals.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/base/text_fold.h"

namespace catena::plan {
namespace {

struct Clause {
  std::vector<PlanLiteral> literals;
  double cost = 0;  // expected hits per event, roughly
};

// Texts that are in most Windows events: a literal inside one of them filters little.
constexpr std::array<std::string_view, 14> kUbiquitous = {
    "c:\\windows\\system32\\",
    "c:\\windows\\syswow64\\",
    "c:\\program files (x86)\\",
    "c:\\program files\\",
    "\\windowspowershell\\v1.0\\",
    ".exe",
    "microsoft corporation",
    "microsoft® windows® operating system",
    "\\appdata\\local\\temp\\",
    "c:\\users\\",
    "nt authority\\system",
    "hklm\\software\\microsoft\\windows\\currentversion\\",
    "\\svchost.exe",
    ".dll"};

double hit_estimate(const PlanLiteral& literal) {
  const bool common = std::any_of(
      kUbiquitous.begin(), kUbiquitous.end(),
      [&](std::string_view text) { return text.find(literal.text) != std::string_view::npos; });
  // Each further character makes a chance hit rarer; anchors count like two characters.
  double effective = static_cast<double>(literal.text.size());
  if (literal.anchor != PlanLiteral::Anchor::kNone) effective += 2;
  if (literal.anchor == PlanLiteral::Anchor::kBoth) effective += 2;
  const double chance = std::pow(0.5, std::min(effective, 24.0));
  return common && literal.anchor != PlanLiteral::Anchor::kBoth ? 0.3 + chance : chance;
}

std::optional<Clause> single(PlanLiteral literal) {
  if (literal.text.empty()) return std::nullopt;
  Clause clause;
  clause.cost = hit_estimate(literal);
  clause.literals.push_back(std::move(literal));
  return clause;
}

std::optional<Clause> of_wildcard(const Predicate& predicate, PlanLiteral literal) {
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
  return single(std::move(literal));
}

std::optional<Clause> of_predicate(const Predicate& predicate) {
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
      literal.text = predicate.required_text;
      return single(std::move(literal));
    default:
      return std::nullopt;
  }
  literal.text = folded(predicate.text);
  return single(std::move(literal));
}

class ClauseFinder {
 public:
  ClauseFinder(const RuleSet& rules, const Plan& plan) : rules_(rules), plan_(plan) {}

  std::optional<Clause> find(NodeIndex index) const {
    const Node& node = plan_.nodes[index];
    switch (node.kind) {
      case Node::Kind::kPredicate:
        return of_predicate(rules_.predicates[node.first]);
      case Node::Kind::kAnd:
        return cheapest(node);
      case Node::Kind::kOr:
        return union_of(node);
      default:
        return std::nullopt;
    }
  }

 private:
  // Every child must hold: any one child's clause is enough.
  std::optional<Clause> cheapest(const Node& node) const {
    std::optional<Clause> best;
    for (std::uint32_t i = 0; i < node.count; ++i) {
      auto clause = find(plan_.children[node.first + i]);
      if (clause && (!best || clause->cost < best->cost)) best = std::move(clause);
    }
    return best;
  }

  // One child must hold: all the children's clauses together.
  std::optional<Clause> union_of(const Node& node) const {
    Clause all;
    for (std::uint32_t i = 0; i < node.count; ++i) {
      auto clause = find(plan_.children[node.first + i]);
      if (!clause) return std::nullopt;
      all.cost += clause->cost;
      std::move(clause->literals.begin(), clause->literals.end(), std::back_inserter(all.literals));
    }
    return all;
  }

  const RuleSet& rules_;
  const Plan& plan_;
};

}  // namespace

std::vector<PlanLiteral> required_literals(const RuleSet& rules, const Plan& plan, NodeIndex root) {
  auto clause = ClauseFinder(rules, plan).find(root);
  if (!clause) return {};
  auto& literals = clause->literals;
  std::sort(literals.begin(), literals.end());
  literals.erase(std::unique(literals.begin(), literals.end()), literals.end());
  return std::move(literals);
}

}  // namespace catena::plan
