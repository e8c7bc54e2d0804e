// SPDX-License-Identifier: Apache-2.0
#include "engine/app/version.h"

#include <cstdio>

#include "engine/app/content.h"
#include "engine/app/exit_code.h"
#include "engine/app/packs.h"

namespace catena::app {

std::string version_text() { return CATENA_VERSION; }

int run_version() {
  const auto attack = load_attack(existing_attack_overlay());
  if (!attack.ok()) {
    std::fprintf(stderr, "catena: %s\n", attack.status().message().c_str());
    return kExitError;
  }
  std::size_t starter_rules = 0;
  for (const EmbeddedFile& file : embedded_files()) {
    if (std::string_view(file.path).starts_with("starter/")) ++starter_rules;
  }
  std::printf(
      "catena %s\nATT&CK tables %s, %zu techniques\nbuilt-in rules %zu\n"
      "ATT&CK facts: © The MITRE Corporation; reproduced and distributed with its permission\n",
      CATENA_VERSION, attack->version().c_str(), attack->techniques().size(), starter_rules);
  return kExitOk;
}

}  // namespace catena::app
