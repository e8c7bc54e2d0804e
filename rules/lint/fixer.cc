// SPDX-License-Identifier: Apache-2.0
#include "rules/lint/fixer.h"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/base/text_fold.h"
#include "engine/plan/rule_set_builder.h"
#include "rules/compile/value_modifiers.h"
#include "rules/lint/read_rule.h"
#include "rules/sigma/rule_parser.h"
#include "rules/yaml/yaml_reader.h"

namespace catena::lint {
namespace {

using yaml::YamlNode;

// Stands before the meaning of a document of which parts could not be read.
constexpr std::string_view kIncomplete = "incomplete ";

std::string scalar_of(const YamlNode& root, std::string_view key) {
  const YamlNode* node = root.find(key);
  return node != nullptr && node->is_scalar() ? node->text() : "";
}

void add_item(const ReadItem& read, const FieldCatalog& fields, std::string& out) {
  const bool all = compile::has_modifier(read.item, sigma::Modifier::kAll);
  const bool negated = compile::has_modifier(read.item, sigma::Modifier::kNotEqual);
  out += "\n  " + read.item.field + (all ? " all" : " any") + (negated ? " not" : "");
  std::set<std::string> values;  // twice is once
  for (std::size_t i = 0; i < read.tests.size(); ++i) {
    std::string value;
    for (const plan::Predicate& test : read.tests[i]) {
      value += predicate_key(test, fields);
      // The one test whose value is not in its predicate.
      if (test.op == plan::Op::kExists) value += folded(read.item.values[i].text);
      value += ';';
    }
    values.insert(std::move(value));
  }
  for (const std::string& value : values) out += "\n   =" + value;
}

std::string meaning_of_document(const YamlNode& root, const compile::CompileOptions& options) {
  const sigma::DocumentKind kind = sigma::document_kind(root);
  static const YamlNode kNone;
  const YamlNode* detection =
      root.find(kind == sigma::DocumentKind::kFilter ? "filter" : "detection");
  const ReadRule rule = read_rule(root, detection != nullptr ? *detection : kNone, options);
  std::string out = rule.problems.empty() ? "" : std::string(kIncomplete);
  out += std::to_string(static_cast<int>(kind)) + "\n" + scalar_of(root, "title") + "\n" +
         scalar_of(root, "id") + "\n" + folded(scalar_of(root, "level")) + "\n" +
         rule.log_source.to_string();
  for (const ReadIdentifier& identifier : rule.identifiers) {
    out += "\n" + identifier.name;
    for (const std::vector<ReadItem>& items : identifier.alternatives) {
      out += "\n -";
      for (const ReadItem& read : items) add_item(read, *rule.fields, out);
    }
  }
  for (const ReadCondition& condition : rule.conditions) out += "\n?" + condition.node->text();
  return out;
}

std::string with_edits(std::string_view text, std::vector<const TextEdit*> edits) {
  std::sort(edits.begin(), edits.end(),
            [](const TextEdit* a, const TextEdit* b) { return a->where.begin < b->where.begin; });
  std::string out;
  std::size_t at = 0;
  for (const TextEdit* edit : edits) {
    out.append(text.substr(at, edit->where.begin - at)).append(edit->replacement);
    at = edit->where.end;
  }
  return out.append(text.substr(at));
}

bool touches(const TextEdit& a, const TextEdit& b) noexcept {
  return a.where.begin <= b.where.end && b.where.begin <= a.where.end;
}

bool fits(const TextEdit& edit, std::size_t size) noexcept {
  return edit.where.begin <= edit.where.end && edit.where.end <= size;
}

// Fixes that go together, and the edits they make.
class FixSet {
 public:
  explicit FixSet(std::string_view text) : text_(text) {}

  // False when an edit lies where another fix has one.
  bool add(const Fix& fix) {
    for (const TextEdit& edit : fix.edits) {
      if (!fits(edit, text_.size())) return false;
      for (const TextEdit* other : edits_) {
        if (touches(edit, *other)) return false;
      }
    }
    for (const TextEdit& edit : fix.edits) edits_.push_back(&edit);
    return true;
  }
  void remove(const Fix& fix) { edits_.resize(edits_.size() - fix.edits.size()); }

  [[nodiscard]] std::string text() const { return with_edits(text_, edits_); }

 private:
  std::string_view text_;
  std::vector<const TextEdit*> edits_;
};

std::vector<const Fix*> fixes_of(const std::vector<Finding>& findings, FixScope scope) {
  std::vector<const Fix*> fixes;
  for (const Finding& finding : findings) {
    if (!finding.fix || finding.is_suppressed || fixes.size() >= kMaxFixesPerFile) continue;
    if (finding.fix->is_safe || scope == FixScope::kAll) fixes.push_back(&*finding.fix);
  }
  return fixes;
}

}  // namespace

std::vector<std::string> meaning_of(std::string_view text, const compile::CompileOptions& options) {
  std::vector<yaml::YamlDocument> documents;
  std::vector<std::string> meanings;
  if (yaml::parse_yaml(text, "", {}, documents)) return meanings;
  for (const yaml::YamlDocument& document : documents) {
    meanings.push_back(meaning_of_document(document.root, options));
  }
  return meanings;
}

bool keeps_meaning(std::string_view before, std::string_view after,
                   const compile::CompileOptions& options) {
  const auto old_meanings = meaning_of(before, options);
  const auto new_meanings = meaning_of(after, options);
  if (old_meanings.size() != new_meanings.size()) return false;
  for (std::size_t i = 0; i < old_meanings.size(); ++i) {
    if (!old_meanings[i].starts_with(kIncomplete) && old_meanings[i] != new_meanings[i]) {
      return false;
    }
  }
  return true;
}

FixedText apply_fixes(std::string_view text, const std::vector<Finding>& findings, FixScope scope,
                      const compile::CompileOptions& options) {
  const std::vector<const Fix*> fixes = fixes_of(findings, scope);
  const auto is_good = [&](const std::string& changed, bool is_safe) {
    return is_safe ? keeps_meaning(text, changed, options) : !meaning_of(changed, options).empty();
  };
  FixedText fixed;
  FixSet all(text);
  bool all_safe = true;
  for (const Fix* fix : fixes) {
    if (all.add(*fix)) {
      ++fixed.applied;
      all_safe = all_safe && fix->is_safe;
    } else {
      ++fixed.left;
    }
  }
  fixed.text = all.text();
  if (fixed.applied == 0 || is_good(fixed.text, all_safe)) return fixed;
  // One of them is not good: take those that are, one after the other.
  fixed = {};
  FixSet good(text);
  fixed.text = std::string(text);
  all_safe = true;
  for (const Fix* fix : fixes) {
    if (!good.add(*fix)) {
      ++fixed.left;
      continue;
    }
    std::string changed = good.text();
    if (is_good(changed, all_safe && fix->is_safe)) {
      fixed.text = std::move(changed);
      all_safe = all_safe && fix->is_safe;
      ++fixed.applied;
    } else {
      good.remove(*fix);
      ++fixed.declined;
    }
  }
  return fixed;
}

}  // namespace catena::lint
