// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/rule_loader.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "engine/base/text_fold.h"
#include "rules/compile/rule_compiler.h"
#include "rules/compile/rule_transformer.h"

namespace catena::compile {
namespace {

using sigma::DiagnosticCode;
using sigma::Severity;

// Bounds the memory of syntax trees that wait to be compiled.
constexpr std::size_t kSourcesParsedAhead = 512;

}  // namespace

Status check_strict(const CompileOptions& options, const LoadReport& report) {
  if (!options.strict || report.refused.empty()) return ok_status();
  const std::size_t others = report.refused.size() - 1;
  std::string message = report.refused.front().to_string();
  if (others > 0) message += " (and " + std::to_string(others) + " more refused)";
  return invalid_input(std::move(message));
}

RuleLoader::RuleLoader(FieldCatalog& catalog, CompileOptions options)
    : catalog_(catalog), options_(std::move(options)), builder_(catalog) {}

ParseOptions RuleLoader::parse_options() const noexcept {
  return {options_.transformer != nullptr};
}

Status RuleLoader::add_paths(std::span<const std::string> paths) {
  for (const std::string& path : paths) RETURN_IF_ERROR(finder_.find(path));
  for (const sigma::Diagnostic& problem : finder_.problems()) report_.refused.push_back(problem);
  for (const std::string& file : finder_.files()) filters_.collect(read_rule_source(file));
  for (const std::string& file : finder_.files()) {
    const RuleSource source = read_rule_source(file);
    add(source, parse_source(source, parse_options()));
  }
  finder_.clear();
  return ok_status();
}

void RuleLoader::add_text(std::string_view text, std::string_view name) {
  const RuleSource source = {std::string(name), std::string(text), std::nullopt, true};
  filters_.collect(source);
  add(source, parse_source(source, parse_options()));
}

void RuleLoader::add_sources(std::span<const RuleSource> sources, std::size_t threads) {
  for (const RuleSource& source : sources) filters_.collect(source);
  while (!sources.empty()) {
    const auto part = sources.first(std::min(sources.size(), kSourcesParsedAhead));
    std::vector<ParsedSource> parsed = parse_sources(part, threads, parse_options());
    for (std::size_t i = 0; i < part.size(); ++i) add(part[i], std::move(parsed[i]));
    sources = sources.subspan(part.size());
  }
}

void RuleLoader::add(const RuleSource& source, ParsedSource parsed) {
  if (source.is_file) ++report_.files;
  // The documents before a problem are not loaded either: half a file is nobody's intention.
  if (parsed.problem) return refuse(source.name, std::move(*parsed.problem));
  for (ParsedDocument& document : parsed.documents) add_document(source.name, document);
}

void RuleLoader::add_document(const std::string& file, ParsedDocument& document) {
  switch (document.kind) {
    case sigma::DocumentKind::kEmpty:
      return;
    case sigma::DocumentKind::kCorrelation:
      return add_correlation(file, document);
    case sigma::DocumentKind::kFilter:
      if (filters_.has(file, document.line)) return;
      return refuse(file, {DiagnosticCode::kFilter, document.place,
                           "the key 'filter' must stand at the start of a line"});
    case sigma::DocumentKind::kRule:
      return add_rule(file, document);
  }
}

void RuleLoader::add_rule(const std::string& file, ParsedDocument& document) {
  if (auto problem = load_rule(file, document)) refuse(file, document, std::move(*problem));
}

std::optional<sigma::RuleProblem> RuleLoader::load_rule(const std::string& file,
                                                        ParsedDocument& document) {
  if (document.problem) return document.problem;
  sigma::ParsedRule& parsed = document.rule;
  sigma::Rule& source = parsed.rule;
  if (report_.rules_loaded >= kMaxRules) {
    return sigma::RuleProblem{DiagnosticCode::kLimit, source.place,
                              "more than " + std::to_string(kMaxRules) + " rules"};
  }
  plan::Rule rule;
  if (source.level.empty()) {
    rule.level = plan::Level::kMedium;
    parsed.warnings.push_back(
        {DiagnosticCode::kLint, source.place, "the rule has no 'level'; it counts as medium"});
  } else if (const auto level = plan::parse_level(source.level)) {
    rule.level = *level;
  } else {
    return sigma::RuleProblem{DiagnosticCode::kSchema, source.level_place,
                              "'" + source.level +
                                  "' is not a level: informational, low, "
                                  "medium, high or critical"};
  }
  std::vector<std::size_t> filters;
  if (auto problem = filters_.apply(source, filters)) return problem;
  CompiledRule compiled;
  if (auto problem = compile_rule(source, options_, catalog_, builder_, compiled)) return problem;
  if (auto problem = check_duplicate(source.id, source.id_place, file)) return problem;
  rule.id = std::move(source.id);
  rule.title = std::move(source.title);
  rule.log_source = {compiled.log_source.product, compiled.log_source.category,
                     compiled.log_source.service};
  rule.tags = std::move(source.tags);
  rule.file = file;
  rule.line = document.line;
  rule.root = compiled.root;
  correlations_.note_rule(file, document.line, document.names, builder_.add_rule(std::move(rule)));
  ++report_.rules_loaded;
  filters_.count(filters);
  warn(file, parsed.warnings);
  warn(file, compiled.warnings);
  return std::nullopt;
}

void RuleLoader::add_correlation(const std::string& file, ParsedDocument& document) {
  if (document.problem) return refuse(file, document, std::move(*document.problem));
  const sigma::Rule& body = document.correlation.rule.body;
  if (auto problem = check_duplicate(body.id, body.id_place, file)) {
    return refuse(file, document, std::move(*problem));
  }
  correlations_.add(file, document.line, std::move(document.correlation));
}

std::optional<sigma::RuleProblem> RuleLoader::check_duplicate(const std::string& id,
                                                              sigma::Place place,
                                                              const std::string& file) {
  const auto [first, is_new] =
      places_by_id_.try_emplace(folded(id), file + ":" + std::to_string(place.line));
  if (is_new) return std::nullopt;
  return sigma::RuleProblem{DiagnosticCode::kDuplicateId, place,
                            "the rule at " + first->second + " has the same id"};
}

Result<plan::RuleSet> RuleLoader::finish() {
  plan::RuleSet rules = builder_.build();
  CorrelationOutcome outcome =
      correlations_.build(rules.rules, catalog_, options_.transformer.get());
  rules.correlation = std::move(outcome.program);
  report_.correlations = rules.correlation.correlations.size();
  std::move(outcome.refused.begin(), outcome.refused.end(), std::back_inserter(report_.refused));
  std::move(outcome.warnings.begin(), outcome.warnings.end(), std::back_inserter(report_.warnings));
  FilterSet::Outcome filtered = filters_.outcome();
  report_.filters = std::move(filtered.uses);
  for (auto& refused : filtered.refused) report_.refused.push_back(std::move(refused));
  for (auto& warning : filtered.warnings) report_.warnings.push_back(std::move(warning));
  RETURN_IF_ERROR(check_strict(options_, report_));
  return rules;
}

void RuleLoader::refuse(const std::string& file, const ParsedDocument& document,
                        sigma::RuleProblem problem) {
  refuse(file, std::move(problem));
  const std::string reason = report_.refused.back().to_string();
  correlations_.note_refused(file, document.line, document.names,
                             reason.substr(0, reason.find('\n')));
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
