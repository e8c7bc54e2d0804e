// SPDX-License-Identifier: Apache-2.0
#include "engine/app/log_source_coverage.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <utility>

#include "engine/app/content.h"
#include "engine/app/exit_code.h"
#include "engine/app/packs.h"
#include "engine/app/terminal.h"
#include "engine/base/json_writer.h"
#include "engine/incident/json_lines.h"

namespace catena::app {
namespace {

constexpr std::string_view kMappingFolder = "mapping/";
constexpr std::string_view kNoReason = "no mapping pack knows it";

std::vector<std::string> pack_names() {
  std::vector<std::string> names;
  for (const EmbeddedFile& file : embedded_files()) {
    const std::string_view path = file.path;
    if (path.starts_with(kMappingFolder)) names.emplace_back(path.substr(kMappingFolder.size()));
  }
  return names;
}

std::string reason_for(const LogSourceSelector& log_source,
                       const normalise::MappingDefinition& definition) {
  for (const normalise::UnmappedLogSource& unmapped : definition.unmapped) {
    if (unmapped.log_source == log_source) return unmapped.reason;
  }
  return std::string(kNoReason);
}

void print_json(const CoveredLogSource& source) {
  JsonWriter json;
  json.begin_object()
      .member("kind", "log_source")
      .key("schema")
      .integer(incident::kJsonSchemaVersion);
  json.member("logsource", source.log_source.to_string());
  json.key("rules").unsigned_integer(source.rules);
  if (source.pack.empty()) {
    json.member("unmapped", source.reason);
  } else {
    json.member("pack", source.pack);
  }
  json.end_object();
  std::printf("%s\n", json.text().c_str());
}

void print_text(const CoveredLogSource& source, std::size_t width) {
  std::string name = printable(source.log_source.to_string());
  name.resize(std::max(name.size(), width), ' ');
  std::printf("%6zu  %s  %s\n", source.rules, name.c_str(),
              source.pack.empty() ? ("unmapped: " + printable(source.reason)).c_str()
                                  : source.pack.c_str());
}

void print_totals(const std::vector<CoveredLogSource>& sources) {
  std::size_t unmapped = 0;
  std::size_t rules = 0;
  std::size_t unmapped_rules = 0;
  for (const CoveredLogSource& source : sources) {
    rules += source.rules;
    if (!source.pack.empty()) continue;
    ++unmapped;
    unmapped_rules += source.rules;
  }
  std::printf("%s log sources of %s rules; %s of them, of %s rules, unmapped\n",
              grouped(sources.size()).c_str(), grouped(rules).c_str(), grouped(unmapped).c_str(),
              grouped(unmapped_rules).c_str());
}

}  // namespace

Result<std::vector<CoveredLogSource>> log_source_coverage(const plan::RuleSet& rules) {
  std::map<std::string, CoveredLogSource> by_name;
  for (const plan::Rule& rule : rules.rules) {
    CoveredLogSource& source = by_name[rule.log_source.to_string()];
    source.log_source = rule.log_source;
    ++source.rules;
  }
  const std::vector<std::string> packs = pack_names();
  for (std::size_t count = 1; count <= packs.size(); ++count) {
    ASSIGN_OR_RETURN(auto definition, built_in_mapping(count));
    ASSIGN_OR_RETURN(const auto table,
                     normalise::NormalisationTable::create(std::move(definition)));
    for (auto& [name, source] : by_name) {
      if (source.pack.empty() && table->log_sources().reachable(source.log_source)) {
        source.pack = packs[count - 1];
      }
    }
  }
  ASSIGN_OR_RETURN(const auto definition, built_in_mapping());
  std::vector<CoveredLogSource> covered;
  for (auto& [name, source] : by_name) {
    if (source.pack.empty()) source.reason = reason_for(source.log_source, definition);
    covered.push_back(std::move(source));
  }
  return covered;
}

int print_log_sources(const plan::RuleSet& rules, OutputFormat format) {
  const auto sources = log_source_coverage(rules);
  if (!sources.ok()) {
    std::fprintf(stderr, "catena: %s\n", printable(sources.status().message()).c_str());
    return kExitError;
  }
  std::size_t width = 0;
  for (const CoveredLogSource& source : *sources) {
    width = std::max(width, source.log_source.to_string().size());
  }
  for (const CoveredLogSource& source : *sources) {
    if (format == OutputFormat::kText) {
      print_text(source, width);
    } else {
      print_json(source);
    }
  }
  if (format == OutputFormat::kText) print_totals(*sources);
  return std::fflush(stdout) == 0 ? kExitOk : kExitError;
}

}  // namespace catena::app
