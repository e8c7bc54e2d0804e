// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/json_writer.h"
#include "rules/compile/resolved_rule.h"

// The condition of a resolved rule as the canonical text that tests/vectors/pipelines.py describes.
namespace catena::test {

class ResolvedRuleText {
 public:
  explicit ResolvedRuleText(const compile::ResolvedRule& rule) : rule_(rule) {}

  // "nothing" when pipelines have dropped everything.
  std::string condition() const {
    Node root{"or", {}, ""};
    for (const sigma::Condition& condition : rule_.conditions) add(root, tree(condition));
    return shown(closed(std::move(root)));
  }

  std::string log_source() const {
    const auto part = [](const std::string& text) { return text.empty() ? "-" : text; };
    const sigma::LogSource& source = rule_.log_source;
    return part(source.product) + "/" + part(source.category) + "/" + part(source.service);
  }

 private:
  struct Node {
    std::string kind;  // "and", "or", "not", or "" for a leaf
    std::vector<Node> parts;
    std::string leaf;
  };
  using Maybe = std::optional<Node>;

  static void add(Node& group, Maybe part) {
    if (!part) return;
    if (part->kind == group.kind && group.kind != "not") {
      for (Node& inner : part->parts) group.parts.push_back(std::move(inner));
    } else {
      group.parts.push_back(*std::move(part));
    }
  }
  static Maybe closed(Node group) {
    if (group.parts.empty()) return std::nullopt;
    if (group.parts.size() == 1 && group.kind != "not") return std::move(group.parts[0]);
    return group;
  }
  static std::string shown(const Maybe& node) { return node ? shown(*node) : "nothing"; }
  static std::string shown(const Node& node) {
    if (node.kind.empty()) return node.leaf;
    std::string text = node.kind + "(";
    for (const Node& part : node.parts) text += (text.back() == '(' ? "" : ", ") + shown(part);
    return text + ")";
  }

  Maybe tree(const sigma::Condition& condition) const {
    std::vector<Maybe> done;
    for (const sigma::ConditionNode& node : condition.nodes) done.push_back(tree(node, done));
    return done[condition.root];
  }

  Maybe tree(const sigma::ConditionNode& node, const std::vector<Maybe>& done) const {
    using Kind = sigma::ConditionNode::Kind;
    if (node.kind == Kind::kName) return tree(rule_.identifiers[node.identifiers[0]].detection);
    if (node.kind == Kind::kNot) {
      if (!done[node.children[0]]) return std::nullopt;
      return Node{"not", {*done[node.children[0]]}, ""};
    }
    const bool is_and =
        node.kind == Kind::kAnd || (node.kind == Kind::kQuantified && node.count == 0);
    Node group{is_and ? "and" : "or", {}, ""};
    for (const std::uint32_t child : node.children) add(group, done[child]);
    for (const std::uint32_t index : node.identifiers) {
      add(group, tree(rule_.identifiers[index].detection));
    }
    return closed(std::move(group));
  }

  static Maybe tree(const compile::DetectionNode& detection) {
    if (detection.kind == compile::DetectionNode::Kind::kItem) return tree(detection.item);
    const bool any = detection.kind == compile::DetectionNode::Kind::kAny;
    Node group{any ? "or" : "and", {}, ""};
    for (const compile::DetectionNode& child : detection.children) add(group, tree(child));
    return closed(std::move(group));
  }

  static Maybe tree(const compile::ResolvedItem& item) {
    Node group{item.all ? "and" : "or", {}, ""};
    for (const compile::ResolvedValue& value : item.values) {
      Node variants{"or", {}, ""};
      for (const compile::ModifiedValue& variant : value.variants) {
        add(variants, Node{"", {}, (item.is_keyword() ? "*" : item.field) + "=" + text(variant)});
      }
      add(group, closed(std::move(variants)));
    }
    Maybe made = closed(std::move(group));
    if (!item.negated || !made) return made;
    return Node{"not", {*std::move(made)}, ""};
  }

  static std::string quoted(std::string_view text) {
    JsonWriter json;
    json.string(text);
    return json.text().substr(1, json.text().size() - 2);
  }

  static std::string text(const compile::TextPattern& pattern) {
    using Kind = compile::TextPattern::Kind;
    std::string out;
    for (const compile::TextPattern::Part& part : pattern.parts()) {
      if (part.kind == Kind::kAnyRun) out += "<*>";
      if (part.kind == Kind::kAnyOne) out += "<?>";
      if (part.kind == Kind::kPlaceholder) out += "<%" + part.text + ">";
      if (part.kind == Kind::kLiteral) out += quoted(part.text);
    }
    return out;
  }

  static std::string text(const compile::ModifiedValue& value) {
    using Kind = compile::ModifiedValue::Kind;
    using Scalar = compile::ModifiedValue::Scalar;
    switch (value.kind) {
      case Kind::kText:
        if (value.scalar == Scalar::kNumber) return "#" + text(value.text);
        if (value.scalar == Scalar::kBool) return text(value.text);
        return (value.cased ? "C\"" : "\"") + text(value.text) + "\"";
      case Kind::kNull:
        return "null";
      case Kind::kRegex:
        return regex_text(value);
      case Kind::kExists:
        return value.exists ? "exists:true" : "exists:false";
      case Kind::kFieldReference:
        return std::string("ref:") + (value.opened_start ? "*" : "") + value.other_field +
               (value.opened_end ? "*" : "");
      case Kind::kNumber:
        return comparison(value.op) + std::to_string(value.number.integer);
      case Kind::kNetwork:
      case Kind::kTimePart:
        break;
    }
    return "?";
  }

  // Of an expression over the whole value, anchors and dot_all go without saying.
  static std::string regex_text(const compile::ModifiedValue& value) {
    std::string flags;
    if (value.regex_flags.ignore_case) flags += 'i';
    if (value.regex_flags.multi_line) flags += 'm';
    if (value.regex_flags.dot_all && !value.whole) flags += 's';
    return "/" + value.regex + "/" + flags;
  }

  static std::string comparison(plan::Op op) {
    if (op == plan::Op::kLess) return "<";
    if (op == plan::Op::kLessEqual) return "<=";
    return op == plan::Op::kGreater ? ">" : ">=";
  }

  const compile::ResolvedRule& rule_;
};

}  // namespace catena::test
