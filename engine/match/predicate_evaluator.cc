// SPDX-License-Identifier: Apache-2.0
#include "engine/match/predicate_evaluator.h"

#include <algorithm>
#include <cstring>

#include <re2/re2.h>

#include "engine/base/ip_network.h"
#include "engine/match/text_search.h"
#include "engine/match/value_tests.h"

namespace catena::match {
namespace {

using plan::Op;
using plan::Predicate;

bool text_test(Op op, std::string_view value, std::string_view wanted) noexcept {
  switch (op) {
    case Op::kContains:
    case Op::kFieldContains:
      return contains_text(value, wanted);
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

// In code points.
struct LineLengths {
  std::size_t longest = 0;
  std::size_t total = 0;  // line ends included
};

LineLengths line_lengths(std::string_view text) noexcept {
  LineLengths lengths;
  std::size_t line = 0;
  for (const char c : text) {
    const bool starts_code_point = (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    lengths.total += starts_code_point ? 1 : 0;
    line = c == '\n' ? 0 : line + (starts_code_point ? 1 : 0);
    lengths.longest = std::max(lengths.longest, line);
  }
  return lengths;
}

}  // namespace

void PredicateEvaluator::reset(FieldIndex& index) {
  index_ = &index;
  event_left_ = limits_.event;
  rule_left_ = std::min(limits_.rule, limits_.event);
  decided_ = true;
  if (++stamp_ == 0) {
    std::fill(stamps_.begin(), stamps_.end(), 0);
    stamp_ = 1;
  }
}

PredicateEvaluator::Verdict PredicateEvaluator::evaluate_rule(const FlatProgram& program,
                                                              std::uint32_t step) {
  const std::uint64_t most = std::min(limits_.rule, event_left_);
  rule_left_ = most;
  asked_ = 0;
  decided_ = true;
  const bool holds = evaluate(program, step);
  event_left_ -= most - rule_left_;
  return {holds && decided_, decided_, asked_};
}

bool PredicateEvaluator::evaluate(const FlatProgram& program, std::uint32_t index) {
  using Kind = FlatProgram::Step::Kind;
  const FlatProgram::Step& step = program.step(index);
  switch (step.kind) {
    case Kind::kTrue:
      return true;
    case Kind::kFalse:
      return false;
    case Kind::kNot:
      return !evaluate(program, index + 1);
    case Kind::kAnd:
    case Kind::kOr: {
      const bool deciding = step.kind == Kind::kOr;
      for (std::uint32_t child = index + 1; child < step.end; child = program.step(child).end) {
        if (evaluate(program, child) == deciding) return deciding;
        if (!decided_) return false;
      }
      return !deciding;
    }
    case Kind::kPredicate:
      return holds(step.first);
    default:
      return text_holds(step, program.text(step));
  }
}

bool PredicateEvaluator::text_holds(const FlatProgram::Step& step, std::string_view wanted) {
  using Kind = FlatProgram::Step::Kind;
  for (std::uint32_t p = index_->first(step.field); p != FieldIndex::kNone; p = index_->next(p)) {
    if (index_->field(p).kind == ValueKind::kNull) continue;
    const std::string_view value = index_->folded_text(p);
    if (value.size() < wanted.size()) continue;
    constexpr std::size_t kBlock = 16;  // as work_of()
    if (!affords(1 + (step.kind == Kind::kContains ? value.size() / kBlock : 0))) return false;
    const char* const last = value.data() + value.size() - wanted.size();
    bool found = false;
    if (step.kind == Kind::kContains) {
      found = contains_text(value, wanted);
    } else if (step.kind == Kind::kEndsWith) {
      found = std::memcmp(last, wanted.data(), wanted.size()) == 0;
    } else {
      found = (step.kind == Kind::kStartsWith || value.size() == wanted.size()) &&
              std::memcmp(value.data(), wanted.data(), wanted.size()) == 0;
    }
    if (found) return true;
  }
  return false;
}

bool PredicateEvaluator::holds(plan::PredicateIndex index) {
  if (stamps_.empty()) {
    stamps_.resize(rules_.predicates.size(), 0);
    answers_.resize(rules_.predicates.size(), 0);
  }
  if (stamps_[index] != stamp_) {
    const bool answer = test(rules_.predicates[index]);
    if (!decided_) return false;
    stamps_[index] = stamp_;
    answers_[index] = answer ? 1 : 0;
  }
  return answers_[index] != 0;
}

bool PredicateEvaluator::test(const Predicate& predicate) {
  if (predicate.any_field) {
    for (std::uint32_t i = 0; i < index_->event().fields.size(); ++i) {
      const ValueKind kind = index_->field(i).kind;
      if (kind != ValueKind::kComposite && kind != ValueKind::kNull && value_holds(predicate, i)) {
        return true;
      }
    }
    return false;
  }
  const std::uint32_t first = index_->first(predicate.field);
  if (predicate.op == Op::kExists) return first != FieldIndex::kNone;
  bool has_value = false;
  for (std::uint32_t p = first; p != FieldIndex::kNone; p = index_->next(p)) {
    if (index_->field(p).kind == ValueKind::kNull) continue;
    has_value = true;
    if (predicate.op != Op::kIsNull && value_holds(predicate, p)) return true;
  }
  return predicate.op == Op::kIsNull && !has_value;
}

std::optional<std::uint32_t> PredicateEvaluator::witness(const Predicate& predicate) {
  for (std::uint32_t i = 0; i < index_->event().fields.size(); ++i) {
    const Field& field = index_->field(i);
    if (!predicate.any_field && field.id != predicate.field) continue;
    if (predicate.any_field && field.kind == ValueKind::kComposite) continue;
    if (predicate.op == Op::kExists) return i;
    if (predicate.op == Op::kIsNull && field.kind == ValueKind::kNull) return i;
    if (field.kind != ValueKind::kNull && value_holds(predicate, i)) return i;
  }
  return std::nullopt;
}

bool PredicateEvaluator::value_holds(const Predicate& predicate, std::uint32_t position) {
  if (predicate.op != Op::kRegex &&
      !affords(work_of(predicate, index_->field(position).text.size()))) {
    return false;
  }
  const auto comparable = [&] {
    return predicate.cased ? index_->plain_text(position) : index_->folded_text(position);
  };
  switch (predicate.op) {
    case Op::kEquals:
    case Op::kContains:
    case Op::kStartsWith:
    case Op::kEndsWith:
      return text_test(predicate.op, comparable(), predicate.text);
    case Op::kWildcard:
      return wildcard_match(comparable(), predicate.wildcard);
    case Op::kRegex:
      return regex_holds(predicate, position);
    case Op::kCidr: {
      const auto address = parse_ip_address(index_->plain_text(position));
      return address && contains(predicate.network, *address);
    }
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual: {
      const auto number = parse_number(index_->plain_text(position));
      return number && satisfies(compare(*number, predicate.number), predicate.op);
    }
    case Op::kTimePart: {
      const auto part = time_part(index_->plain_text(position), predicate.time_part);
      return part &&
             satisfies(compare(plan::Number{true, *part, 0}, predicate.number), predicate.time_op);
    }
    case Op::kFieldEquals:
    case Op::kFieldContains:
    case Op::kFieldStartsWith:
    case Op::kFieldEndsWith:
      return other_field_holds(predicate, position);
    case Op::kExists:
    case Op::kIsNull:
      return false;  // decided for the field as a whole
  }
  return false;
}

bool PredicateEvaluator::regex_holds(const Predicate& predicate, std::uint32_t position) {
  // An escaped body is never shorter than its text.
  if (index_->field(position).text.size() < predicate.min_length) return false;
  if (!predicate.required_text.empty() &&
      !contains_text(index_->folded_text(position), predicate.required_text)) {
    return false;
  }
  if (!affords(work_of(predicate, index_->field(position).text.size()))) return false;
  const std::string_view raw = index_->plain_text(position);
  // ".{1000,}" would cost milliseconds; a long enough line decides it, as does a short text. What
  // lies between depends on the pattern's flags.
  if (predicate.length_only) {
    const LineLengths lengths = line_lengths(raw);
    if (lengths.longest >= predicate.min_length) return true;
    if (lengths.total < predicate.min_length) return false;
  }
  return re2::RE2::PartialMatch(re2::StringPiece(raw.data(), raw.size()), *predicate.regex);
}

bool PredicateEvaluator::other_field_holds(const Predicate& predicate, std::uint32_t position) {
  const auto text = [&](std::uint32_t p) {
    return predicate.cased ? index_->plain_text(p) : index_->folded_text(p);
  };
  for (std::uint32_t p = index_->first(predicate.other_field); p != FieldIndex::kNone;
       p = index_->next(p)) {
    constexpr std::uint64_t kPairWork = 8;
    if (!affords(kPairWork + index_->field(position).text.size() / kPairWork)) return false;
    if (index_->field(p).kind != ValueKind::kNull &&
        text_test(predicate.op, text(position), text(p))) {
      return true;
    }
  }
  return false;
}

}  // namespace catena::match
