// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/rule_loader.h"

#include <optional>
#include <utility>

#include "engine/base/text_fold.h"
#include "rules/compile/rule_compiler.h"
#include "rules/sigma/rule_parser.h"
#include "rules/yaml/yaml_reader.h"

namespace catena::compile {
namespace {

using sigma::DiagnosticCode;
using sigma::Severity;

}  // namespace

RuleLoader::RuleLoader(FieldCatalog& catalog, CompileOptions options)
    : catalog_(catalog), options_(std::move(options)), builder_(catalog) {}

Status RuleLoader::add_path(const std::string& path) {
  RETURN_IF_ERROR(finder_.find(path));
  for (const sigma::Diagnostic& problem : finder_.problems()) report_.refused.push_back(problem);
  for (const std::string& file : finder_.files()) {
    ++report_.files;
    const auto text = yaml::read_bounded_file(file, yaml::kMaxYamlBytes);
    if (text.ok()) {
      add_documents(*text, file);
      continue;
    }
    std::string reason = text.status().message();
    if (reason.starts_with(file + ": ")) reason.erase(0, file.size() + 2);
    const bool limit = text.status().code() == StatusCode::kLimit;
    refuse(file, {limit ? DiagnosticCode::kLimit : DiagnosticCode::kUnreadable, {}, reason});
  }
  finder_.clear();
  return ok_status();
}

void RuleLoader::add_text(std::string_view text, std::string_view name) {
  ++report_.files;
  add_documents(text, std::string(name));
}

void RuleLoader::add_documents(std::string_view text, const std::string& name) {
  std::vector<yaml::YamlDocument> documents;
  if (auto problem = yaml::parse_yaml(text, name, {}, documents)) {
    // The documents before the problem are not loaded either: half a file is nobody's intention.
    const bool limit = problem->code == StatusCode::kLimit;
    refuse(name, {limit ? DiagnosticCode::kLimit : DiagnosticCode::kYaml,
                  {problem->line, problem->column},
                  std::move(problem->reason)});
    return;
  }
  for (const yaml::YamlDocument& document : documents) add_document(document);
}

void RuleLoader::add_document(const yaml::YamlDocument& document) {
  const sigma::Place place = {document.root.line(), document.root.column()};
  switch (sigma::document_kind(document.root)) {
    case sigma::DocumentKind::kEmpty:
      return;
    case sigma::DocumentKind::kCorrelation:
      ++report_.correlations;
      return refuse(document.file, {DiagnosticCode::kCorrelation, place,
                                    "correlation rules are not supported yet"});
    case sigma::DocumentKind::kFilter:
      ++report_.filters;
      return refuse(document.file,
                    {DiagnosticCode::kFilter, place, "filter rules are not supported yet"});
    case sigma::DocumentKind::kRule:
      return add_rule(document);
  }
}

void RuleLoader::add_rule(const yaml::YamlDocument& document) {
  sigma::ParsedRule parsed;
  if (auto problem = sigma::parse_rule(document.root, parsed)) {
    return refuse(document.file, std::move(*problem));
  }
  sigma::Rule& source = parsed.rule;
  if (report_.rules_loaded >= kMaxRules) {
    return refuse(document.file, {DiagnosticCode::kLimit, source.place,
                                  "more than " + std::to_string(kMaxRules) + " rules"});
  }
  plan::Rule rule;
  if (source.level.empty()) {
    rule.level = plan::Level::kMedium;
    parsed.warnings.push_back(
        {DiagnosticCode::kLint, source.place, "the rule has no 'level'; it counts as medium"});
  } else if (const auto level = plan::parse_level(source.level)) {
    rule.level = *level;
  } else {
    return refuse(document.file, {DiagnosticCode::kSchema, source.level_place,
                                  "'" + source.level +
                                      "' is not a level: informational, low, "
                                      "medium, high or critical"});
  }
  CompiledRule compiled;
  if (auto problem = compile_rule(source, options_, catalog_, builder_, compiled)) {
    return refuse(document.file, std::move(*problem));
  }
  if (is_duplicate(source.id, source.id_place, document.file)) return;
  rule.id = std::move(source.id);
  rule.title = std::move(source.title);
  rule.log_source = {source.log_source.product, source.log_source.category,
                     source.log_source.service};
  rule.tags = std::move(source.tags);
  rule.file = document.file;
  rule.line = document.line;
  rule.root = compiled.root;
  builder_.add_rule(std::move(rule));
  ++report_.rules_loaded;
  warn(document.file, parsed.warnings);
  warn(document.file, compiled.warnings);
}

bool RuleLoader::is_duplicate(const std::string& id, sigma::Place place, const std::string& file) {
  const auto [first, is_new] =
      places_by_id_.try_emplace(folded(id), file + ":" + std::to_string(place.line));
  if (is_new) return false;
  refuse(file, {DiagnosticCode::kDuplicateId, place,
                "the rule at " + first->second + " has the same id"});
  return true;
}

Result<plan::RuleSet> RuleLoader::finish() {
  if (options_.strict && !report_.refused.empty()) {
    const std::size_t others = report_.refused.size() - 1;
    std::string message = report_.refused.front().to_string();
    if (others > 0) message += " (and " + std::to_string(others) + " more refused)";
    return invalid_input(std::move(message));
  }
  return builder_.build();
}

void RuleLoader::refuse(const std::string& file, sigma::RuleProblem problem) {
  if (problem.code == DiagnosticCode::kPlaceholder) ++report_.unresolved_placeholders;
  report_.refused.push_back(
      {Severity::kError, problem.code, file, problem.place, std::move(problem.message)});
}

void RuleLoader::warn(const std::string& file, const std::vector<sigma::RuleProblem>& problems) {
  for (const sigma::RuleProblem& problem : problems) {
    report_.warnings.push_back(
        {Severity::kWarning, problem.code, file, problem.place, problem.message});
  }
}

}  // namespace catena::compile
