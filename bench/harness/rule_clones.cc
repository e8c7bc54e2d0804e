// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/rule_clones.h"

#include <algorithm>
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

// Names of programs: what further rules of a kind share.
bool names_program(std::string_view field) {
  constexpr std::array<std::string_view, 3> kParts = {"Image", "OriginalFileName", "exe"};
  return std::any_of(kParts.begin(), kParts.end(), [&](std::string_view part) {
    return field.find(part) != std::string_view::npos;
  });
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
  // A node as a rule uses it: below a "not" it says what the rule leaves out.
  struct Use {
    NodeIndex node = 0;
    bool negated = false;

    [[nodiscard]] std::uint64_t key() const noexcept {
      return std::uint64_t{node} << 1U | (negated ? 1U : 0U);
    }
  };

  [[nodiscard]] std::vector<Use> children_of(Use use) const {
    const Node& node = rules_.nodes[use.node];
    std::vector<Use> children;
    if (node.kind != Node::Kind::kAnd && node.kind != Node::Kind::kOr &&
        node.kind != Node::Kind::kNot) {
      return children;
    }
    const bool negated = use.negated || node.kind == Node::Kind::kNot;
    for (std::uint32_t i = 0; i < node.count; ++i) {
      children.push_back({rules_.children[node.first + i], negated});
    }
    return children;
  }

  // The nodes below `root`, every child before its parents; iterative, conditions may be deep.
  [[nodiscard]] std::vector<Use> bottom_up(NodeIndex root) const {
    struct Visit {
      Use use;
      bool children_done;
    };
    std::vector<Visit> open = {{{root, false}, false}};
    std::unordered_set<std::uint64_t> seen;
    std::vector<Use> order;
    while (!open.empty()) {
      const Visit visit = open.back();
      open.pop_back();
      if (visit.children_done) {
        order.push_back(visit.use);
        continue;
      }
      if (!seen.insert(visit.use.key()).second) continue;
      open.push_back({visit.use, true});
      for (const Use child : children_of(visit.use)) open.push_back({child, false});
    }
    return order;
  }

  // The test with other words; itself where it has none or chooses the kind of event.
  [[nodiscard]] Predicate changed(const Predicate& original, std::size_t copy,
                                  bool keeps_programs) const {
    if (!searches_inside(original) && !compares_whole(original)) return original;
    if (original.any_field) return change(original, copy);
    const std::string_view field = fields_.name(original.field);
    if (chooses_kind(field) || (keeps_programs && names_program(field))) return original;
    return change(original, copy);
  }

  // Whether a clone that keeps its programs could match by what it shares with its original alone:
  // it would match as often as a rule that asks for nothing but a program.
  [[nodiscard]] bool is_shared(const std::vector<Use>& order, std::size_t copy) const {
    std::unordered_map<std::uint64_t, bool> holds;
    for (const Use use : order) {
      const Node& node = rules_.nodes[use.node];
      bool result = node.kind != Node::Kind::kFalse;
      if (node.kind == Node::Kind::kPredicate) {
        const Predicate& original = rules_.predicates[node.first];
        const Predicate clone = changed(original, copy, true);
        result = clone.text == original.text && clone.wildcard == original.wildcard;
      } else if (node.kind == Node::Kind::kAnd || node.kind == Node::Kind::kOr) {
        const auto children = children_of(use);
        const auto child_holds = [&](Use child) { return holds.at(child.key()); };
        result = node.kind == Node::Kind::kAnd
                     ? std::all_of(children.begin(), children.end(), child_holds)
                     : std::any_of(children.begin(), children.end(), child_holds);
      }
      holds[use.key()] = result;
    }
    return holds.at(order.back().key());
  }

  NodeIndex rebuild(NodeIndex root, std::size_t copy) {
    const std::vector<Use> order = bottom_up(root);
    const bool keeps_programs = copy % 2 != 0 && !is_shared(order, copy);
    std::unordered_map<std::uint64_t, NodeIndex> built;
    for (const Use use : order) {
      built[use.key()] = rebuild_node(use, copy, keeps_programs, built);
    }
    return built.at(order.back().key());
  }

  NodeIndex rebuild_node(Use use, std::size_t copy, bool keeps_programs,
                         const std::unordered_map<std::uint64_t, NodeIndex>& built) {
    const Node& node = rules_.nodes[use.node];
    std::vector<NodeIndex> children;
    for (const Use child : children_of(use)) children.push_back(built.at(child.key()));
    switch (node.kind) {
      case Node::Kind::kAnd:
        return builder_.add_and(children);
      case Node::Kind::kOr:
        return builder_.add_or(children);
      case Node::Kind::kNot:
        return builder_.add_not(children.front());
      case Node::Kind::kPredicate: {
        const Predicate& original = rules_.predicates[node.first];
        const bool stays = copy == 0 || use.negated;
        return builder_.add_predicate(stays ? original : changed(original, copy, keeps_programs));
      }
      default:
        return builder_.add_constant(node.kind == Node::Kind::kTrue);
    }
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
