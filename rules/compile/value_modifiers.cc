// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/value_modifiers.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>
#include <utility>

#include "engine/base/text_fold.h"
#include "rules/compile/encodings.h"
#include "rules/yaml/yaml_node.h"

namespace catena::compile {
namespace {

using sigma::DiagnosticCode;
using sigma::Modifier;
using sigma::Value;
using Kind = ModifiedValue::Kind;
using Problem = std::optional<sigma::RuleProblem>;

constexpr std::string_view kUtf16ByteOrderMark = "\xFF\xFE";

std::optional<plan::Number> parse_number(std::string_view text) {
  if (!yaml::is_decimal_number(text)) return std::nullopt;
  if (text[0] == '+') text.remove_prefix(1);  // from_chars takes no plus sign
  plan::Number number;
  const char* const end = text.data() + text.size();
  const auto whole = std::from_chars(text.data(), end, number.integer);
  if (whole.ec == std::errc() && whole.ptr == end) return number;
  number.is_integer = false;
  number.integer = 0;
  const auto real = std::from_chars(text.data(), end, number.real);
  if (real.ec != std::errc() || real.ptr != end || !std::isfinite(number.real)) return std::nullopt;
  return number;
}

struct TimeRange {
  Modifier modifier;
  plan::TimePart part;
  std::int64_t first;
  std::int64_t last;
};

// Weeks are ISO 8601 weeks, of which some years have 53.
constexpr TimeRange kTimeRanges[] = {
    {Modifier::kMinute, plan::TimePart::kMinute, 0, 59},
    {Modifier::kHour, plan::TimePart::kHour, 0, 23},
    {Modifier::kDay, plan::TimePart::kDay, 1, 31},
    {Modifier::kWeek, plan::TimePart::kWeek, 1, 53},
    {Modifier::kMonth, plan::TimePart::kMonth, 1, 12},
    {Modifier::kYear, plan::TimePart::kYear, 0, 9999},
};

plan::Op comparison_of(Modifier modifier) noexcept {
  switch (modifier) {
    case Modifier::kLess:
      return plan::Op::kLess;
    case Modifier::kLessEqual:
      return plan::Op::kLessEqual;
    case Modifier::kGreater:
      return plan::Op::kGreater;
    default:
      return plan::Op::kGreaterEqual;
  }
}

// Applies one modifier after the other to the alternatives of one value.
class Chain {
 public:
  Chain(const sigma::DetectionItem& item, const Value& value, const CompileOptions& options)
      : item_(item), value_(value), options_(options) {}

  Problem run(std::vector<ModifiedValue>& results) {
    if (auto problem = start()) return problem;
    for (const sigma::AppliedModifier& applied : item_.modifiers) {
      current_ = &applied;
      std::vector<ModifiedValue> before = std::move(values_);
      values_.clear();
      for (ModifiedValue& value : before) {
        if (auto problem = apply(applied.modifier, std::move(value))) return problem;
        if (values_.size() > kMaxVariantsPerValue) return too_many_variants();
      }
    }
    results = std::move(values_);
    return std::nullopt;
  }

 private:
  Problem start() {
    if (value_.text.size() > kMaxValueBytes) {
      return sigma::RuleProblem{DiagnosticCode::kLimit, value_.place,
                                "a value longer than " + std::to_string(kMaxValueBytes) + " bytes"};
    }
    ModifiedValue first;
    if (value_.kind == Value::Kind::kNull) {
      first.kind = Kind::kNull;
    } else if (has_modifier(item_, Modifier::kFieldRef)) {
      // A field name has no escapes, whatever stands left of fieldref.
      first.kind = Kind::kFieldReference;
      first.other_field = value_.text;
      if (value_.text.empty()) return bad_value("'fieldref' needs the name of a field");
      if (TextPattern::parse(value_.text).has_wildcard()) {
        return bad_value("'fieldref' needs the name of one field, not a pattern");
      }
    } else if (value_.kind == Value::Kind::kText) {
      first.text = TextPattern::parse(value_.text);
    } else {
      first.text = TextPattern::literal(value_.text);
      first.scalar = value_.kind == Value::Kind::kBool ? ModifiedValue::Scalar::kBool
                                                       : ModifiedValue::Scalar::kNumber;
    }
    values_.push_back(std::move(first));
    return std::nullopt;
  }

  Problem unresolved(const std::string& placeholder) const {
    return sigma::RuleProblem{DiagnosticCode::kPlaceholder, value_.place,
                              "placeholder '%" + placeholder + "%' has no value"};
  }

  Problem apply(Modifier modifier, ModifiedValue value) {
    switch (modifier) {
      case Modifier::kAll:
      case Modifier::kNotEqual:
        return keep(std::move(value), value.is_touched);
      case Modifier::kContains:
      case Modifier::kStartsWith:
      case Modifier::kEndsWith:
        return open(modifier, std::move(value));
      case Modifier::kCased:
        return cased(std::move(value));
      case Modifier::kRegex:
        return regex(std::move(value));
      case Modifier::kRegexIgnoreCase:
      case Modifier::kRegexMultiLine:
      case Modifier::kRegexDotAll:
        return regex_flag(modifier, std::move(value));
      case Modifier::kCidr:
        return cidr(std::move(value));
      case Modifier::kExists:
        return exists(std::move(value));
      case Modifier::kLess:
      case Modifier::kLessEqual:
      case Modifier::kGreater:
      case Modifier::kGreaterEqual:
        return comparison(modifier, std::move(value));
      case Modifier::kMinute:
      case Modifier::kHour:
      case Modifier::kDay:
      case Modifier::kWeek:
      case Modifier::kMonth:
      case Modifier::kYear:
        return time_part(modifier, std::move(value));
      case Modifier::kFieldRef:
        if (value.kind != Kind::kFieldReference) return cannot_take();
        return keep(std::move(value), true);
      case Modifier::kBase64:
      case Modifier::kBase64Offset:
        return base64(modifier, std::move(value));
      case Modifier::kUtf16:
      case Modifier::kUtf16Be:
      case Modifier::kUtf16Le:
        return utf16(modifier, std::move(value));
      case Modifier::kWinDash:
        return windash(value);
      case Modifier::kExpand:
        return expand(value);
    }
    return std::nullopt;
  }

  Problem keep(ModifiedValue value, bool is_touched = true) {
    value.is_touched = is_touched;
    values_.push_back(std::move(value));
    return std::nullopt;
  }

  std::string name() const {
    return "'" + std::string(sigma::modifier_name(current_->modifier)) + "'";
  }
  Problem misplaced(std::string message) const {
    return sigma::RuleProblem{DiagnosticCode::kModifier, current_->place, std::move(message)};
  }
  Problem bad_value(std::string message) const {
    return sigma::RuleProblem{DiagnosticCode::kValue, value_.place, std::move(message)};
  }
  Problem too_many_variants() const {
    return sigma::RuleProblem{DiagnosticCode::kLimit, value_.place,
                              name() + " makes more than " + std::to_string(kMaxVariantsPerValue) +
                                  " variants of this value; split it"};
  }
  // The modifier does not go with what the value is by now.
  Problem cannot_take() const {
    if (value_.kind == Value::Kind::kNull) return bad_value(name() + " cannot be applied to null");
    return misplaced(name() + " cannot follow the modifiers before it");
  }
  Problem must_be_first() const {
    return misplaced(name() + " must be the first modifier of the value");
  }

  Problem open(Modifier modifier, ModifiedValue value) {
    const bool start = modifier != Modifier::kStartsWith;
    const bool end = modifier != Modifier::kEndsWith;
    if (value.kind == Kind::kRegex) {
      // The search is not anchored, so `contains` says nothing new.
      if (start && end) return keep(std::move(value));
      return misplaced("write ^ or $ into the regular expression instead of " + name());
    }
    if (value.kind != Kind::kText && value.kind != Kind::kFieldReference) return cannot_take();
    if (start) value.text.open_start();
    if (end) value.text.open_end();
    value.opened_start = value.opened_start || start;
    value.opened_end = value.opened_end || end;
    return keep(std::move(value));
  }

  Problem cased(ModifiedValue value) {
    if (value.kind != Kind::kText && value.kind != Kind::kFieldReference &&
        value.kind != Kind::kRegex) {
      return cannot_take();
    }
    value.cased = true;
    return keep(std::move(value));
  }

  Problem regex(ModifiedValue value) {
    if (value.kind != Kind::kText) return cannot_take();
    if (value.is_touched) return must_be_first();
    if (value_.text.empty()) return bad_value("the regular expression is empty");
    value.kind = Kind::kRegex;
    value.regex = value_.text;
    return keep(std::move(value));
  }

  Problem regex_flag(Modifier modifier, ModifiedValue value) {
    if (value.kind != Kind::kRegex) {
      return misplaced(name() + " is a flag of 're' and must follow it");
    }
    if (modifier == Modifier::kRegexIgnoreCase) value.regex_flags.ignore_case = true;
    if (modifier == Modifier::kRegexMultiLine) value.regex_flags.multi_line = true;
    if (modifier == Modifier::kRegexDotAll) value.regex_flags.dot_all = true;
    return keep(std::move(value));
  }

  Problem cidr(ModifiedValue value) {
    if (value.kind != Kind::kText) return cannot_take();
    if (value.is_touched) return must_be_first();
    const auto network = parse_ip_network(value_.text);
    if (!network) return bad_value("'" + value_.text + "' is not an IP network");
    value.kind = Kind::kNetwork;
    value.network = *network;
    return keep(std::move(value));
  }

  Problem exists(ModifiedValue value) {
    if (value.kind != Kind::kText) return cannot_take();
    if (value.is_touched) return must_be_first();
    const std::string text = folded(value_.text);
    if (item_.is_list || (text != "true" && text != "false")) {
      return bad_value("'exists' needs true or false");
    }
    value.kind = Kind::kExists;
    value.exists = text == "true";
    return keep(std::move(value));
  }

  Problem comparison(Modifier modifier, ModifiedValue value) {
    if (value.kind == Kind::kTimePart && value.op == plan::Op::kEquals) {
      value.op = comparison_of(modifier);
      return keep(std::move(value));
    }
    if (value.kind != Kind::kText || value.is_touched) return cannot_take();
    const auto number = parse_number(value_.text);
    if (!number) return bad_value(name() + " needs a decimal number");
    value.kind = Kind::kNumber;
    value.op = comparison_of(modifier);
    value.number = *number;
    return keep(std::move(value));
  }

  Problem time_part(Modifier modifier, ModifiedValue value) {
    if (value.kind != Kind::kText) return cannot_take();
    if (value.is_touched) return must_be_first();
    const auto range =
        std::find_if(std::begin(kTimeRanges), std::end(kTimeRanges),
                     [modifier](const TimeRange& known) { return known.modifier == modifier; });
    const auto number = parse_number(value_.text);
    if (!number || !number->is_integer || number->integer < range->first ||
        number->integer > range->last) {
      return bad_value(name() + " needs an integer from " + std::to_string(range->first) + " to " +
                       std::to_string(range->last));
    }
    value.kind = Kind::kTimePart;
    value.time_part = range->part;
    value.number = *number;
    return keep(std::move(value));
  }

  // The value must be text without wildcards: base64 of "any text" does not exist.
  Problem base64(Modifier modifier, ModifiedValue value) {
    if (value.kind != Kind::kText) return cannot_take();
    if (const auto* part = value.text.placeholder()) return unresolved(part->text);
    if (value.text.has_wildcard()) {
      return bad_value(name() + " cannot encode a wildcard" +
                       (value.opened_start || value.opened_end
                            ? "; write contains, startswith or endswith after it"
                            : ""));
    }
    const std::string bytes(value.text.literal_text());
    value.is_bytes = false;
    if (modifier == Modifier::kBase64) {
      value.text = TextPattern::literal(to_base64(bytes));
      return keep(std::move(value));
    }
    for (const std::string& encoded : to_base64_offsets(bytes)) {
      if (encoded.empty()) return bad_value("the value is too short for 'base64offset'");
      value.text = TextPattern::literal(encoded);
      if (auto problem = keep(value)) return problem;
    }
    return std::nullopt;
  }

  Problem utf16(Modifier modifier, ModifiedValue value) {
    if (value.kind != Kind::kText) return cannot_take();
    if (const auto* part = value.text.placeholder()) return unresolved(part->text);
    const ByteOrder order = modifier == Modifier::kUtf16Be ? ByteOrder::kBig : ByteOrder::kLittle;
    TextPattern encoded;
    if (modifier == Modifier::kUtf16) encoded.append_literal(kUtf16ByteOrderMark);
    for (const TextPattern::Part& part : value.text.parts()) {
      const auto bytes = to_utf16(part.text, order);
      if (!bytes) return bad_value(name() + " cannot encode bytes that are not text");
      TextPattern::Part wide = part;
      wide.text = *bytes;
      encoded.append(wide);
    }
    value.text = std::move(encoded);
    value.is_bytes = true;
    return keep(std::move(value));
  }

  Problem windash(const ModifiedValue& value) {
    if (value.kind != Kind::kText) return cannot_take();
    const auto variants = dash_variants(value.text, kMaxVariantsPerValue);
    if (!variants) return too_many_variants();
    for (const TextPattern& text : *variants) {
      ModifiedValue variant = value;
      variant.text = text;
      if (auto problem = keep(std::move(variant))) return problem;
    }
    return std::nullopt;
  }

  Problem expand(const ModifiedValue& value) {
    if (value.kind != Kind::kText) return cannot_take();
    std::vector<TextPattern> variants(1);
    for (const TextPattern::Part& part : value.text.parts()) {
      if (part.kind != TextPattern::Kind::kLiteral) {
        for (TextPattern& variant : variants) variant.append(part);
        continue;
      }
      for (const PlaceholderPiece& piece : placeholder_pieces(part.text)) {
        if (auto problem = expand_piece(piece, variants)) return problem;
      }
    }
    for (TextPattern& text : variants) {
      ModifiedValue variant = value;
      variant.text = std::move(text);
      if (auto problem = keep(std::move(variant))) return problem;
    }
    return std::nullopt;
  }

  Problem expand_piece(const PlaceholderPiece& piece, std::vector<TextPattern>& variants) const {
    if (!piece.is_placeholder) {
      for (TextPattern& variant : variants) variant.append_literal(piece.text);
      return std::nullopt;
    }
    const auto found = options_.placeholders.find(piece.text);
    if (found == options_.placeholders.end() || found->second.empty()) {
      // A pipeline may still give it one; without, the rule compiler refuses it.
      for (TextPattern& variant : variants) {
        variant.append({TextPattern::Kind::kPlaceholder, piece.text});
      }
      return std::nullopt;
    }
    if (variants.size() * found->second.size() > kMaxVariantsPerValue) return too_many_variants();
    std::vector<TextPattern> longer;
    for (const TextPattern& variant : variants) {
      for (const std::string& replacement : found->second) {
        longer.push_back(variant);
        longer.back().append(TextPattern::parse(replacement));
      }
    }
    variants = std::move(longer);
    return std::nullopt;
  }

  const sigma::DetectionItem& item_;
  const Value& value_;
  const CompileOptions& options_;
  const sigma::AppliedModifier* current_ = nullptr;
  std::vector<ModifiedValue> values_;
};

}  // namespace

std::optional<sigma::RuleProblem> apply_modifiers(const sigma::DetectionItem& item,
                                                  const sigma::Value& value,
                                                  const CompileOptions& options,
                                                  std::vector<ModifiedValue>& results) {
  return Chain(item, value, options).run(results);
}

bool has_modifier(const sigma::DetectionItem& item, sigma::Modifier modifier) noexcept {
  return std::any_of(item.modifiers.begin(), item.modifiers.end(),
                     [modifier](const auto& applied) { return applied.modifier == modifier; });
}

}  // namespace catena::compile
