// SPDX-License-Identifier: Apache-2.0
// STIX bundles: any bytes are imported or refused, and an import renders to tables that load.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "rules/attack/attack_loader.h"
#include "rules/attack/stix_import.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto imported = catena::rules::import_stix(text);
  if (!imported.ok()) return 0;
  const std::string rendered = catena::rules::attack_tables_text(*imported);
  const catena::rules::AttackTable table{"overlay", rendered};
  catena::attack::AttackCatalog catalog;
  if (!catena::rules::load_attack_tables({&table, 1}, catalog).ok()) std::abort();
  if (catalog.techniques().size() != imported->techniques.size()) std::abort();
  return 0;
}
