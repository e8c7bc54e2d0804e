// SPDX-License-Identifier: Apache-2.0
#include "engine/app/content.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "engine/app/build_identity.h"
#include "engine/app/packs.h"
#include "rules/attack/attack_loader.h"
#include "rules/mapping/mapping_pack.h"
#include "rules/processing/pipeline_transformer.h"
#include "rules/processing/placeholder_file.h"

namespace catena::app {
namespace {

constexpr std::string_view kMappingFolder = "mapping/";
constexpr std::string_view kStarterFolder = "starter/";
constexpr std::string_view kAttackFolder = "attack/";
constexpr std::string_view kTaxonomyFolder = "taxonomy/";

Result<std::string> read_file(const std::string& path, std::size_t limit) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return io_error(path + ": cannot be read");
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (text.size() > limit) return limit_exceeded(path + ": larger than the limit");
  return text;
}

Result<std::unique_ptr<normalise::NormalisationTable>> load_mapping() {
  ASSIGN_OR_RETURN(auto definition, built_in_mapping());
  return normalise::NormalisationTable::create(std::move(definition));
}

// Reads placeholders and pipelines into `options`; pipelines that are refused go to `refused`.
Status read_rule_inputs(const RuleInputs& inputs, compile::CompileOptions& options,
                        std::vector<sigma::Diagnostic>& refused) {
  for (const std::string& path : inputs.placeholders) {
    RETURN_IF_ERROR(processing::read_placeholder_file(path, options.placeholders));
  }
  ASSIGN_OR_RETURN(auto loaded, processing::load_pipelines(inputs.pipelines));
  options.transformer = std::move(loaded.transformer);
  refused = std::move(loaded.refused);
  return ok_status();
}

compile::CorpusRequest corpus_request(const ContentOptions& options) {
  compile::CorpusRequest request;
  request.paths = options.rule_paths;
  request.threads = options.threads;
  request.cache_folder = options.cache_folder;
  request.build = build_identity();
  if (!options.rule_paths.empty()) return request;
  for (const EmbeddedFile& file : embedded_files()) {
    const std::string_view path = file.path;
    if (path.starts_with(kStarterFolder)) request.texts.push_back({file.text(), path});
  }
  return request;
}

// $`variable`/catena, or ~`fallback`/catena; "" when neither is known.
std::string user_folder(const char* variable, const char* fallback) {
  const char* chosen = std::getenv(variable);
  if (chosen != nullptr && *chosen != '\0') return std::string(chosen) + "/catena";
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home == '\0') return "";
  return std::string(home) + fallback + "/catena";
}

}  // namespace

Result<normalise::MappingDefinition> built_in_mapping(std::size_t packs) {
  normalise::MappingDefinition definition;
  for (const EmbeddedFile& file : embedded_files()) {
    const std::string_view path = file.path;
    if (!path.starts_with(kMappingFolder)) continue;
    if (packs-- == 0) break;
    RETURN_IF_ERROR(mapping::load_mapping(file.text(), path, definition));
  }
  return definition;
}

Result<attack::AttackCatalog> load_attack(const std::string& overlay) {
  std::vector<rules::AttackTable> tables;
  for (const EmbeddedFile& file : embedded_files()) {
    const std::string_view path = file.path;
    if (path.starts_with(kAttackFolder)) tables.push_back({std::string(path), file.text()});
  }
  attack::AttackCatalog catalog;
  RETURN_IF_ERROR(rules::load_attack_tables(tables, catalog));
  if (!overlay.empty()) {
    ASSIGN_OR_RETURN(const std::string text, read_file(overlay, rules::kMaxAttackTableBytes));
    const rules::AttackTable table{overlay, text};
    RETURN_IF_ERROR(rules::load_attack_tables({&table, 1}, catalog));
  }
  return catalog;
}

Result<lint::Taxonomy> load_taxonomy() {
  lint::Taxonomy taxonomy;
  for (const EmbeddedFile& file : embedded_files()) {
    const std::string_view path = file.path;
    if (path.starts_with(kTaxonomyFolder)) {
      RETURN_IF_ERROR(taxonomy.add_pack(file.text(), path));
    }
  }
  ASSIGN_OR_RETURN(const auto definition, built_in_mapping());
  taxonomy.add_mapping(definition);
  return taxonomy;
}

std::string attack_overlay_path() {
  const std::string folder = user_folder("XDG_DATA_HOME", "/.local/share");
  return folder.empty() ? "" : folder + "/attack.tsv";
}

std::string default_cache_folder() { return user_folder("XDG_CACHE_HOME", "/.cache"); }

std::string existing_attack_overlay() {
  std::string path = attack_overlay_path();
  std::error_code error;
  return !path.empty() && std::filesystem::is_regular_file(path, error) ? path : "";
}

Result<std::unique_ptr<Content>> Content::load(const ContentOptions& options) {
  auto content = std::make_unique<Content>();
  ASSIGN_OR_RETURN(content->mapping, load_mapping());
  compile::CorpusRequest request = corpus_request(options);
  std::vector<sigma::Diagnostic> refused;
  RETURN_IF_ERROR(read_rule_inputs(options.inputs, request.options, refused));
  ASSIGN_OR_RETURN(auto corpus, compile::load_corpus(request, content->fields));
  content->rules = std::move(corpus.loaded.rules);
  content->rule_report = std::move(corpus.loaded.report);
  content->rule_report.refused.insert(content->rule_report.refused.begin(), refused.begin(),
                                      refused.end());
  content->cache_note = std::move(corpus.cache_note);
  if (!options.cache_folder.empty()) {
    // Without a usable folder scanners are compiled; cache_note already says so of the rules.
    if (auto scanners = match::FileScannerCache::open(options.cache_folder); scanners.ok()) {
      content->scanners = *std::move(scanners);
    }
  }
  // Only now are all field names known.
  content->mapping->finish(content->fields);
  content->lineage.bind(content->mapping->log_sources());
  ASSIGN_OR_RETURN(content->attack, load_attack(options.attack_overlay));
  return content;
}

}  // namespace catena::app
