// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/rule_clones.h"

#include <array>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <re2/re2.h>

#include "engine/base/hash.h"
#include "engine/plan/rule_set_builder.h"

namespace catena::harness {
namespace {

using plan::Node;
using plan::NodeIndex;
using plan::Op;
using plan::Predicate;

constexpr std::size_t kLeastLetters = 3;

bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// What says which kind of event it is.
bool chooses_kind(std::string_view field) {
  constexpr std::array<std::string_view, 7> kFields = {
      "EventID", "Channel", "Provider_Name", "EventType", "eventSource", "type", "program"};
  for (const std::string_view name : kFields) {
    if (field == name) return true;
  }
  return false;
}

bool searches_inside(const Predicate& predicate) {
  return predicate.op == Op::kContains || predicate.op == Op::kStartsWith ||
         predicate.op == Op::kWildcard ||
         (predicate.op == Op::kRegex && !predicate.required_text.empty());
}

bool compares_whole(const Predicate& predicate) {
  return predicate.op == Op::kEquals || predicate.op == Op::kEndsWith;
}

// Replaces the mandatory word in the pattern; nothing when that is not plainly there.
std::optional<Predicate> change_regex(const Predicate& predicate, std::uint64_t salt) {
  if (!predicate.regex) return std::nullopt;
  std::string pattern = predicate.text;
  const std::string word = change_word(predicate.required_text, salt);
  const std::size_t place = pattern.find(predicate.required_text);
  if (word == predicate.required_text || place == std::string::npos) return std::nullopt;
  pattern.replace(place, word.size(), word);
  auto regex = std::make_shared<re2::RE2>(pattern, predicate.regex->options());
  if (!regex->ok()) return std::nullopt;
  Predicate changed = predicate;
  changed.text = std::move(pattern);
  changed.regex = std::move(regex);
  changed.required_text = word;
  return changed;
}

Predicate change(const Predicate& predicate, std::uint64_t salt) {
  if (predicate.op == Op::kRegex) return change_regex(predicate, salt).value_or(predicate);
  Predicate changed = predicate;
  changed.text = change_word(predicate.text, salt);
  for (plan::WildcardPart& part : changed.wildcard) part.text = change_word(part.text, salt);
  return changed;
}

class Cloner {
 public:
  Cloner(const plan::RuleSet& rules, const FieldCatalog& fields)
      : rules_(rules), fields_(fields), builder_(fields) {}

  void add_copies(std::size_t copy) {
    for (const plan::Rule& rule : rules_.rules) {
      plan::Rule added = rule;
      added.root = rebuild(rule.root, copy);
      if (copy > 0) {
        added.id += "-clone-" + std::to_string(copy);
        added.title += " (clone " + std::to_string(copy) + ")";
      }
      builder_.add_rule(std::move(added));
    }
  }

  [[nodiscard]] plan::RuleSet build() { return builder_.build(); }

 private:
  // The nodes below `root`, every child before its parents; iterative, conditions may be deep.
  [[nodiscard]] std::vector<NodeIndex> bottom_up(NodeIndex root) const {
    struct Visit {
      NodeIndex node;
      bool children_done;
    };
    std::vector<Visit> open = {{root, false}};
    std::unordered_set<NodeIndex> seen;
    std::vector<NodeIndex> order;
    while (!open.empty()) {
      const Visit visit = open.back();
      open.pop_back();
      if (visit.children_done) {
        order.push_back(visit.node);
        continue;
      }
      if (!seen.insert(visit.node).second) continue;
      open.push_back({visit.node, true});
      const Node& node = rules_.nodes[visit.node];
      if (!has_children(node)) continue;
      for (std::uint32_t i = 0; i < node.count; ++i) {
        open.push_back({rules_.children[node.first + i], false});
      }
    }
    return order;
  }

  static bool has_children(const Node& node) {
    return node.kind == Node::Kind::kAnd || node.kind == Node::Kind::kOr ||
           node.kind == Node::Kind::kNot;
  }

  NodeIndex rebuild(NodeIndex root, std::size_t copy) {
    const std::vector<NodeIndex> order = bottom_up(root);
    bool has_inside = false;
    for (const NodeIndex index : order) {
      const Node& node = rules_.nodes[index];
      has_inside |=
          node.kind == Node::Kind::kPredicate && searches_inside(rules_.predicates[node.first]);
    }
    const bool change_whole = !has_inside || copy % 2 == 0;
    std::unordered_map<NodeIndex, NodeIndex> built;
    for (const NodeIndex index : order)
      built[index] = rebuild_node(index, copy, change_whole, built);
    return built.at(root);
  }

  NodeIndex rebuild_node(NodeIndex index, std::size_t copy, bool change_whole,
                         const std::unordered_map<NodeIndex, NodeIndex>& built) {
    const Node& node = rules_.nodes[index];
    std::vector<NodeIndex> children;
    if (has_children(node)) {
      for (std::uint32_t i = 0; i < node.count; ++i) {
        children.push_back(built.at(rules_.children[node.first + i]));
      }
    }
    switch (node.kind) {
      case Node::Kind::kAnd:
        return builder_.add_and(children);
      case Node::Kind::kOr:
        return builder_.add_or(children);
      case Node::Kind::kNot:
        return builder_.add_not(children.front());
      case Node::Kind::kPredicate:
        return builder_.add_predicate(predicate(rules_.predicates[node.first], copy, change_whole));
      default:
        return builder_.add_constant(node.kind == Node::Kind::kTrue);
    }
  }

  [[nodiscard]] Predicate predicate(const Predicate& original, std::size_t copy,
                                    bool change_whole) const {
    const bool changes = searches_inside(original) || (change_whole && compares_whole(original));
    if (copy == 0 || !changes || chooses_kind(fields_.name(original.field))) return original;
    return change(original, copy);
  }

  const plan::RuleSet& rules_;
  const FieldCatalog& fields_;
  plan::RuleSetBuilder builder_;
};

}  // namespace

std::string change_word(std::string_view text, std::uint64_t salt) {
  std::size_t best = 0;
  std::size_t best_length = 0;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && is_letter(text[end])) ++end;
    if (end - i > best_length) {
      best = i;
      best_length = end - i;
    }
    i = end + 1;
  }
  std::string changed(text);
  if (best_length < kLeastLetters) return changed;
  std::uint64_t chance = hash64(text) ^ (salt * 0x9E3779B97F4A7C15ULL);
  for (const std::size_t place : {best, best + best_length / 2}) {
    const char base = changed[place] >= 'a' ? 'a' : 'A';
    const auto letter = static_cast<std::uint64_t>(changed[place] - base);
    // 1 … 25 letters further: always another one.
    changed[place] = static_cast<char>(base + static_cast<char>((letter + 1 + chance % 25) % 26));
    chance /= 25;
  }
  return changed;
}

plan::RuleSet multiply_rules(const plan::RuleSet& rules, const FieldCatalog& fields,
                             std::size_t times) {
  Cloner cloner(rules, fields);
  for (std::size_t copy = 0; copy < times; ++copy) cloner.add_copies(copy);
  return cloner.build();
}

}  // namespace catena::harness
