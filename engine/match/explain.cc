// SPDX-License-Identifier: Apache-2.0
#include "engine/match/explain.h"

#include <algorithm>

#include "engine/match/field_index.h"
#include "engine/match/predicate_evaluator.h"

namespace catena::match {
namespace {

using plan::Node;
using plan::Op;
using plan::Predicate;

struct Witness {
  const Field* field = nullptr;
  std::size_t specificity = 0;
};

std::size_t specificity(const Predicate& predicate) {
  switch (predicate.op) {
    case Op::kWildcard: {
      std::size_t bytes = 0;
      for (const auto& part : predicate.wildcard) bytes += part.text.size();
      return bytes;
    }
    case Op::kExists:
    case Op::kIsNull:
      return 0;
    case Op::kEquals:
    case Op::kContains:
    case Op::kStartsWith:
    case Op::kEndsWith:
    case Op::kRegex:
      return predicate.text.size();
    default:
      return 4;
  }
}

class WitnessCollector {
 public:
  WitnessCollector(const plan::RuleSet& rules, const Event& event) : rules_(rules), tests_(rules) {
    index_.reset(event, 1 + largest_field(event));
    tests_.reset(index_);
  }

  // Of an expression that holds: so do all parts of an "and", and only those of an "or" have to be
  // tested, up to the first that does.
  void collect(plan::NodeIndex index) {
    const Node& node = rules_.nodes[index];
    if (node.kind == Node::Kind::kPredicate) {
      add(rules_.predicates[node.first]);
      return;
    }
    if (node.kind != Node::Kind::kAnd && node.kind != Node::Kind::kOr) return;
    for (std::uint32_t i = 0; i < node.count; ++i) {
      const plan::NodeIndex child = rules_.children[node.first + i];
      if (node.kind == Node::Kind::kOr && !holds(child)) continue;
      collect(child);
      if (node.kind == Node::Kind::kOr) return;
    }
  }

  std::vector<Witness> take() { return std::move(witnesses_); }

 private:
  static FieldId largest_field(const Event& event) noexcept {
    FieldId largest = kUnknownField;
    for (const Field& field : event.fields) largest = std::max(largest, field.id);
    return largest;
  }

  [[nodiscard]] bool holds(plan::NodeIndex index) {
    const Node& node = rules_.nodes[index];
    const auto child = [&](std::uint32_t i) { return rules_.children[node.first + i]; };
    switch (node.kind) {
      case Node::Kind::kTrue:
        return true;
      case Node::Kind::kFalse:
        return false;
      case Node::Kind::kPredicate:
        return tests_.test(rules_.predicates[node.first]);
      case Node::Kind::kNot:
        return !holds(child(0));
      case Node::Kind::kAnd:
      case Node::Kind::kOr: {
        const bool deciding = node.kind == Node::Kind::kOr;
        for (std::uint32_t i = 0; i < node.count; ++i) {
          if (holds(child(i)) == deciding) return deciding;
        }
        return !deciding;
      }
    }
    return false;
  }

  // The first value for which the predicate holds on its own.
  void add(const Predicate& predicate) {
    const auto position = tests_.witness(predicate);
    if (!position) return;
    witnesses_.push_back({&index_.field(*position), specificity(predicate)});
  }

  const plan::RuleSet& rules_;
  FieldIndex index_;
  PredicateEvaluator tests_;
  std::vector<Witness> witnesses_;
};

}  // namespace

std::vector<Field> explain(const plan::RuleSet& rules, plan::RuleIndex rule, const Event& event,
                           std::size_t limit) {
  WitnessCollector collector(rules, event);
  collector.collect(rules.rules[rule].root);
  std::vector<Witness> witnesses = collector.take();
  std::stable_sort(witnesses.begin(), witnesses.end(), [](const Witness& a, const Witness& b) {
    return a.specificity > b.specificity;
  });
  std::vector<Field> telling;
  for (const Witness& witness : witnesses) {
    if (telling.size() == limit) break;
    const bool seen = std::any_of(telling.begin(), telling.end(), [&](const Field& field) {
      return field.id == witness.field->id && field.text == witness.field->text;
    });
    if (!seen) telling.push_back(*witness.field);
  }
  return telling;
}

}  // namespace catena::match
