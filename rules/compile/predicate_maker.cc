// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/predicate_maker.h"

#include <string>
#include <utility>

#include "engine/base/text_fold.h"

namespace catena::compile {
namespace {

using sigma::DiagnosticCode;
using Problem = std::optional<sigma::RuleProblem>;
using PartKind = TextPattern::Kind;

plan::WildcardPart wildcard_part(TextPattern::Part part) {
  using Kind = plan::WildcardPart::Kind;
  switch (part.kind) {
    case PartKind::kAnyRun:
      return {Kind::kAnyRun, ""};
    case PartKind::kAnyOne:
      return {Kind::kAnyOne, ""};
    default:
      return {Kind::kLiteral, std::move(part.text)};
  }
}

// The simplest test that says what the pattern says.
void set_text_test(const TextPattern& pattern, bool cased, plan::Predicate& predicate) {
  std::vector<TextPattern::Part> parts = pattern.parts();
  if (!cased) {
    for (TextPattern::Part& part : parts) part.text = folded(part.text);
  }
  const auto is_literal = [&parts](std::size_t i) { return parts[i].kind == PartKind::kLiteral; };
  const auto is_run = [&parts](std::size_t i) { return parts[i].kind == PartKind::kAnyRun; };
  predicate.cased = cased;
  predicate.op = plan::Op::kWildcard;
  std::size_t literal = 0;
  if (parts.empty()) {
    predicate.op = plan::Op::kEquals;
    return;
  }
  if (parts.size() == 1 && is_literal(0)) {
    predicate.op = plan::Op::kEquals;
  } else if (parts.size() == 2 && is_run(0) && is_literal(1)) {
    predicate.op = plan::Op::kEndsWith;
    literal = 1;
  } else if (parts.size() == 2 && is_literal(0) && is_run(1)) {
    predicate.op = plan::Op::kStartsWith;
  } else if (parts.size() == 3 && is_run(0) && is_literal(1) && is_run(2)) {
    predicate.op = plan::Op::kContains;
    literal = 1;
  }
  if (predicate.op == plan::Op::kWildcard) {
    for (TextPattern::Part& part : parts) {
      predicate.wildcard.push_back(wildcard_part(std::move(part)));
    }
  } else {
    predicate.text = std::move(parts[literal].text);
  }
}

plan::Op field_comparison(const ModifiedValue& value) noexcept {
  if (value.opened_start && value.opened_end) return plan::Op::kFieldContains;
  if (value.opened_start) return plan::Op::kFieldEndsWith;
  if (value.opened_end) return plan::Op::kFieldStartsWith;
  return plan::Op::kFieldEquals;
}

// Checks and makes one predicate; a class because four things belong to every step.
class PredicateMaker {
 public:
  PredicateMaker(std::string_view field, const ModifiedValue& value, sigma::Place place,
                 FieldCatalog& catalog)
      : field_(field), value_(value), place_(place), catalog_(catalog) {}

  Problem run(plan::Predicate& predicate) {
    predicate = {};
    if (field_.empty()) {
      if (value_.kind != ModifiedValue::Kind::kText && value_.kind != ModifiedValue::Kind::kRegex) {
        return refuse(DiagnosticCode::kModifier,
                      "keywords can be compared as text or by regular expression only");
      }
      predicate.any_field = true;
    } else {
      predicate.field = catalog_.intern(field_);
    }
    return fill(predicate);
  }

 private:
  Problem refuse(DiagnosticCode code, std::string message) const {
    return sigma::RuleProblem{code, place_, std::move(message)};
  }

  Problem fill(plan::Predicate& predicate) {
    switch (value_.kind) {
      case ModifiedValue::Kind::kText:
        return text(predicate);
      case ModifiedValue::Kind::kRegex:
        return regex(predicate);
      case ModifiedValue::Kind::kNull:
        predicate.op = plan::Op::kIsNull;
        return std::nullopt;
      case ModifiedValue::Kind::kNetwork:
        predicate.op = plan::Op::kCidr;
        predicate.network = value_.network;
        return std::nullopt;
      case ModifiedValue::Kind::kNumber:
        predicate.op = value_.op;
        predicate.number = value_.number;
        return std::nullopt;
      case ModifiedValue::Kind::kExists:
        predicate.op = plan::Op::kExists;
        return std::nullopt;
      case ModifiedValue::Kind::kFieldReference:
        predicate.op = field_comparison(value_);
        predicate.cased = value_.cased;
        predicate.other_field = catalog_.intern(value_.other_field);
        return std::nullopt;
      case ModifiedValue::Kind::kTimePart:
        predicate.op = plan::Op::kTimePart;
        predicate.time_part = value_.time_part;
        predicate.time_op = value_.op;
        predicate.number = value_.number;
        return std::nullopt;
    }
    return std::nullopt;
  }

  Problem text(plan::Predicate& predicate) {
    TextPattern pattern = value_.text;
    if (const auto* part = pattern.placeholder()) {
      return refuse(DiagnosticCode::kPlaceholder,
                    "placeholder '%" + part->text + "%' has no value");
    }
    if (pattern.wildcard_count() > kMaxWildcardsPerValue) {
      return refuse(DiagnosticCode::kLimit, "more than " + std::to_string(kMaxWildcardsPerValue) +
                                                " wildcards in one value");
    }
    if (value_.is_bytes && !all_utf8(pattern)) {
      return refuse(DiagnosticCode::kValue,
                    "the utf16 form of this value is not text, so no event can hold it; add "
                    "base64 or base64offset");
    }
    if (field_.empty()) {
      if (pattern.is_empty()) return refuse(DiagnosticCode::kValue, "an empty keyword");
      if (!value_.opened_start && !value_.opened_end) {
        pattern.open_start();
        pattern.open_end();
      }
    }
    set_text_test(pattern, value_.cased, predicate);
    return std::nullopt;
  }

  static bool all_utf8(const TextPattern& pattern) {
    for (const TextPattern::Part& part : pattern.parts()) {
      if (!is_utf8(part.text)) return false;
    }
    return true;
  }

  Problem regex(plan::Predicate& predicate) {
    auto compiled = compile_regex(value_.whole ? "\\A(?:" + value_.regex + ")\\z" : value_.regex,
                                  value_.regex_flags);
    if (!compiled.ok()) {
      const bool limit = compiled.status().code() == StatusCode::kLimit;
      return refuse(limit ? DiagnosticCode::kLimit : DiagnosticCode::kRegex,
                    compiled.status().message());
    }
    predicate.op = plan::Op::kRegex;
    predicate.text = std::move(compiled->text);
    predicate.regex = std::move(compiled->regex);
    predicate.min_length = compiled->min_length;
    predicate.length_only = compiled->length_only;
    predicate.required_text = std::move(compiled->required_text);
    predicate.regex_work = compiled->work;
    return std::nullopt;
  }

  const std::string_view field_;  // "" for keywords
  const ModifiedValue& value_;
  const sigma::Place place_;
  FieldCatalog& catalog_;
};

}  // namespace

std::optional<sigma::RuleProblem> make_predicate(std::string_view field, const ModifiedValue& value,
                                                 sigma::Place place, FieldCatalog& catalog,
                                                 plan::Predicate& predicate) {
  return PredicateMaker(field, value, place, catalog).run(predicate);
}

std::size_t text_bytes(const plan::Predicate& predicate) noexcept {
  std::size_t bytes = predicate.text.size();
  for (const plan::WildcardPart& part : predicate.wildcard) bytes += part.text.size();
  return bytes;
}

bool is_any_value(const plan::Predicate& predicate) noexcept {
  return predicate.op == plan::Op::kWildcard && predicate.wildcard.size() == 1 &&
         predicate.wildcard[0].kind == plan::WildcardPart::Kind::kAnyRun;
}

}  // namespace catena::compile
