// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/event/log_source.h"
#include "engine/plan/correlation.h"
#include "engine/plan/level.h"
#include "engine/plan/predicate.h"

// RuleSet is the program: every compiled rule as a boolean expression over predicates, in one pool
// without duplicates. The rule compiler builds it once (RuleSetBuilder); matchers and the plan
// builder read it. It does not evaluate anything.
// Thread safety: immutable after build; share freely.
namespace catena::plan {

using RuleIndex = std::uint32_t;
using PredicateIndex = std::uint32_t;
using NodeIndex = std::uint32_t;

// One node of an expression tree. kAnd and kOr have children (RuleSet::children[first …
// first+count)), kNot has one, kPredicate names a predicate in `first`.
struct Node {
  enum class Kind : std::uint8_t { kAnd, kOr, kNot, kPredicate, kTrue, kFalse };
  Kind kind = Kind::kFalse;
  std::uint32_t first = 0;
  std::uint32_t count = 0;

  friend bool operator==(const Node&, const Node&) = default;
};

// What a detection needs to say about its rule.
struct Rule {
  std::string id;     // the rule's id, or a content hash in UUID form when it has none
  std::string title;  // never empty
  Level level = Level::kInformational;
  LogSourceSelector log_source;
  std::vector<std::string> tags;  // as written, lower case
  std::string file;               // where the rule was read
  std::uint32_t line = 0;         // 1-based line of its document
  NodeIndex root = 0;
};

struct RuleSet {
  std::vector<Rule> rules;
  std::vector<Node> nodes;
  std::vector<NodeIndex> children;
  std::vector<Predicate> predicates;
  CorrelationProgram correlation;  // over the matches of `rules`
  // Hash over everything that decides which events match; stored with chains.
  std::uint64_t fingerprint = 0;
};

}  // namespace catena::plan
