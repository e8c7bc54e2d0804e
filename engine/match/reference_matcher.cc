// SPDX-License-Identifier: Apache-2.0
#include "engine/match/reference_matcher.h"

#include <algorithm>
#include <string>

#include <re2/re2.h>

#include "engine/base/ip_network.h"
#include "engine/base/text_fold.h"
#include "engine/match/value_tests.h"

namespace catena::match {
namespace {

using plan::Node;
using plan::Op;
using plan::Predicate;

// Both sides of a text comparison in the form in which they are compared.
std::string comparable(std::string_view text, bool cased) {
  return cased ? std::string(text) : folded(text);
}

bool text_test(Op op, const std::string& value, const std::string& wanted) {
  switch (op) {
    case Op::kContains:
    case Op::kFieldContains:
      return value.find(wanted) != std::string::npos;
    case Op::kStartsWith:
    case Op::kFieldStartsWith:
      return value.starts_with(wanted);
    case Op::kEndsWith:
    case Op::kFieldEndsWith:
      return value.ends_with(wanted);
    default:
      return value == wanted;
  }
}

bool other_field_test(const Predicate& predicate, const Event& event, std::string_view value) {
  return std::any_of(event.fields.begin(), event.fields.end(), [&](const Field& other) {
    return other.id == predicate.other_field && other.kind != ValueKind::kNull &&
           text_test(predicate.op, comparable(value, predicate.cased),
                     comparable(other.text, predicate.cased));
  });
}

bool value_holds(const Predicate& predicate, const Event& event, std::string_view value) {
  switch (predicate.op) {
    case Op::kEquals:
    case Op::kContains:
    case Op::kStartsWith:
    case Op::kEndsWith:
      return text_test(predicate.op, comparable(value, predicate.cased), predicate.text);
    case Op::kWildcard:
      return wildcard_match(comparable(value, predicate.cased), predicate.wildcard);
    case Op::kRegex:
      return re2::RE2::PartialMatch(re2::StringPiece(value.data(), value.size()), *predicate.regex);
    case Op::kCidr: {
      const auto address = parse_ip_address(value);
      return address && contains(predicate.network, *address);
    }
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual: {
      const auto number = parse_number(value);
      return number && satisfies(compare(*number, predicate.number), predicate.op);
    }
    case Op::kTimePart: {
      const auto part = time_part(value, predicate.time_part);
      return part &&
             satisfies(compare(plan::Number{true, *part, 0}, predicate.number), predicate.time_op);
    }
    case Op::kFieldEquals:
    case Op::kFieldContains:
    case Op::kFieldStartsWith:
    case Op::kFieldEndsWith:
      return other_field_test(predicate, event, value);
    case Op::kExists:
    case Op::kIsNull:
      return false;  // decided for the field as a whole
  }
  return false;
}

bool in_scope(const Predicate& predicate, const Field& field) {
  // Keywords look at every value once: a composite repeats its leaves and would add field names.
  return predicate.any_field ? field.kind != ValueKind::kComposite : field.id == predicate.field;
}

}  // namespace

bool ReferenceMatcher::holds(const Predicate& predicate, const Event& event) {
  bool present = false;
  bool has_value = false;
  bool found = false;
  for (const Field& field : event.fields) {
    if (!in_scope(predicate, field)) continue;
    present = true;
    if (field.kind == ValueKind::kNull) continue;
    has_value = true;
    found = found || value_holds(predicate, event, field.text);
  }
  if (predicate.op == Op::kExists) return present;
  if (predicate.op == Op::kIsNull) return !has_value;
  return found;
}

bool ReferenceMatcher::evaluate(plan::NodeIndex index, const Event& event) const {
  const Node& node = rules_.nodes[index];
  const auto child = [&](std::uint32_t i) { return rules_.children[node.first + i]; };
  switch (node.kind) {
    case Node::Kind::kTrue:
      return true;
    case Node::Kind::kFalse:
      return false;
    case Node::Kind::kPredicate:
      return holds(rules_.predicates[node.first], event);
    case Node::Kind::kNot:
      return !evaluate(child(0), event);
    case Node::Kind::kAnd:
      for (std::uint32_t i = 0; i < node.count; ++i) {
        if (!evaluate(child(i), event)) return false;
      }
      return true;
    case Node::Kind::kOr:
      for (std::uint32_t i = 0; i < node.count; ++i) {
        if (evaluate(child(i), event)) return true;
      }
      return false;
  }
  return false;
}

void ReferenceMatcher::match(const Event& event, std::vector<plan::RuleIndex>& matches) const {
  matches.clear();
  const LogSource& log_source = log_sources_.get(event.log_source);
  for (std::size_t i = 0; i < rules_.rules.size(); ++i) {
    const plan::Rule& rule = rules_.rules[i];
    if (applies(rule.log_source, log_source) && evaluate(rule.root, event)) {
      matches.push_back(static_cast<plan::RuleIndex>(i));
    }
  }
}

}  // namespace catena::match
