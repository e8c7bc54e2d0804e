// SPDX-License-Identifier: Apache-2.0
// Transformations of values: texts are replaced, mapped, given another case, type or notation.
#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "engine/base/text_fold.h"
#include "rules/processing/value_transformation.h"

namespace catena::processing {
namespace {

using compile::ModifiedValue;
using compile::ResolvedValue;
using compile::TextPattern;
using yaml::YamlEntry;
using yaml::YamlNode;
using Kind = TextPattern::Kind;
using Values = std::vector<ModifiedValue>;

bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
char upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

// `change` of every literal part.
template <typename Change>
TextPattern map_literals(const TextPattern& pattern, Change change) {
  TextPattern result;
  for (const TextPattern::Part& part : pattern.parts()) {
    if (part.kind == Kind::kLiteral) {
      change(part.text, result);
    } else {
      result.append(part);
    }
  }
  return result;
}

class ReplaceString : public ValueTransformation {
 public:
  explicit ReplaceString(YamlKeys& keys)
      : regex_(keys.regex("regex")),
        skip_special_(keys.flag("skip_special")),
        interpret_special_(keys.flag("interpret_special")) {
    const std::string text = keys.text("replacement");
    if (keys.failed()) return;
    auto replacement = ReplacementText::parse(text, regex_);
    if (replacement.ok()) {
      replacement_ = *std::move(replacement);
    } else {
      keys.fail(*keys.node().find("replacement"), replacement.status().message());
    }
  }

 private:
  bool change(ProcessingContext& context, const ModifiedValue& value, sigma::Place place,
              Values& results) const override {
    if (value.kind != ModifiedValue::Kind::kText || value.scalar == ModifiedValue::Scalar::kBool) {
      return false;
    }
    const TextPattern text = skip_special_ ? replace_literals(value.text)
                                           : replace_in_pattern(value.text, regex_, replacement_);
    if (text.literal_bytes() > kMaxReplacedBytes) {
      context.fail(place,
                   "replace_string makes a value longer than " + std::to_string(kMaxReplacedBytes) +
                       " bytes",
                   sigma::DiagnosticCode::kLimit);
      return false;
    }
    results.push_back(with_text(value, text));
    return true;
  }

  TextPattern replace_literals(const TextPattern& pattern) const {
    return map_literals(pattern, [this](const std::string& literal, TextPattern& result) {
      std::string text;
      std::size_t from = 0;
      for (const TextRegex::Match& match : regex_.find_all(literal)) {
        text += literal.substr(from, match.start - from) + replacement_.expand(match);
        from = match.end;
      }
      text += literal.substr(from);
      result.append(interpret_special_ ? TextPattern::parse(text) : TextPattern::literal(text));
    });
  }

  TextRegex regex_;
  ReplacementText replacement_;
  bool skip_special_;
  bool interpret_special_;
};

class MapString : public ValueTransformation {
 public:
  explicit MapString(YamlKeys& keys) {
    const YamlNode* mapping = keys.mapping("mapping");
    if (mapping == nullptr) return;
    for (const YamlEntry& entry : mapping->entries()) {
      std::vector<std::string> texts;
      if (entry.value.is_scalar() && !entry.value.is_null()) texts.push_back(entry.value.text());
      for (const YamlNode& text : entry.value.items()) texts.push_back(text.text());
      if (texts.empty() || entry.value.is_mapping()) {
        keys.fail(entry.value, "a text is mapped to a text or to a list of texts");
      }
      mapping_[entry.key.text()] = std::move(texts);
    }
  }

 private:
  bool change(ProcessingContext&, const ModifiedValue& value, sigma::Place,
              Values& results) const override {
    if (!is_string(value)) return false;
    const auto found = mapping_.find(value.text.to_plain());
    if (found == mapping_.end()) return false;
    for (const std::string& text : found->second) {
      results.push_back(with_text(value, TextPattern::parse(text)));
    }
    return true;
  }
  std::map<std::string, std::vector<std::string>> mapping_;
};

// The same test as a regular expression over the whole value.
class RegexNotation : public ValueTransformation {
 public:
  explicit RegexNotation(YamlKeys& keys)
      : method_(keys.choice("method", {"plain", "ignore_case_flag", "ignore_case_brackets"},
                            "ignore_case_brackets")) {}

 private:
  bool change(ProcessingContext& context, const ModifiedValue& value, sigma::Place place,
              Values& results) const override {
    if (!is_string(value) || value.text.is_empty()) return false;
    if (const auto* placeholder = value.text.placeholder()) {
      context.fail(place, "the placeholder '%" + placeholder->text +
                              "%' cannot become part of a regular expression");
      return false;
    }
    ModifiedValue regex;
    regex.kind = ModifiedValue::Kind::kRegex;
    regex.whole = true;
    regex.regex_flags.dot_all = true;
    regex.regex_flags.ignore_case = method_ == "ignore_case_flag";
    for (const TextPattern::Part& part : value.text.parts()) {
      if (part.kind == Kind::kAnyRun) regex.regex += ".*";
      if (part.kind == Kind::kAnyOne) regex.regex += '.';
      for (const char c : part.text) append(c, regex.regex);
    }
    results.push_back(std::move(regex));
    return true;
  }

  void append(char c, std::string& regex) const {
    constexpr std::string_view kSpecial = "()[]{}?*+-|^$\\.&~# \t\n\r\v\f";
    if (is_letter(c) && method_ == "ignore_case_brackets") {
      regex += {'[', lower(c), upper(c), ']'};
      return;
    }
    if (kSpecial.find(c) != std::string_view::npos) regex += '\\';
    regex += c;
  }
  std::string method_;
};

ModifiedValue value_of(const Scalar& scalar) {
  ModifiedValue value;
  switch (scalar.kind) {
    case Scalar::Kind::kNull:
      value.kind = ModifiedValue::Kind::kNull;
      break;
    case Scalar::Kind::kText:
      value.text = TextPattern::parse(scalar.text);
      break;
    case Scalar::Kind::kNumber:
      value.text = TextPattern::literal(scalar.text);
      value.scalar = ModifiedValue::Scalar::kNumber;
      break;
    case Scalar::Kind::kBool:
      value.text = TextPattern::literal(scalar.text);
      value.scalar = ModifiedValue::Scalar::kBool;
      break;
  }
  return value;
}

class SetValue : public ValueTransformation {
 public:
  explicit SetValue(YamlKeys& keys) {
    Scalar scalar = keys.scalar("value");
    const std::string type = keys.choice("force_type", {"str", "num", "none"}, "none");
    if (type != "none" &&
        (scalar.kind == Scalar::Kind::kNull || scalar.kind == Scalar::Kind::kBool)) {
      keys.fail(keys.node(), "'force_type' is for texts and numbers only");
    }
    if (type == "str") scalar.kind = Scalar::Kind::kText;
    if (type == "num") {
      if (!number_of(scalar.text)) keys.fail(keys.node(), "'value' is not a number");
      scalar.kind = Scalar::Kind::kNumber;
    }
    value_ = value_of(scalar);
  }

 private:
  bool change(ProcessingContext&, const ModifiedValue&, sigma::Place,
              Values& results) const override {
    results.push_back(value_);
    return true;
  }
  ModifiedValue value_;
};

class ConvertType : public ValueTransformation {
 public:
  explicit ConvertType(YamlKeys& keys)
      : to_number_(keys.choice("target_type", {"str", "num"}) == "num") {}

 private:
  bool change(ProcessingContext& context, const ModifiedValue& value, sigma::Place place,
              Values& results) const override {
    const auto from = to_number_ ? ModifiedValue::Scalar::kString : ModifiedValue::Scalar::kNumber;
    if (value.kind != ModifiedValue::Kind::kText || value.scalar != from) return false;
    ModifiedValue converted = value;
    converted.scalar = to_number_ ? ModifiedValue::Scalar::kNumber : ModifiedValue::Scalar::kString;
    if (to_number_ && !make_number(converted.text)) {
      context.fail(place, "'" + value.text.to_plain() + "' cannot be converted to a number");
      return false;
    }
    results.push_back(std::move(converted));
    return true;
  }

  // "007" is 7.
  static bool make_number(TextPattern& text) {
    const std::string plain = text.to_plain();
    std::int64_t number = 0;
    const char* const start = plain.data() + (plain.starts_with('+') ? 1 : 0);
    const auto [stop, error] = std::from_chars(start, plain.data() + plain.size(), number);
    if (error != std::errc() || stop != plain.data() + plain.size()) return false;
    text = TextPattern::literal(std::to_string(number));
    return true;
  }
  bool to_number_;
};

// Letters outside ASCII are left as they are when the case is raised; a comparison only asks for
// case when the rule says `cased`.
class LetterCase : public ValueTransformation {
 public:
  explicit LetterCase(YamlKeys& keys)
      : method_(keys.choice("method", {"lower", "upper", "snake_case"}, "lower")) {}

 private:
  bool change(ProcessingContext&, const ModifiedValue& value, sigma::Place,
              Values& results) const override {
    if (!is_string(value)) return false;
    results.push_back(with_text(
        value, map_literals(value.text, [this](const std::string& text, TextPattern& result) {
          result.append_literal(changed(text));
        })));
    return true;
  }

  std::string changed(const std::string& text) const {
    if (method_ == "lower") return folded(text);
    std::string result;
    if (method_ == "upper") {
      std::transform(text.begin(), text.end(), std::back_inserter(result), upper);
      return result;
    }
    for (const char c : text) {
      if (c >= 'A' && c <= 'Z' && !result.empty()) result += '_';
      result += c;
    }
    return folded(result);
  }
  std::string method_;
};

}  // namespace

bool ValueTransformation::apply_to(ProcessingContext& context, const ProcessingItem&,
                                   compile::DetectionNode& node) const {
  bool changed = false;
  for (ResolvedValue& value : node.item.values) {
    Values variants;
    for (const ModifiedValue& variant : value.variants) {
      const std::size_t before = variants.size();
      if (!change(context, variant, value.place, variants)) {
        variants.push_back(variant);
        continue;
      }
      changed = true;
      std::size_t bytes = 0;
      for (std::size_t i = before; i < variants.size(); ++i) {
        bytes += variants[i].text.literal_bytes() + variants[i].regex.size();
      }
      if (!context.grow(variants.size() - before, bytes, value.place)) return changed;
    }
    value.variants = std::move(variants);
  }
  return changed;
}

ModifiedValue with_text(const ModifiedValue& value, TextPattern text) {
  ModifiedValue changed = value;
  changed.text = std::move(text);
  changed.scalar = ModifiedValue::Scalar::kString;
  return changed;
}

MadeTransformation make_value_transformation(const std::string& type, YamlKeys& keys) {
  if (type == "replace_string") return std::make_unique<ReplaceString>(keys);
  if (type == "map_string") return std::make_unique<MapString>(keys);
  if (type == "regex") return std::make_unique<RegexNotation>(keys);
  if (type == "set_value") return std::make_unique<SetValue>(keys);
  if (type == "convert_type") return std::make_unique<ConvertType>(keys);
  if (type == "case") return std::make_unique<LetterCase>(keys);
  return nullptr;
}

}  // namespace catena::processing
