// SPDX-License-Identifier: Apache-2.0
#include "engine/plan/rule_set_builder.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <unordered_set>
#include <utility>

#include "engine/base/hash.h"

namespace catena::plan {
namespace {

void append_number(std::string& out, std::uint64_t number) {
  for (int shift = 0; shift < 64; shift += 8) out += static_cast<char>((number >> shift) & 0xFF);
}

void append_text(std::string& out, std::string_view text) {
  append_number(out, text.size());
  out += text;
}

bool has_children(Node::Kind kind) noexcept {
  return kind == Node::Kind::kAnd || kind == Node::Kind::kOr || kind == Node::Kind::kNot;
}

// The reachable part of a rule set, renumbered in the same order.
class Compaction {
 public:
  explicit Compaction(RuleSet& from) : from_(from) {}

  RuleSet run() {
    mark();
    copy_nodes();
    to_.rules = std::move(from_.rules);
    for (Rule& rule : to_.rules) rule.root = new_index_[rule.root];
    return std::move(to_);
  }

 private:
  // Children have smaller indices than their parents, so one pass downwards reaches all.
  void mark() {
    reached_.assign(from_.nodes.size(), false);
    for (const Rule& rule : from_.rules) reached_[rule.root] = true;
    for (std::size_t i = from_.nodes.size(); i-- > 0;) {
      const Node& node = from_.nodes[i];
      if (!reached_[i] || !has_children(node.kind)) continue;
      for (std::uint32_t c = 0; c < node.count; ++c) {
        reached_[from_.children[node.first + c]] = true;
      }
    }
  }

  void copy_nodes() {
    new_index_.assign(from_.nodes.size(), 0);
    for (std::size_t i = 0; i < from_.nodes.size(); ++i) {
      if (!reached_[i]) continue;
      Node node = from_.nodes[i];
      if (node.kind == Node::Kind::kPredicate) {
        to_.predicates.push_back(std::move(from_.predicates[node.first]));
        node.first = static_cast<std::uint32_t>(to_.predicates.size() - 1);
      } else if (has_children(node.kind)) {
        const std::uint32_t old_first = node.first;
        node.first = static_cast<std::uint32_t>(to_.children.size());
        for (std::uint32_t c = 0; c < node.count; ++c) {
          to_.children.push_back(new_index_[from_.children[old_first + c]]);
        }
      }
      new_index_[i] = static_cast<NodeIndex>(to_.nodes.size());
      to_.nodes.push_back(node);
    }
  }

  RuleSet& from_;
  RuleSet to_;
  std::vector<bool> reached_;
  std::vector<NodeIndex> new_index_;
};

std::uint64_t fingerprint_of(const RuleSet& set, const FieldCatalog& catalog) {
  std::vector<Id128> node_hashes(set.nodes.size());
  for (std::size_t i = 0; i < set.nodes.size(); ++i) {
    const Node& node = set.nodes[i];
    std::string bytes(1, static_cast<char>(node.kind));
    if (node.kind == Node::Kind::kPredicate) {
      bytes += predicate_key(set.predicates[node.first], catalog);
    } else if (has_children(node.kind)) {
      std::vector<Id128> children;
      for (std::uint32_t c = 0; c < node.count; ++c) {
        children.push_back(node_hashes[set.children[node.first + c]]);
      }
      std::sort(children.begin(), children.end());  // the order of alternatives means nothing
      for (const Id128& child : children) bytes.append(child.bytes().data(), 16);
    }
    node_hashes[i] = hash128(bytes);
  }
  std::vector<Id128> rule_hashes;
  for (const Rule& rule : set.rules) {
    const auto root = node_hashes[rule.root].bytes();
    rule_hashes.push_back(hash128_parts(
        {rule.id, rule.log_source.to_string(), std::string_view(root.data(), root.size())}));
  }
  std::sort(rule_hashes.begin(), rule_hashes.end());
  std::string bytes;
  for (const Id128& rule : rule_hashes) bytes.append(rule.bytes().data(), 16);
  return hash64(bytes);
}

}  // namespace

std::string predicate_key(const Predicate& predicate, const FieldCatalog& catalog) {
  std::string key;
  key += static_cast<char>(predicate.op);
  key += static_cast<char>((predicate.cased ? 1 : 0) + (predicate.any_field ? 2 : 0));
  key += static_cast<char>(predicate.time_part);
  key += static_cast<char>(predicate.time_op);
  key += static_cast<char>(predicate.number.is_integer ? 1 : 0);
  append_number(key, static_cast<std::uint64_t>(predicate.number.integer));
  append_number(key, std::bit_cast<std::uint64_t>(predicate.number.real));
  append_text(key, catalog.name(predicate.field));
  append_text(key, catalog.name(predicate.other_field));
  append_text(key, predicate.text);
  for (const WildcardPart& part : predicate.wildcard) {
    key += static_cast<char>(part.kind);
    append_text(key, part.text);
  }
  for (const std::uint8_t byte : predicate.network.address) key += static_cast<char>(byte);
  key += static_cast<char>(predicate.network.prefix_length);
  return key;
}

NodeIndex RuleSetBuilder::add_predicate(Predicate predicate) {
  const auto next = static_cast<NodeIndex>(set_.nodes.size());
  const auto [found, is_new] =
      predicate_nodes_.try_emplace(predicate_key(predicate, catalog_), next);
  if (!is_new) return found->second;
  Node node;
  node.kind = Node::Kind::kPredicate;
  node.first = static_cast<std::uint32_t>(set_.predicates.size());
  set_.predicates.push_back(std::move(predicate));
  set_.nodes.push_back(node);
  return next;
}

NodeIndex RuleSetBuilder::add_and(const std::vector<NodeIndex>& children) {
  return add_group(Node::Kind::kAnd, children);
}

NodeIndex RuleSetBuilder::add_or(const std::vector<NodeIndex>& children) {
  return add_group(Node::Kind::kOr, children);
}

NodeIndex RuleSetBuilder::add_not(NodeIndex child) {
  const Node& node = set_.nodes[child];
  if (node.kind == Node::Kind::kNot) return set_.children[node.first];
  if (node.kind == Node::Kind::kTrue) return add_constant(false);
  if (node.kind == Node::Kind::kFalse) return add_constant(true);
  return add_node(Node::Kind::kNot, {child});
}

NodeIndex RuleSetBuilder::add_constant(bool value) {
  return add_node(value ? Node::Kind::kTrue : Node::Kind::kFalse, {});
}

NodeIndex RuleSetBuilder::add_group(Node::Kind kind, const std::vector<NodeIndex>& children) {
  const bool is_and = kind == Node::Kind::kAnd;
  const Node::Kind neutral = is_and ? Node::Kind::kTrue : Node::Kind::kFalse;
  const Node::Kind absorbing = is_and ? Node::Kind::kFalse : Node::Kind::kTrue;
  std::vector<NodeIndex> kept;
  std::unordered_set<NodeIndex> seen;
  const auto keep = [&](NodeIndex child) {
    if (seen.insert(child).second) kept.push_back(child);
  };
  for (const NodeIndex child : children) {
    const Node node = set_.nodes[child];
    if (node.kind == absorbing) return child;
    if (node.kind == neutral) continue;
    if (node.kind == kind && node.count <= kMaxFlattenedChildren) {
      for (std::uint32_t c = 0; c < node.count; ++c) keep(set_.children[node.first + c]);
    } else {
      keep(child);
    }
  }
  if (kept.empty()) return add_constant(is_and);
  if (kept.size() == 1) return kept[0];
  return add_node(kind, kept);
}

NodeIndex RuleSetBuilder::add_node(Node::Kind kind, const std::vector<NodeIndex>& children) {
  std::string shape(1, static_cast<char>(kind));
  for (const NodeIndex child : children) append_number(shape, child);
  const auto next = static_cast<NodeIndex>(set_.nodes.size());
  const auto [found, is_new] = nodes_by_shape_.try_emplace(std::move(shape), next);
  if (!is_new) return found->second;
  Node node;
  node.kind = kind;
  node.first = static_cast<std::uint32_t>(set_.children.size());
  node.count = static_cast<std::uint32_t>(children.size());
  set_.children.insert(set_.children.end(), children.begin(), children.end());
  set_.nodes.push_back(node);
  return next;
}

RuleIndex RuleSetBuilder::add_rule(Rule rule) {
  set_.rules.push_back(std::move(rule));
  return static_cast<RuleIndex>(set_.rules.size() - 1);
}

RuleSet RuleSetBuilder::build() {
  RuleSet built = Compaction(set_).run();
  built.fingerprint = fingerprint_of(built, catalog_);
  set_ = {};
  predicate_nodes_.clear();
  nodes_by_shape_.clear();
  return built;
}

}  // namespace catena::plan
