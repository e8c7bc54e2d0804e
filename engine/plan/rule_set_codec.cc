// SPDX-License-Identifier: Apache-2.0
#include "engine/plan/rule_set_codec.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/base/byte_archive.h"
#include "engine/plan/correlation_codec.h"

namespace catena::plan {
namespace {

constexpr std::uint8_t kMaxPrefixLength = 128;

// The compiler asks for a case here when an enumeration gets a new value.

bool is_op(Op op) noexcept {
  switch (op) {
    case Op::kEquals:
    case Op::kContains:
    case Op::kStartsWith:
    case Op::kEndsWith:
    case Op::kWildcard:
    case Op::kRegex:
    case Op::kCidr:
    case Op::kExists:
    case Op::kIsNull:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual:
    case Op::kFieldEquals:
    case Op::kFieldContains:
    case Op::kFieldStartsWith:
    case Op::kFieldEndsWith:
    case Op::kTimePart:
      return true;
  }
  return false;
}

bool is_time_op(Op op) noexcept {
  return op == Op::kEquals || op == Op::kLess || op == Op::kLessEqual || op == Op::kGreater ||
         op == Op::kGreaterEqual;
}

bool is_time_part(TimePart part) noexcept {
  switch (part) {
    case TimePart::kMinute:
    case TimePart::kHour:
    case TimePart::kDay:
    case TimePart::kWeek:
    case TimePart::kMonth:
    case TimePart::kYear:
      return true;
  }
  return false;
}

bool is_wildcard_kind(WildcardPart::Kind kind) noexcept {
  switch (kind) {
    case WildcardPart::Kind::kLiteral:
    case WildcardPart::Kind::kAnyRun:
    case WildcardPart::Kind::kAnyOne:
      return true;
  }
  return false;
}

bool is_node_kind(Node::Kind kind) noexcept {
  switch (kind) {
    case Node::Kind::kAnd:
    case Node::Kind::kOr:
    case Node::Kind::kNot:
    case Node::Kind::kPredicate:
    case Node::Kind::kTrue:
    case Node::Kind::kFalse:
      return true;
  }
  return false;
}

// Both directions: the value is const for the writer. Each binds every member.

template <typename Archive, typename T>
void transfer_number(Archive& archive, T& value) {
  auto& [is_integer, integer, real] = value;
  archive.flag(is_integer);
  archive.integer(integer);
  archive.real(real);
}

template <typename Archive, typename T>
void transfer_wildcard_part(Archive& archive, T& value) {
  auto& [kind, text] = value;
  archive.choice(kind, is_wildcard_kind);
  archive.text(text);
}

template <typename Archive, typename T>
void transfer_network(Archive& archive, T& value) {
  auto& [address, prefix_length] = value;
  archive.raw(address);
  archive.integer(prefix_length);
}

template <typename Archive, typename T>
void transfer_predicate(Archive& archive, T& value) {
  auto& [op, cased, any_field, field, other_field, time_part, time_op, number, text, wildcard,
         network, regex, min_length, length_only, regex_work, required_text] = value;
  static_cast<void>(regex);  // made again from `text`
  archive.choice(op, is_op);
  archive.flag(cased);
  archive.flag(any_field);
  archive.integer(field);
  archive.integer(other_field);
  archive.choice(time_part, is_time_part);
  archive.choice(time_op, is_op);
  transfer_number(archive, number);
  archive.text(text);
  archive.list(wildcard, [](auto& a, auto& part) { transfer_wildcard_part(a, part); });
  transfer_network(archive, network);
  archive.integer(min_length);
  archive.flag(length_only);
  archive.integer(regex_work);
  archive.text(required_text);
}

template <typename Archive, typename T>
void transfer_node(Archive& archive, T& value) {
  auto& [kind, first, count] = value;
  archive.choice(kind, is_node_kind);
  archive.integer(first);
  archive.integer(count);
}

template <typename Archive, typename T>
void transfer_selector(Archive& archive, T& value) {
  auto& [product, category, service] = value;
  archive.text(product);
  archive.text(category);
  archive.text(service);
}

template <typename Archive, typename T>
void transfer_rule(Archive& archive, T& value) {
  auto& [id, title, level, log_source, tags, file, line, root] = value;
  archive.text(id);
  archive.text(title);
  archive.choice(level, is_known_level);
  transfer_selector(archive, log_source);
  archive.list(tags, [](auto& a, auto& tag) { a.text(tag); });
  archive.text(file);
  archive.integer(line);
  archive.integer(root);
}

template <typename Archive, typename T>
void transfer_rule_set(Archive& archive, T& value) {
  auto& [rules, nodes, children, predicates, correlation, fingerprint] = value;
  archive.list(rules, [](auto& a, auto& rule) { transfer_rule(a, rule); });
  archive.list(nodes, [](auto& a, auto& node) { transfer_node(a, node); });
  archive.list(children, [](auto& a, auto& child) { a.integer(child); });
  archive.list(predicates, [](auto& a, auto& predicate) { transfer_predicate(a, predicate); });
  transfer_correlations(archive, correlation);
  archive.integer(fingerprint);
}

Status broken(const char* reason) { return corrupt(std::string("rule set: ") + reason); }

Status check_predicate(const Predicate& predicate, std::size_t field_count) {
  if (predicate.field >= field_count || predicate.other_field >= field_count) {
    return broken("a field that does not exist");
  }
  if (predicate.any_field != (predicate.field == kUnknownField)) {
    return broken("a test without a field");
  }
  if ((predicate.op == Op::kRegex) != (predicate.regex != nullptr)) {
    return broken("a regular expression is missing");
  }
  if ((predicate.op == Op::kWildcard) == predicate.wildcard.empty()) {
    return broken("a pattern is missing");
  }
  if (predicate.network.prefix_length > kMaxPrefixLength) return broken("a network's prefix");
  if (!is_time_op(predicate.time_op)) return broken("a comparison of times");
  return ok_status();
}

// `depths` has those of all nodes before `index`.
Status check_node(const RuleSet& rules, std::size_t index, std::vector<std::size_t>& depths) {
  const Node& node = rules.nodes[index];
  std::size_t depth = 1;
  switch (node.kind) {
    case Node::Kind::kTrue:
    case Node::Kind::kFalse:
      break;
    case Node::Kind::kPredicate:
      if (node.first >= rules.predicates.size()) return broken("a test that does not exist");
      break;
    case Node::Kind::kNot:
      if (node.count != 1) return broken("a negation of several");
      [[fallthrough]];
    case Node::Kind::kAnd:
    case Node::Kind::kOr:
      if (node.kind != Node::Kind::kNot && node.count < 2) return broken("a group of one");
      if (std::uint64_t{node.first} + node.count > rules.children.size()) {
        return broken("children that do not exist");
      }
      for (std::uint32_t i = 0; i < node.count; ++i) {
        const NodeIndex child = rules.children[node.first + i];
        if (child >= index) return broken("a child that does not stand before its parent");
        depth = std::max(depth, depths[child] + 1);
      }
      break;
  }
  if (depth > kMaxExpressionDepth) return broken("an expression is nested too deep");
  depths.push_back(depth);
  return ok_status();
}

}  // namespace

Status check_rule_set(const RuleSet& rules, std::size_t field_count) {
  for (const Predicate& predicate : rules.predicates) {
    RETURN_IF_ERROR(check_predicate(predicate, field_count));
  }
  std::uint64_t children = 0;
  for (const Node& node : rules.nodes) children += node.count;
  // Each list of children has one owner: shared ones could make every pass over them quadratic.
  if (children > rules.children.size()) return broken("more children than there are");
  std::vector<std::size_t> depths;
  depths.reserve(rules.nodes.size());
  for (std::size_t i = 0; i < rules.nodes.size(); ++i) {
    RETURN_IF_ERROR(check_node(rules, i, depths));
  }
  for (const Rule& rule : rules.rules) {
    if (rule.root >= rules.nodes.size()) return broken("a rule without an expression");
    if (rule.id.empty() || rule.title.empty()) return broken("a rule without a name");
  }
  return check_correlations(rules.correlation, rules.rules.size(), field_count);
}

Result<std::string> encode_rule_set(const RuleSet& rules, std::size_t field_count) {
  RETURN_IF_ERROR(check_rule_set(rules, field_count));
  ByteWriter writer;
  transfer_rule_set(writer, rules);
  if (!writer.ok()) return broken("too large");
  return writer.take();
}

Result<RuleSet> decode_rule_set(std::string_view bytes, std::size_t field_count,
                                const RegexMaker& make_regex) {
  RuleSet rules;
  ByteReader reader(bytes);
  transfer_rule_set(reader, rules);
  if (!reader.finished()) return broken("the bytes do not make one");
  for (Predicate& predicate : rules.predicates) {
    if (predicate.op != Op::kRegex) continue;
    ASSIGN_OR_RETURN(predicate.regex, make_regex(predicate.text));
  }
  RETURN_IF_ERROR(check_rule_set(rules, field_count));
  return rules;
}

}  // namespace catena::plan
