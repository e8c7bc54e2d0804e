// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/event/field_catalog.h"
#include "engine/plan/rule_set.h"

// RuleSetBuilder makes a RuleSet: equal predicates and equal expressions are stored once, and
// expressions are simplified (constants, double negation, one-child and nested and/or, equal
// children). What no rule reaches is left out, so a rule that fails half-way costs nothing.
// It checks nothing: the caller passes indices that this builder gave out.
// Call protocol: add_* bottom up, add_rule, build once. Thread safety: none.
// Cost: amortised constant per predicate and child. Nothing here recurses.
namespace catena::plan {

// Children of a nested and/or are copied into their parent up to this many; more stay nested, so
// that an expression named by many conditions is not copied into each.
inline constexpr std::size_t kMaxFlattenedChildren = 256;

class RuleSetBuilder {
 public:
  // The catalog names the fields in the fingerprint and must outlive build().
  explicit RuleSetBuilder(const FieldCatalog& catalog) : catalog_(catalog) {}

  NodeIndex add_predicate(Predicate predicate);
  NodeIndex add_and(const std::vector<NodeIndex>& children);  // of nothing: true
  NodeIndex add_or(const std::vector<NodeIndex>& children);   // of nothing: false
  NodeIndex add_not(NodeIndex child);
  NodeIndex add_constant(bool value);

  // rule.root is a node of this builder.
  RuleIndex add_rule(Rule rule);

  // The finished program; the builder is empty afterwards. The fingerprint depends on the rules'
  // ids, log sources and expressions, not on their order or on how fields are numbered.
  [[nodiscard]] RuleSet build();

 private:
  NodeIndex add_node(Node::Kind kind, const std::vector<NodeIndex>& children);
  NodeIndex add_group(Node::Kind kind, const std::vector<NodeIndex>& children);

  const FieldCatalog& catalog_;
  RuleSet set_;
  std::unordered_map<std::string, NodeIndex> predicate_nodes_;  // by predicate_key()
  std::unordered_map<std::string, NodeIndex> nodes_by_shape_;
};

// Everything that decides when a predicate holds, as bytes: equal keys, equal predicates.
[[nodiscard]] std::string predicate_key(const Predicate& predicate, const FieldCatalog& catalog);

}  // namespace catena::plan
