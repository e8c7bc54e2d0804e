// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/filter_set.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "engine/base/text_fold.h"
#include "engine/event/field_catalog.h"
#include "engine/plan/rule_set_builder.h"
#include "rules/compile/rule_compiler.h"
#include "rules/sigma/rule_parser.h"

namespace catena::compile {
namespace {

using sigma::ConditionNode;
using sigma::DiagnosticCode;
using sigma::Severity;

constexpr std::string_view kFilterKey = "filter";

// A filter's key stands at the start of a line, or the document is written with braces.
bool may_hold_filter(std::string_view text) noexcept {
  for (std::size_t at = text.find(kFilterKey); at != std::string_view::npos;
       at = text.find(kFilterKey, at + 1)) {
    std::size_t start = at;
    if (start > 0 && (text[start - 1] == '"' || text[start - 1] == '\'')) --start;
    if (start == 0 || text[start - 1] == '\n' || text[start - 1] == '\r') return true;
    while (start > 0 && (text[start - 1] == ' ' || text[start - 1] == '\t')) --start;
    if (start > 0 && (text[start - 1] == '{' || text[start - 1] == ',')) return true;
  }
  return false;
}

// Places of a filter mean nothing in the rule's file.
void move_to(sigma::Place place, std::vector<sigma::SearchIdentifier>& identifiers) {
  for (sigma::SearchIdentifier& identifier : identifiers) {
    identifier.place = place;
    for (auto& items : identifier.alternatives) {
      for (sigma::DetectionItem& item : items) {
        item.place = place;
        for (sigma::AppliedModifier& modifier : item.modifiers) modifier.place = place;
        for (sigma::Value& value : item.values) value.place = place;
      }
    }
  }
}

// `added` behind `condition`, its identifiers counted from `first`: both must hold.
void conjoin(const sigma::Condition& added, std::uint32_t first, sigma::Condition& condition) {
  const auto offset = static_cast<std::uint32_t>(condition.nodes.size());
  for (ConditionNode node : added.nodes) {
    for (std::uint32_t& child : node.children) child += offset;
    for (std::uint32_t& identifier : node.identifiers) identifier += first;
    condition.nodes.push_back(std::move(node));
  }
  ConditionNode both;
  both.kind = ConditionNode::Kind::kAnd;
  both.children = {condition.root, added.root + offset};
  condition.root = static_cast<std::uint32_t>(condition.nodes.size());
  condition.nodes.push_back(std::move(both));
}

std::optional<sigma::RuleProblem> add_to(sigma::Rule& rule, const sigma::Filter& filter) {
  if (rule.identifiers.size() + filter.body.identifiers.size() > sigma::kMaxIdentifiersPerRule) {
    return sigma::RuleProblem{DiagnosticCode::kLimit, rule.place,
                              "with its filters the rule has more than " +
                                  std::to_string(sigma::kMaxIdentifiersPerRule) +
                                  " search identifiers"};
  }
  const auto first = static_cast<std::uint32_t>(rule.identifiers.size());
  std::vector<sigma::SearchIdentifier> identifiers = filter.body.identifiers;
  move_to(rule.place, identifiers);
  for (sigma::SearchIdentifier& identifier : identifiers) {
    identifier.name = "filter " + filter.body.title + ": " + identifier.name;
    rule.identifiers.push_back(std::move(identifier));
  }
  for (sigma::Condition& condition : rule.conditions) {
    conjoin(filter.body.conditions[0], first, condition);
  }
  return std::nullopt;
}

std::string place_text(const std::string& file, std::uint32_t line) {
  return file + ":" + std::to_string(line);
}

// What no rule could be compiled with.
std::optional<sigma::RuleProblem> check(const sigma::Filter& filter) {
  FieldCatalog catalog;
  plan::RuleSetBuilder builder(catalog);
  CompiledRule compiled;
  auto problem = compile_rule(filter.body, {}, catalog, builder, compiled);
  // A placeholder may get its value from a table or a pipeline.
  if (problem && problem->code == DiagnosticCode::kPlaceholder) return std::nullopt;
  return problem;
}

}  // namespace

void FilterSet::collect(const RuleSource& source) {
  if (source.problem || !may_hold_filter(source.text)) return;
  ParsedSource parsed = parse_source(source);
  for (ParsedDocument& document : parsed.documents) {
    if (document.kind == sigma::DocumentKind::kFilter) add(source.name, document);
  }
}

void FilterSet::add(const std::string& file, ParsedDocument& document) {
  places_.insert(place_text(file, document.line));
  std::optional<sigma::RuleProblem> problem = std::move(document.problem);
  if (!problem) problem = check(document.filter);
  if (!problem && entries_.size() >= kMaxFilters) {
    problem = {DiagnosticCode::kLimit, document.place,
               "more than " + std::to_string(kMaxFilters) + " filters"};
  }
  if (problem) {
    refused_.push_back(
        {Severity::kError, problem->code, file, problem->place, std::move(problem->message)});
    return;
  }
  Entry entry;
  entry.file = file;
  entry.line = document.line;
  entry.filter = std::move(document.filter);
  entry.found.resize(entry.filter.rules.size());
  entry.outside.resize(entry.filter.rules.size());
  for (std::size_t i = 0; i < entry.filter.rules.size(); ++i) {
    by_name_[folded(entry.filter.rules[i].name)].push_back({entries_.size(), i});
  }
  if (entry.filter.any) any_.push_back(entries_.size());
  entries_.push_back(std::move(entry));
}

bool FilterSet::has(const std::string& file, std::uint32_t line) const {
  return places_.contains(place_text(file, line));
}

void FilterSet::find(const sigma::Rule& rule, const std::string& name,
                     std::vector<std::size_t>& wanted) {
  if (name.empty()) return;
  const auto found = by_name_.find(folded(name));
  if (found == by_name_.end()) return;
  for (const Reference& reference : found->second) {
    Entry& entry = entries_[reference.filter];
    entry.found[reference.reference] = true;
    if (sigma::contains(entry.filter.body.log_source, rule.log_source)) {
      wanted.push_back(reference.filter);
    } else {
      entry.outside[reference.reference] = true;
    }
  }
}

std::optional<sigma::RuleProblem> FilterSet::apply(sigma::Rule& rule,
                                                   std::vector<std::size_t>& applied) {
  if (entries_.empty()) return std::nullopt;
  find(rule, rule.id, applied);
  find(rule, rule.name, applied);
  for (const std::size_t index : any_) {
    if (sigma::contains(entries_[index].filter.body.log_source, rule.log_source)) {
      applied.push_back(index);
    }
  }
  std::sort(applied.begin(), applied.end());
  applied.erase(std::unique(applied.begin(), applied.end()), applied.end());
  for (const std::size_t index : applied) {
    if (auto problem = add_to(rule, entries_[index].filter)) return problem;
  }
  return std::nullopt;
}

void FilterSet::count(const std::vector<std::size_t>& applied) {
  for (const std::size_t index : applied) ++entries_[index].rules;
}

void FilterSet::report_references(const Entry& entry, Outcome& outcome) const {
  const auto warn = [&](sigma::Place place, std::string message) {
    outcome.warnings.push_back(
        {Severity::kWarning, DiagnosticCode::kFilter, entry.file, place, std::move(message)});
  };
  for (std::size_t i = 0; i < entry.filter.rules.size(); ++i) {
    const sigma::RuleReference& reference = entry.filter.rules[i];
    if (!entry.found[i]) {
      warn(reference.place, "no loaded rule has the id or name '" + reference.name + "'");
    } else if (entry.outside[i]) {
      warn(reference.place, "the log source of rule '" + reference.name +
                                "' is not within the filter's; it is not applied to it");
    }
  }
  if (entry.filter.any && entry.rules == 0) {
    warn(entry.filter.body.place, "no loaded rule has a log source that is within the filter's");
  }
}

FilterSet::Outcome FilterSet::outcome() const {
  Outcome outcome;
  outcome.refused = refused_;
  for (const Entry& entry : entries_) {
    const auto& found = entry.found;
    if (!entry.filter.any && std::find(found.begin(), found.end(), true) == found.end()) {
      outcome.refused.push_back({Severity::kError, DiagnosticCode::kFilter, entry.file,
                                 entry.filter.rules[0].place,
                                 "the filter refers to nothing: no loaded rule has the id or name "
                                 "'" +
                                     entry.filter.rules[0].name + "'"});
      continue;
    }
    report_references(entry, outcome);
    if (sigma::only_keeps(entry.filter)) {
      outcome.warnings.push_back(
          {Severity::kWarning, DiagnosticCode::kLint, entry.file, entry.filter.body.place,
           "the filter keeps what it describes and drops everything else, since it is added as "
           "'(rule) and (filter)'; to exclude, write 'not' in its condition"});
    }
    outcome.uses.push_back({entry.filter.body.title, entry.file, entry.line, entry.rules});
  }
  return outcome;
}

}  // namespace catena::compile
