// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>

#include "engine/plan/rule_set_builder.h"
#include "rules/compile/predicate_maker.h"
#include "rules/compile/value_modifiers.h"
#include "rules/lint/checks.h"

namespace catena::lint {
namespace {

using plan::Op;
using plan::Predicate;
using sigma::Modifier;
using sigma::Value;

// What a value of an item would become if it said `text`; false when it could not say that.
bool tests_of(const ReadItem& read, Value value, std::string text,
              const compile::CompileOptions& options, FieldCatalog& fields,
              std::vector<Predicate>& tests) {
  value.text = std::move(text);
  std::vector<compile::ModifiedValue> variants;
  if (compile::apply_modifiers(read.item, value, options, variants)) return false;
  for (const compile::ModifiedValue& variant : variants) {
    tests.emplace_back();
    if (compile::make_predicate(read.item.field, variant, value.place, fields, tests.back()))
      return false;
  }
  return true;
}

bool same_tests(const std::vector<Predicate>& a, const std::vector<Predicate>& b,
                const FieldCatalog& fields) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&fields](const Predicate& x, const Predicate& y) {
                      return predicate_key(x, fields) == predicate_key(y, fields);
                    });
}

// One check of one item; a class because five things belong to every step.
class ValueCheck {
 public:
  ValueCheck(Document& document, const compile::CompileOptions& options,
             const std::vector<ReadItem>& neighbours, const ReadItem& read)
      : document_(document), options_(options), neighbours_(neighbours), read_(read) {}

  void run() {
    for (std::size_t i = 0; i < read_.tests.size(); ++i) {
      if (read_.tests[i].empty()) continue;
      any_value(i);
      idle_wildcards(i);
    }
    if (read_.is_complete) wildcard_as_modifier();
    modifier_notes();
  }

 private:
  FieldCatalog& fields() const { return *document_.rule().fields; }
  bool has(Modifier modifier) const { return compile::has_modifier(read_.item, modifier); }

  void any_value(std::size_t i) {
    const Value& value = read_.item.values[i];
    if (value.text == "*" || !compile::is_any_value(read_.tests[i][0])) return;
    document_.add(kAnyValue, document_.span_of(value),
                  "this matches any value; write '*' or use 'exists' if that is meant");
  }

  void idle_wildcards(std::size_t i) {
    const Value& value = read_.item.values[i];
    if (value.kind != Value::Kind::kText || compile::is_any_value(read_.tests[i][0])) return;
    const std::string& text = value.text;
    const std::size_t leading = std::min(text.find_first_not_of('*'), text.size());
    if (leading > 0 && leading < text.size()) idle_stars(i, 0, leading, "leading");
    const std::size_t last = text.find_last_not_of('*');
    if (last != std::string::npos && last + 1 < text.size()) {
      // A backslash before the first star makes it a character.
      const std::size_t from = text[last] == '\\' && text.size() - last > 2 ? last + 2 : last + 1;
      idle_stars(i, from, text.size(), "trailing");
    }
  }

  void idle_stars(std::size_t i, std::size_t from, std::size_t to, const std::string& where) {
    const Value& value = read_.item.values[i];
    std::string without = value.text;
    without.erase(from, to - from);
    std::vector<Predicate> tests;
    if (!tests_of(read_, value, without, options_, fields(), tests)) return;
    if (!same_tests(tests, read_.tests[i], fields())) return;
    bool is_exact = false;
    const Span span = document_.source().within(value.place, value.text, from, to, is_exact);
    std::optional<Fix> fix;
    if (is_exact) fix = Fix{"remove the wildcard", {{span, ""}}, true};
    document_.add(kIdleWildcard, span, "the " + where + " wildcard does nothing" + reason(), fix);
  }

  std::string reason() const {
    for (const Modifier modifier :
         {Modifier::kContains, Modifier::kStartsWith, Modifier::kEndsWith}) {
      if (has(modifier)) return " under '" + std::string(modifier_name(modifier)) + "'";
    }
    return read_.item.is_keyword() ? ": keywords are found anywhere in a value" : "";
  }

  // "Image: '*\a.exe'" in all values alike.
  void wildcard_as_modifier() {
    if (read_.item.is_keyword()) return;
    for (const sigma::AppliedModifier& applied : read_.item.modifiers) {
      const bool fits = applied.modifier == Modifier::kAll ||
                        applied.modifier == Modifier::kCased ||
                        applied.modifier == Modifier::kNotEqual;
      if (!fits) return;
    }
    const Op op = read_.tests[0][0].op;
    if (op != Op::kContains && op != Op::kStartsWith && op != Op::kEndsWith) return;
    for (const auto& tests : read_.tests) {
      if (tests.size() != 1 || tests[0].op != op) return;
    }
    const std::string name = op == Op::kContains     ? "contains"
                             : op == Op::kStartsWith ? "startswith"
                                                     : "endswith";
    document_.add(kWildcardAsModifier, document_.span_of(read_.item),
                  "'" + read_.item.field + "|" + name + "' says this without wildcards",
                  modifier_fix(op, name));
  }

  std::optional<Fix> modifier_fix(Op op, const std::string& name) const {
    const Span key = document_.span_of(read_.item);
    const std::size_t quote = document_.source().of(key).find(read_.item.field);
    if (quote > 1) return std::nullopt;  // written with escapes
    const std::size_t at = key.begin + quote + read_.item.field.size();
    Fix fix{"use '" + name + "'", {{{at, at}, "|" + name}}, true};
    for (const Value& value : read_.item.values) {
      const std::size_t size = value.text.size();
      const auto drop = [&](std::size_t from, std::size_t to) {
        bool is_exact = false;
        fix.edits.push_back(
            {document_.source().within(value.place, value.text, from, to, is_exact), ""});
        return is_exact;
      };
      if (op != Op::kStartsWith && !drop(0, 1)) return std::nullopt;
      if (op != Op::kEndsWith && !drop(size - 1, size)) return std::nullopt;
    }
    return fix;
  }

  void modifier_notes() {
    for (const sigma::AppliedModifier& applied : read_.item.modifiers) {
      if (applied.modifier == Modifier::kAll && read_.item.values.size() < 2) one_value(applied);
      const bool encodes =
          applied.modifier == Modifier::kBase64 || applied.modifier == Modifier::kBase64Offset;
      if (encodes && !has(Modifier::kCased)) {
        document_.add(kBase64IgnoresCase, document_.span_of(applied),
                      "base64 text is compared without case, so other bytes match too; 'cased' "
                      "after it compares exactly");
      }
      if (applied.modifier == Modifier::kNotEqual && !is_present()) {
        document_.add(kNeqMissingField, document_.span_of(applied),
                      "'neq' holds as well when the event has no '" + read_.item.field +
                          "'; add '" + read_.item.field + "|exists: true' if that is not meant");
      }
    }
  }

  void one_value(const sigma::AppliedModifier& applied) {
    const Span word = document_.span_of(applied);
    const bool follows_bar = word.begin > 0 && document_.source().text()[word.begin - 1] == '|';
    std::optional<Fix> fix;
    if (follows_bar && !read_.item.is_keyword()) {
      fix = Fix{"remove 'all'", {{{word.begin - 1, word.end}, ""}}, true};
    }
    document_.add("all-with-one-value", word, "'all' needs a list of two values or more",
                  std::move(fix));
  }

  // Another item of the same mapping asks for the field.
  bool is_present() const {
    return std::any_of(neighbours_.begin(), neighbours_.end(), [this](const ReadItem& other) {
      if (other.item.field != read_.item.field || other.tests.empty()) return false;
      if (compile::has_modifier(other.item, Modifier::kNotEqual)) return false;
      return std::all_of(other.tests.begin(), other.tests.end(), [](const auto& tests) {
        return !tests.empty() && tests[0].op != Op::kIsNull;
      });
    });
  }

  Document& document_;
  const compile::CompileOptions& options_;
  const std::vector<ReadItem>& neighbours_;
  const ReadItem& read_;
};

}  // namespace

void check_values(Document& document, const compile::CompileOptions& options) {
  for (const ReadIdentifier& identifier : document.rule().identifiers) {
    for (const std::vector<ReadItem>& items : identifier.alternatives) {
      for (const ReadItem& read : items) ValueCheck(document, options, items, read).run();
    }
  }
}

}  // namespace catena::lint
