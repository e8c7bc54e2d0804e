// SPDX-License-Identifier: Apache-2.0
#include "rules/lint/linter.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/base/text_fold.h"
#include "engine/plan/rule_set_builder.h"
#include "rules/findings/allow_comments.h"
#include "rules/lint/checks.h"
#include "rules/yaml/yaml_reader.h"

namespace catena::lint {
namespace {

using sigma::DiagnosticCode;
using sigma::DocumentKind;

const yaml::YamlNode& detection_of(const yaml::YamlNode& root, DocumentKind kind) {
  static const yaml::YamlNode kNone;
  const yaml::YamlNode* node = root.find(kind == DocumentKind::kFilter ? "filter" : "detection");
  return node != nullptr ? *node : kNone;
}

// A modifier in upper case can mean one thing only; the nearest one is a guess.
std::optional<Fix> modifier_fix(Span span, std::string_view word) {
  const std::string lower = folded(word);
  const bool is_same = sigma::parse_modifier(lower).has_value();
  const std::string name = is_same ? lower : std::string(sigma::nearest_modifier_name(word));
  if (name.empty()) return std::nullopt;
  return Fix{"write '" + name + "'", {{span, name}}, is_same};
}

// What would refuse the rule. Two problems have checks of their own, with a better place.
void add_problems(Document& document) {
  for (const sigma::RuleProblem& problem : document.rule().problems) {
    if (problem.code == DiagnosticCode::kRegex ||
        problem.code == DiagnosticCode::kAllWithOneValue) {
      continue;
    }
    const Span rest = document.source().rest_of_line(problem.place);
    const std::string_view text = document.source().of(rest);
    Span span = document.source().scalar(problem.place, "");
    if (span == rest) {
      // A plain word: a modifier, a name of the condition, a value up to a comment.
      const bool is_word = problem.code == DiagnosticCode::kUnknownModifier ||
                           problem.code == DiagnosticCode::kModifier ||
                           problem.code == DiagnosticCode::kNamesNothing ||
                           problem.code == DiagnosticCode::kCondition;
      const std::size_t end = is_word ? text.find_first_of("|:'\" ()") : text.find(" #");
      span.end = span.begin + std::max<std::size_t>(std::min(end, text.size()), 1);
    }
    std::optional<Fix> fix;
    if (problem.code == DiagnosticCode::kUnknownModifier) {
      fix = modifier_fix(span, document.source().of(span));
    }
    document.add(diagnostic_code_name(problem.code), span, problem.message, std::move(fix));
  }
}

// Everything that decides what matches, values in any order.
std::string logic_of(const ReadRule& rule) {
  std::string logic = rule.log_source.to_string();
  for (const ReadIdentifier& identifier : rule.identifiers) {
    logic += "\n" + identifier.name;
    for (const std::vector<ReadItem>& items : identifier.alternatives) {
      logic += "\n|";
      for (const ReadItem& read : items) {
        logic += "\n&" + read.item.field;
        for (const sigma::AppliedModifier& applied : read.item.modifiers) {
          logic += '|';
          logic += modifier_name(applied.modifier);
        }
        std::vector<std::string> keys;
        for (const sigma::Value& value : read.item.values) keys.push_back(folded(value.text));
        std::sort(keys.begin(), keys.end());
        for (const std::string& key : keys) logic += "\n=" + key;
      }
    }
  }
  for (const ReadCondition& condition : rule.conditions) logic += "\n?" + condition.node->text();
  return logic;
}

}  // namespace

void Linter::add(const compile::RuleSource& source) {
  if (source.problem) return;  // the loader says so
  texts_[source.name] = source.text;
  std::vector<yaml::YamlDocument> documents;
  if (yaml::parse_yaml(source.text, source.name, {}, documents)) return;
  const SourceText text(source.text);
  std::vector<Finding> findings;
  for (const yaml::YamlDocument& document : documents) {
    check(source.name, text, document, documents.size() == 1, findings);
  }
  auto& kept = findings_[source.name];
  std::move(findings.begin(), findings.end(), std::back_inserter(kept));
}

void Linter::check(std::string_view file, const SourceText& text,
                   const yaml::YamlDocument& yaml_document, bool is_only,
                   std::vector<Finding>& findings) {
  const yaml::YamlNode& root = yaml_document.root;
  const DocumentKind kind = sigma::document_kind(root);
  if (kind == DocumentKind::kEmpty || !root.is_mapping()) return;
  const bool is_rule = kind == DocumentKind::kRule;
  const ReadRule rule = read_rule(root, detection_of(root, kind), options_.compile);
  Document document(file, text, root, rule, findings);
  check_schema(document);
  if (kind != DocumentKind::kFilter) check_tags(document, attack_);
  if (options_.with_conventions) check_conventions(document, is_only);
  if (kind == DocumentKind::kCorrelation) return;
  add_problems(document);
  check_values(document, options_.compile);
  check_lists(document);
  check_regexes(document);
  check_contradictions(document);
  check_conditions(document, !is_rule);
  check_fields(document, taxonomy_);
  if (!is_rule) return;
  check_labels(document);
  check_cost(document, options_.compile);
  compare(file, text, root, rule, findings);
}

void Linter::compare(std::string_view file, const SourceText& text, const yaml::YamlNode& root,
                     const ReadRule& rule, std::vector<Finding>& findings) {
  Document document(file, text, root, rule, findings);
  const Span headline = document.headline();
  const std::string place =
      std::string(file) + ":" + std::to_string(text.place(headline.begin).line);
  const bool is_complete =
      rule.problems.empty() && !rule.identifiers.empty() && !rule.conditions.empty();
  if (is_complete) {
    const auto [first, is_new] = places_by_logic_.try_emplace(logic_of(rule), place);
    if (!is_new) {
      document.add(kDuplicateLogic, headline,
                   "the rule at " + first->second + " has the same log source and detection");
    }
  }
  const yaml::YamlNode* title = root.find("title");
  if (!options_.with_conventions || title == nullptr || !title->is_scalar()) return;
  const auto [first, is_new] = places_by_title_.try_emplace(folded(title->text()), place);
  if (!is_new) {
    document.add(kSigmahqDuplicateTitle, headline,
                 "the rule at " + first->second + " has the same title");
  }
}

void Linter::merge(const compile::LoadReport& report) {
  for (const sigma::Diagnostic& diagnostic : report.refused) merge_one(diagnostic);
  for (const sigma::Diagnostic& diagnostic : report.warnings) {
    if (diagnostic.code != DiagnosticCode::kLint) merge_one(diagnostic);
  }
}

void Linter::merge_one(const sigma::Diagnostic& diagnostic) {
  std::vector<Finding>& findings = findings_[diagnostic.file];
  Finding refusal = finding_of(diagnostic);
  Finding* same = nullptr;  // the check that says it; the nearest on the line
  for (Finding& finding : findings) {
    if (finding.code != refusal.code || finding.place.line != refusal.place.line) continue;
    // Two refusals on one line are two.
    if (finding.is_refusal && finding.place.column != refusal.place.column) continue;
    if (same == nullptr || finding.place.column == refusal.place.column) same = &finding;
  }
  if (same != nullptr) {
    same->is_refusal = refusal.is_refusal;
    // Only the loader, which sees the whole rule, shows how to write it today.
    if (diagnostic.code == DiagnosticCode::kLegacy) same->message = refusal.message;
    return;
  }
  const auto text = texts_.find(diagnostic.file);
  if (text != texts_.end() && refusal.place.line > 0) {
    const SourceText source(text->second);
    refusal.span = source.scalar(refusal.place, "");
    refusal.end = source.place(refusal.span.end);
    const std::string_view line = source.line(refusal.place.line);
    if (line.size() <= kMaxShownLineBytes) refusal.line = line;
  }
  findings.push_back(std::move(refusal));
}

std::vector<Finding> Linter::take() {
  std::vector<Finding> all;
  for (auto& [file, findings] : findings_) {
    std::stable_sort(findings.begin(), findings.end(), is_before);
    if (const auto text = texts_.find(file); text != texts_.end()) {
      const SourceText source(text->second);
      AllowComments(source).apply(file, findings);
      std::stable_sort(findings.begin(), findings.end(), is_before);
    }
    std::move(findings.begin(), findings.end(), std::back_inserter(all));
  }
  findings_.clear();
  return all;
}

}  // namespace catena::lint
