// SPDX-License-Identifier: Apache-2.0
#include "engine/app/rules_command.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "engine/app/content.h"
#include "engine/app/exit_code.h"
#include "engine/app/log_source_coverage.h"
#include "engine/app/terminal.h"
#include "engine/base/json_writer.h"
#include "engine/incident/json_lines.h"

namespace catena::app {
namespace {

using compile::LoadReport;

// What is worth knowing of rules that load.
struct Findings {
  std::map<std::string, std::vector<const plan::Rule*>> unmapped;  // by log source
  struct UnknownTag {
    std::string file;
    std::uint32_t line = 0;
    std::string tag;
  };
  std::vector<UnknownTag> unknown_tags;
  std::size_t unmapped_rules = 0;
};

Findings find(const Content& content) {
  Findings findings;
  for (const plan::Rule& rule : content.rules.rules) {
    if (!content.mapping->log_sources().reachable(rule.log_source)) {
      findings.unmapped[rule.log_source.to_string()].push_back(&rule);
      ++findings.unmapped_rules;
    }
    for (std::string& tag : content.attack.resolve(rule.tags).unknown) {
      findings.unknown_tags.push_back({rule.file, rule.line, std::move(tag)});
    }
  }
  for (const plan::Correlation& correlation : content.rules.correlation.correlations) {
    for (std::string& tag : content.attack.resolve(correlation.tags).unknown) {
      findings.unknown_tags.push_back({correlation.file, correlation.line, std::move(tag)});
    }
  }
  return findings;
}

void line(const std::string& text) { std::printf("%s\n", text.c_str()); }

// The first line behind `head`, the others (a rewritten rule) indented.
void print_lines(const std::string& head, const std::string& text) {
  std::size_t start = 0;
  for (std::size_t end = text.find('\n'); start < text.size(); end = text.find('\n', start)) {
    end = std::min(end, text.size());
    line((start == 0 ? head : std::string(head.size(), ' ')) +
         printable(std::string_view(text).substr(start, end - start)));
    start = end + 1;
  }
}

std::string correlations_of(const LoadReport& report) {
  return report.correlations == 0 ? "" : "; " + grouped(report.correlations) + " are correlations";
}

void print_text(const RulesCheckOptions& options, const Content& content,
                const Findings& findings) {
  const LoadReport& report = content.rule_report;
  if (!options.quiet) {
    for (const auto& diagnostic : report.refused) {
      print_lines("refused  ", diagnostic.to_string());
    }
    for (const auto& diagnostic : report.warnings) {
      line("warning  " + printable(diagnostic.to_string()));
    }
    for (const auto& [file, number, tag] : findings.unknown_tags) {
      line("warning  " + printable(file) + ":" + std::to_string(number) +
           ": tag names nothing known: " + printable(tag));
    }
    for (const compile::FilterUse& filter : report.filters) {
      line("filter   " + printable(filter.file) + ":" + std::to_string(filter.line) +
           ": added to " + grouped(filter.rules) + " rules: " + printable(filter.title));
    }
    for (const auto& [source, rules] : findings.unmapped) {
      line("unmapped " + printable(source) + ": " + std::to_string(rules.size()) +
           " rules, for instance " + printable(rules.front()->file));
    }
  }
  line(grouped(report.files) + " files: " + grouped(report.rules_loaded + report.correlations) +
       " rules loaded, " + grouped(report.refused.size()) + " refused (" +
       grouped(report.unresolved_placeholders) + " for unresolved placeholders), " +
       grouped(report.warnings.size() + findings.unknown_tags.size()) + " warnings" +
       correlations_of(report));
  line(grouped(findings.unmapped_rules) + " of the loaded rules ask for " +
       grouped(findings.unmapped.size()) +
       " log sources that no mapping leads to; they never match");
}

void print_diagnostic(std::string_view kind, const sigma::Diagnostic& diagnostic) {
  JsonWriter json;
  json.begin_object().member("kind", kind).key("schema").integer(incident::kJsonSchemaVersion);
  json.member("file", diagnostic.file).key("line").unsigned_integer(diagnostic.place.line);
  json.key("column").unsigned_integer(diagnostic.place.column);
  json.member("code", sigma::diagnostic_code_name(diagnostic.code));
  json.member("message", diagnostic.message).end_object();
  line(json.text());
}

void print_json(const Content& content, const Findings& findings) {
  const LoadReport& report = content.rule_report;
  for (const auto& diagnostic : report.refused) print_diagnostic("refused_rule", diagnostic);
  for (const auto& diagnostic : report.warnings) print_diagnostic("rule_warning", diagnostic);
  for (const compile::FilterUse& filter : report.filters) {
    JsonWriter json;
    json.begin_object()
        .member("kind", "filter")
        .key("schema")
        .integer(incident::kJsonSchemaVersion);
    json.member("file", filter.file).key("line").unsigned_integer(filter.line);
    json.member("title", filter.title).key("rules").unsigned_integer(filter.rules).end_object();
    line(json.text());
  }
  for (const auto& [source, rules] : findings.unmapped) {
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
  json.key("warnings").unsigned_integer(report.warnings.size() + findings.unknown_tags.size());
  json.key("unmapped").unsigned_integer(findings.unmapped_rules).end_object();
  line(json.text());
}

}  // namespace

int run_rules_check(const RulesCheckOptions& options) {
  const auto content = Content::load(
      {options.paths, existing_attack_overlay(), 1, options.rule_cache, options.rule_inputs});
  if (!content.ok()) {
    std::fprintf(stderr, "catena: %s\n", printable(content.status().message()).c_str());
    return kExitError;
  }
  if (options.verbose) std::fprintf(stderr, "catena: %s\n", (*content)->cache_note.c_str());
  if (options.log_sources) return print_log_sources((*content)->rules, options.format);
  const Findings findings = find(**content);
  if (options.format == OutputFormat::kText) {
    print_text(options, **content, findings);
  } else {
    print_json(**content, findings);
  }
  if (std::fflush(stdout) != 0) return kExitError;
  return options.strict && !(*content)->rule_report.refused.empty() ? kExitFound : kExitOk;
}

}  // namespace catena::app
