// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/plan/rule_set.h"

// A rule set as text, for tests to compare with: Field contains "abc", and[...], not(...).
namespace catena::compile {

inline std::string op_text(plan::Op op) {
  switch (op) {
    case plan::Op::kEquals:
    case plan::Op::kFieldEquals:
      return "=";
    case plan::Op::kContains:
    case plan::Op::kFieldContains:
      return "contains";
    case plan::Op::kStartsWith:
    case plan::Op::kFieldStartsWith:
      return "starts";
    case plan::Op::kEndsWith:
    case plan::Op::kFieldEndsWith:
      return "ends";
    case plan::Op::kWildcard:
      return "like";
    case plan::Op::kRegex:
      return "re";
    case plan::Op::kCidr:
      return "in";
    case plan::Op::kExists:
      return "exists";
    case plan::Op::kIsNull:
      return "null";
    case plan::Op::kLess:
      return "<";
    case plan::Op::kLessEqual:
      return "<=";
    case plan::Op::kGreater:
      return ">";
    case plan::Op::kGreaterEqual:
      return ">=";
    case plan::Op::kTimePart:
      return "time";
  }
  return "?";
}

inline std::string number_text(const plan::Number& number) {
  return number.is_integer ? std::to_string(number.integer) : std::to_string(number.real);
}

inline std::string wildcard_text(const plan::Predicate& predicate) {
  std::string text;
  for (const plan::WildcardPart& part : predicate.wildcard) {
    if (part.kind == plan::WildcardPart::Kind::kAnyRun) text += "<*>";
    if (part.kind == plan::WildcardPart::Kind::kAnyOne) text += "<?>";
    text += part.text;
  }
  return text;
}

inline std::string predicate_text(const plan::Predicate& predicate, const FieldCatalog& catalog) {
  std::string text = predicate.any_field ? "any" : std::string(catalog.name(predicate.field));
  text += " " + op_text(predicate.op);
  if (predicate.cased) text += " cased";
  switch (predicate.op) {
    case plan::Op::kExists:
    case plan::Op::kIsNull:
      return text;
    case plan::Op::kWildcard:
      return text + " \"" + wildcard_text(predicate) + "\"";
    case plan::Op::kCidr:
      return text + " /" + std::to_string(predicate.network.prefix_length);
    case plan::Op::kLess:
    case plan::Op::kLessEqual:
    case plan::Op::kGreater:
    case plan::Op::kGreaterEqual:
      return text + " " + number_text(predicate.number);
    case plan::Op::kFieldEquals:
    case plan::Op::kFieldContains:
    case plan::Op::kFieldStartsWith:
    case plan::Op::kFieldEndsWith:
      return text + " field " + std::string(catalog.name(predicate.other_field));
    case plan::Op::kTimePart: {
      constexpr const char* kParts[] = {"minute", "hour", "day", "week", "month", "year"};
      return text + " " + kParts[static_cast<std::size_t>(predicate.time_part)] + " " +
             op_text(predicate.time_op) + " " + number_text(predicate.number);
    }
    default:
      return text + " \"" + predicate.text + "\"";
  }
}

inline std::string node_text(const plan::RuleSet& set, plan::NodeIndex index,
                             const FieldCatalog& catalog) {
  const plan::Node& node = set.nodes[index];
  std::string text;
  switch (node.kind) {
    case plan::Node::Kind::kTrue:
      return "true";
    case plan::Node::Kind::kFalse:
      return "false";
    case plan::Node::Kind::kPredicate:
      return predicate_text(set.predicates[node.first], catalog);
    case plan::Node::Kind::kNot:
      return "not(" + node_text(set, set.children[node.first], catalog) + ")";
    case plan::Node::Kind::kAnd:
      text = "and[";
      break;
    case plan::Node::Kind::kOr:
      text = "or[";
      break;
  }
  for (std::uint32_t i = 0; i < node.count; ++i) {
    if (i > 0) text += ", ";
    text += node_text(set, set.children[node.first + i], catalog);
  }
  return text + "]";
}

}  // namespace catena::compile
