// SPDX-License-Identifier: Apache-2.0
// Transformations that give placeholders (`%name%` under the modifier `expand`) their values.
#include <algorithm>
#include <optional>
#include <utility>

#include "rules/compile/compile_options.h"
#include "rules/processing/value_transformation.h"

namespace catena::processing {
namespace {

using compile::ModifiedValue;
using compile::TextPattern;
using Patterns = std::vector<TextPattern>;

// Replaces the placeholders that `include` and `exclude` leave to it.
class PlaceholderTransformation : public ValueTransformation {
 public:
  explicit PlaceholderTransformation(YamlKeys& keys)
      : include_(keys.texts_if("include")), exclude_(keys.texts_if("exclude")) {
    if (include_ && exclude_) {
      keys.fail(keys.node(), "'include' and 'exclude' cannot both be given");
    }
  }

 private:
  // The alternatives for one placeholder; none when something is wrong.
  [[nodiscard]] virtual Patterns values_of(ProcessingContext& context, const std::string& name,
                                           sigma::Place place) const = 0;

  bool is_mine(const std::string& name) const {
    const auto lists = [&name](const std::vector<std::string>& names) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    return include_ ? lists(*include_) : !exclude_ || !lists(*exclude_);
  }

  bool change(ProcessingContext& context, const ModifiedValue& value, sigma::Place place,
              std::vector<ModifiedValue>& results) const override {
    if (value.kind != ModifiedValue::Kind::kText || value.text.placeholder() == nullptr) {
      return false;
    }
    Patterns patterns(1);
    bool changed = false;
    for (const TextPattern::Part& part : value.text.parts()) {
      if (part.kind != TextPattern::Kind::kPlaceholder || !is_mine(part.text)) {
        for (TextPattern& pattern : patterns) pattern.append(part);
        continue;
      }
      changed = true;
      const Patterns values = values_of(context, part.text, place);
      if (values.empty()) return false;
      if (patterns.size() * values.size() > compile::kMaxVariantsPerValue) {
        context.fail(place,
                     "the placeholders make more than " +
                         std::to_string(compile::kMaxVariantsPerValue) + " variants of this value",
                     sigma::DiagnosticCode::kLimit);
        return false;
      }
      patterns = combined(patterns, values);
    }
    if (!changed) return false;
    for (TextPattern& pattern : patterns) results.push_back(with_text(value, std::move(pattern)));
    return true;
  }

  static Patterns combined(const Patterns& starts, const Patterns& ends) {
    Patterns longer;
    longer.reserve(starts.size() * ends.size());
    for (const TextPattern& start : starts) {
      for (const TextPattern& end : ends) {
        longer.push_back(start);
        longer.back().append(end);
      }
    }
    return longer;
  }

  std::optional<std::vector<std::string>> include_;
  std::optional<std::vector<std::string>> exclude_;
};

class ValuePlaceholders : public PlaceholderTransformation {
 public:
  using PlaceholderTransformation::PlaceholderTransformation;

 private:
  Patterns values_of(ProcessingContext& context, const std::string& name,
                     sigma::Place place) const override {
    const auto found = context.variables.find(name);
    if (found == context.variables.end() || found->second.empty()) {
      context.fail(place, "placeholder '%" + name + "%' has no value among the pipeline's 'vars'",
                   sigma::DiagnosticCode::kPlaceholder);
      return {};
    }
    Patterns patterns;
    for (const Scalar& value : found->second) patterns.push_back(TextPattern::parse(value.text));
    return patterns;
  }
};

class WildcardPlaceholders : public PlaceholderTransformation {
 public:
  using PlaceholderTransformation::PlaceholderTransformation;

 private:
  Patterns values_of(ProcessingContext&, const std::string&, sigma::Place) const override {
    return {TextPattern::parse("*")};
  }
};

}  // namespace

MadeTransformation make_placeholder_transformation(const std::string& type, YamlKeys& keys) {
  if (type == "value_placeholders") return std::make_unique<ValuePlaceholders>(keys);
  if (type == "wildcard_placeholders") return std::make_unique<WildcardPlaceholders>(keys);
  return nullptr;
}

}  // namespace catena::processing
