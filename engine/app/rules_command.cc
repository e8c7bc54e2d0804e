// SPDX-License-Identifier: Apache-2.0
#include "engine/app/rules_command.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "engine/app/content.h"
#include "engine/app/exit_code.h"
#include "engine/app/file_replacement.h"
#include "engine/app/finding_text.h"
#include "engine/app/log_source_coverage.h"
#include "engine/app/terminal.h"
#include "engine/app/version.h"
#include "engine/base/json_writer.h"
#include "engine/incident/json_lines.h"
#include "rules/compile/rule_sources.h"
#include "rules/findings/finding_json.h"
#include "rules/findings/line_diff.h"
#include "rules/lint/fixer.h"
#include "rules/lint/linter.h"

namespace catena::app {
namespace {

using compile::LoadReport;
using lint::Finding;
using lint::Level;

using UnmappedRules = std::map<std::string, std::vector<const plan::Rule*>>;  // by log source

UnmappedRules unmapped_rules(const Content& content) {
  UnmappedRules unmapped;
  for (const plan::Rule& rule : content.rules.rules) {
    if (!content.mapping->log_sources().reachable(rule.log_source)) {
      unmapped[rule.log_source.to_string()].push_back(&rule);
    }
  }
  return unmapped;
}

std::size_t rules_of(const UnmappedRules& unmapped) {
  std::size_t rules = 0;
  for (const auto& [source, of_source] : unmapped) rules += of_source.size();
  return rules;
}

// What is not suppressed, by level, and what is.
struct Counts {
  std::array<std::size_t, 3> by_level{};
  std::size_t suppressed = 0;

  [[nodiscard]] std::size_t of(Level level) const {
    return by_level[static_cast<std::size_t>(level)];
  }
};

Counts count(const std::vector<Finding>& findings) {
  Counts counts;
  for (const Finding& finding : findings) {
    ++(finding.is_suppressed ? counts.suppressed
                             : counts.by_level[static_cast<std::size_t>(finding.level)]);
  }
  return counts;
}

void line(const std::string& text) { std::printf("%s\n", text.c_str()); }

std::string counted(std::size_t number, const std::string& what) {
  return grouped(number) + " " + what + (number == 1 ? "" : "s");
}

struct CheckResult {
  const Content& content;
  std::vector<Finding> findings;
  UnmappedRules unmapped;
  Counts counts;
};

void print_totals(const RulesCheckOptions& options, const CheckResult& result) {
  const LoadReport& report = result.content.rule_report;
  const std::string correlations =
      report.correlations == 0 ? "" : "; " + grouped(report.correlations) + " are correlations";
  line(grouped(report.files) + " files: " + grouped(report.rules_loaded + report.correlations) +
       " rules loaded, " + grouped(report.refused.size()) + " refused (" +
       grouped(report.unresolved_placeholders) + " for unresolved placeholders)" + correlations);
  std::string text = counted(result.counts.of(Level::kError), "error") + ", " +
                     counted(result.counts.of(Level::kWarning), "warning") + ", " +
                     counted(result.counts.of(Level::kNote), "note");
  if (options.level > Level::kNote && result.counts.of(Level::kNote) > 0) {
    text += " (--level note shows them)";
  }
  line(text + ", " + grouped(result.counts.suppressed) + " allowed by comments");
  line(grouped(rules_of(result.unmapped)) + " of the loaded rules ask for " +
       grouped(result.unmapped.size()) + " log sources that no mapping leads to; they never match");
}

void print_text(const RulesCheckOptions& options, const CheckResult& result) {
  const TextStyle style = detect_style(1);
  if (!options.quiet) {
    for (const Finding& finding : result.findings) {
      if (finding.is_suppressed || finding.level < options.level) continue;
      std::fputs(finding_text(finding, style).c_str(), stdout);
    }
    for (const compile::FilterUse& filter : result.content.rule_report.filters) {
      line("filter   " + printable(filter.file) + ":" + std::to_string(filter.line) +
           ": added to " + grouped(filter.rules) + " rules: " + printable(filter.title));
    }
    for (const auto& [source, rules] : result.unmapped) {
      line("unmapped " + printable(source) + ": " + std::to_string(rules.size()) +
           " rules, for instance " + printable(rules.front()->file));
    }
  }
  print_totals(options, result);
}

void print_json(const RulesCheckOptions& options, const CheckResult& result) {
  for (const Finding& finding : result.findings) {
    if (finding.level >= options.level) line(finding_as_json(finding));
  }
  for (const compile::FilterUse& filter : result.content.rule_report.filters) {
    JsonWriter json;
    json.begin_object()
        .member("kind", "filter")
        .key("schema")
        .integer(incident::kJsonSchemaVersion);
    json.member("file", filter.file).key("line").unsigned_integer(filter.line);
    json.member("title", filter.title).key("rules").unsigned_integer(filter.rules).end_object();
    line(json.text());
  }
  for (const auto& [source, rules] : result.unmapped) {
    JsonWriter json;
    json.begin_object()
        .member("kind", "unmapped_log_source")
        .key("schema")
        .integer(incident::kJsonSchemaVersion);
    json.member("logsource", source).key("rules").begin_array();
    for (const plan::Rule* rule : rules) json.string(rule->id);
    json.end_array().end_object();
    line(json.text());
  }
  const LoadReport& report = result.content.rule_report;
  JsonWriter json;
  json.begin_object()
      .member("kind", "rules_summary")
      .key("schema")
      .integer(incident::kJsonSchemaVersion);
  json.key("files").unsigned_integer(report.files);
  json.key("loaded").unsigned_integer(report.rules_loaded + report.correlations);
  json.key("correlations").unsigned_integer(report.correlations);
  json.key("refused").unsigned_integer(report.refused.size());
  json.key("unresolved_placeholders").unsigned_integer(report.unresolved_placeholders);
  json.key("errors").unsigned_integer(result.counts.of(Level::kError));
  json.key("warnings").unsigned_integer(result.counts.of(Level::kWarning));
  json.key("notes").unsigned_integer(result.counts.of(Level::kNote));
  json.key("suppressed").unsigned_integer(result.counts.suppressed);
  json.key("unmapped").unsigned_integer(rules_of(result.unmapped)).end_object();
  line(json.text());
}

void print_sarif(const RulesCheckOptions& options, const CheckResult& result) {
  std::vector<Finding> shown;
  std::copy_if(result.findings.begin(), result.findings.end(), std::back_inserter(shown),
               [&options](const Finding& finding) { return finding.level >= options.level; });
  line(findings_as_sarif(shown, {version_text()}));
}

void print(const RulesCheckOptions& options, const CheckResult& result) {
  switch (options.format) {
    case FindingFormat::kText:
      return print_text(options, result);
    case FindingFormat::kJsonLines:
      return print_json(options, result);
    case FindingFormat::kSarif:
      return print_sarif(options, result);
  }
}

lint::LintOptions lint_options(const RulesCheckOptions& options) {
  lint::LintOptions lint_options;
  lint_options.with_conventions = options.sigmahq;
  return lint_options;
}

// A fix may give another one its place, a line shorter by one wildcard its second.
constexpr int kMaxFixRounds = 8;

struct FixTotals {
  std::size_t files = 0;
  std::size_t applied = 0;
  std::size_t declined = 0;
};

// The text of one file with its fixes.
std::string fixed_text(const RulesCheckOptions& options, compile::RuleSource source,
                       const attack::AttackCatalog& attack, const lint::Taxonomy& taxonomy,
                       FixTotals& totals) {
  const auto scope = options.all_fixes ? lint::FixScope::kAll : lint::FixScope::kSafe;
  for (int round = 0; round < kMaxFixRounds; ++round) {
    lint::Linter linter(lint_options(options), attack, taxonomy);
    linter.add(source);
    lint::FixedText fixed = lint::apply_fixes(source.text, linter.take(), scope, {});
    totals.applied += fixed.applied;
    totals.declined += fixed.declined;
    if (fixed.text == source.text) break;
    source.text = std::move(fixed.text);
    if (fixed.left == 0) break;
  }
  return std::move(source.text);
}

// --fix: before the rules are loaded, so that what is reported is what is left.
Status fix_files(const RulesCheckOptions& options, const lint::Taxonomy& taxonomy) {
  ASSIGN_OR_RETURN(const auto attack, load_attack(existing_attack_overlay()));
  compile::RuleSources sources;
  for (const std::string& path : options.paths) RETURN_IF_ERROR(sources.add_path(path));
  FixTotals totals;
  for (const compile::RuleSource& source : sources.all()) {
    if (source.problem) continue;
    const std::string text = fixed_text(options, source, attack, taxonomy, totals);
    if (text == source.text) continue;
    ++totals.files;
    if (options.dry_run) {
      std::fputs(lint::line_diff(source.text, text, source.name).c_str(), stdout);
    } else {
      RETURN_IF_ERROR(replace_file(source.name, source.text, text));
    }
  }
  std::string text = grouped(totals.applied) + (totals.applied == 1 ? " fix" : " fixes") +
                     (options.dry_run ? " could be made in " : " made in ") +
                     counted(totals.files, "file");
  if (totals.declined > 0) text += ", " + grouped(totals.declined) + " declined";
  std::fprintf(stderr, "catena: %s\n", text.c_str());
  return ok_status();
}

bool fails(const RulesCheckOptions& options, const Counts& counts) {
  if (!options.fail_level) return false;
  for (const Level level : {Level::kNote, Level::kWarning, Level::kError}) {
    if (level >= *options.fail_level && counts.of(level) > 0) return true;
  }
  return false;
}

// Reads the files once more for what the loader does not keep: their text.
Result<std::vector<Finding>> lint_files(const RulesCheckOptions& options, const Content& content,
                                        const lint::Taxonomy& taxonomy) {
  compile::RuleSources sources;
  for (const std::string& path : options.paths) RETURN_IF_ERROR(sources.add_path(path));
  lint::Linter linter(lint_options(options), content.attack, taxonomy);
  for (const compile::RuleSource& source : sources.all()) linter.add(source);
  linter.merge(content.rule_report);
  return linter.take();
}

int fail(const Status& status) {
  std::fprintf(stderr, "catena: %s\n", printable(status.message()).c_str());
  return kExitError;
}

}  // namespace

int run_rules_check(const RulesCheckOptions& options) {
  const auto taxonomy = load_taxonomy();
  if (!taxonomy.ok()) return fail(taxonomy.status());
  if (options.fix) {
    if (const Status fixed = fix_files(options, *taxonomy); !fixed.ok()) return fail(fixed);
    if (options.dry_run) return kExitOk;
  }
  const auto content = Content::load(
      {options.paths, existing_attack_overlay(), 1, options.rule_cache, options.rule_inputs});
  if (!content.ok()) return fail(content.status());
  if (options.verbose) std::fprintf(stderr, "catena: %s\n", (*content)->cache_note.c_str());
  if (options.log_sources) {
    return print_log_sources((*content)->rules, options.format == FindingFormat::kText
                                                    ? OutputFormat::kText
                                                    : OutputFormat::kJsonLines);
  }
  auto findings = lint_files(options, **content, *taxonomy);
  if (!findings.ok()) return fail(findings.status());
  CheckResult result = {**content, *std::move(findings), unmapped_rules(**content), {}};
  result.counts = count(result.findings);
  print(options, result);
  if (std::fflush(stdout) != 0) return kExitError;
  return fails(options, result.counts) ? kExitFound : kExitOk;
}

int run_rules_codes(FindingFormat format) {
  for (const lint::CodeInfo& code : lint::all_codes()) {
    if (format == FindingFormat::kText) {
      line(column(code.name, 28) + column(level_name(code.level), 9) + std::string(code.about));
      continue;
    }
    JsonWriter json;
    json.begin_object().member("kind", "finding_code").key("schema");
    json.integer(incident::kJsonSchemaVersion).member("code", code.name);
    json.member("level", level_name(code.level)).member("about", code.about).end_object();
    line(json.text());
  }
  return std::fflush(stdout) == 0 ? kExitOk : kExitError;
}

}  // namespace catena::app
