// SPDX-License-Identifier: Apache-2.0
#include "engine/app/content.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/app/packs.h"
#include "rules/attack/attack_loader.h"
#include "rules/mapping/mapping_pack.h"

namespace catena::app {
namespace {

constexpr std::string_view kMappingFolder = "mapping/";
constexpr std::string_view kStarterFolder = "starter/";
constexpr std::string_view kAttackFolder = "attack/";

Result<std::string> read_file(const std::string& path, std::size_t limit) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return io_error(path + ": cannot be read");
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (text.size() > limit) return limit_exceeded(path + ": larger than the limit");
  return text;
}

Result<std::unique_ptr<normalise::NormalisationTable>> load_mapping() {
  normalise::MappingDefinition definition;
  for (const EmbeddedFile& file : embedded_files()) {
    const std::string_view path = file.path;
    if (!path.starts_with(kMappingFolder)) continue;
    RETURN_IF_ERROR(mapping::load_mapping(file.text(), path, definition));
  }
  return normalise::NormalisationTable::create(std::move(definition));
}

Status add_rules(const std::vector<std::string>& paths, compile::RuleLoader& loader) {
  for (const std::string& path : paths) RETURN_IF_ERROR(loader.add_path(path));
  if (!paths.empty()) return ok_status();
  for (const EmbeddedFile& file : embedded_files()) {
    const std::string_view path = file.path;
    if (path.starts_with(kStarterFolder)) loader.add_text(file.text(), path);
  }
  return ok_status();
}

}  // namespace

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

std::string attack_overlay_path() {
  const char* data_home = std::getenv("XDG_DATA_HOME");
  if (data_home != nullptr && *data_home != '\0') {
    return std::string(data_home) + "/catena/attack.tsv";
  }
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home == '\0') return "";
  return std::string(home) + "/.local/share/catena/attack.tsv";
}

std::string existing_attack_overlay() {
  std::string path = attack_overlay_path();
  std::error_code error;
  return !path.empty() && std::filesystem::is_regular_file(path, error) ? path : "";
}

Result<std::unique_ptr<Content>> Content::load(const ContentOptions& options) {
  auto content = std::make_unique<Content>();
  ASSIGN_OR_RETURN(content->mapping, load_mapping());
  compile::RuleLoader loader(content->fields);
  RETURN_IF_ERROR(add_rules(options.rule_paths, loader));
  ASSIGN_OR_RETURN(content->rules, loader.finish());
  content->rule_report = loader.report();
  // Only now are all field names known.
  content->mapping->finish(content->fields);
  ASSIGN_OR_RETURN(content->attack, load_attack(options.attack_overlay));
  return content;
}

}  // namespace catena::app
