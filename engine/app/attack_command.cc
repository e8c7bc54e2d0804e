// SPDX-License-Identifier: Apache-2.0
#include "engine/app/attack_command.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "engine/app/content.h"
#include "engine/app/exit_code.h"
#include "engine/app/terminal.h"
#include "engine/attack/attack_text.h"
#include "rules/attack/attack_loader.h"
#include "rules/attack/stix_import.h"

namespace catena::app {
namespace {

int complain(const Status& status) {
  std::fprintf(stderr, "catena: %s\n", printable(status.message()).c_str());
  return kExitError;
}

// Writes beside the target and renames, so that a reader never sees half a file.
Status replace_file(const std::string& path, const std::string& text) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path target(path);
  if (target.has_parent_path()) fs::create_directories(target.parent_path(), error);
  const std::string draft = path + ".new";
  {
    std::ofstream file(draft, std::ios::binary | std::ios::trunc);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.flush();
    if (!file) {
      fs::remove(draft, error);
      return io_error(path + ": cannot be written");
    }
  }
  fs::rename(draft, target, error);
  return error ? io_error(path + ": " + error.message()) : ok_status();
}

Result<std::string> import_bundle(const AttackOptions& options) {
  const std::string output = options.output.empty() ? attack_overlay_path() : options.output;
  if (output.empty()) return invalid_input("no place for the tables: give --output FILE");
  ASSIGN_OR_RETURN(const std::string bundle, rules::read_stix_file(options.bundle));
  ASSIGN_OR_RETURN(const rules::ImportedAttack imported, rules::import_stix(bundle));
  const std::string text = rules::attack_tables_text(imported);
  // The tables must load on top of ours before they replace anything.
  ASSIGN_OR_RETURN(auto catalog, load_attack(""));
  const rules::AttackTable table{options.bundle, text};
  RETURN_IF_ERROR(rules::load_attack_tables({&table, 1}, catalog));
  RETURN_IF_ERROR(replace_file(output, text));
  return "ATT&CK " + imported.version + ": " + std::to_string(imported.techniques.size()) +
         " techniques, " + std::to_string(imported.tactics.size()) + " tactics, " +
         std::to_string(imported.forwards.size()) + " replaced ids, kept in " + output;
}

}  // namespace

int run_attack_show(const AttackOptions& options) {
  const auto catalog = load_attack(existing_attack_overlay());
  if (!catalog.ok()) return complain(catalog.status());
  const auto text = attack::describe(*catalog, options.id);
  if (!text.ok()) return complain(text.status());
  std::fputs(text->c_str(), stdout);
  return std::fflush(stdout) == 0 ? kExitOk : kExitError;
}

int run_attack_import(const AttackOptions& options) {
  const auto message = import_bundle(options);
  if (!message.ok()) return complain(message.status());
  std::printf("%s\n", printable(*message).c_str());
  return std::fflush(stdout) == 0 ? kExitOk : kExitError;
}

}  // namespace catena::app
