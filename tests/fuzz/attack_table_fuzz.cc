// SPDX-License-Identifier: Apache-2.0
// ATT&CK tables in text: any bytes are read or refused with a place, and nothing half loaded stays.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/attack/attack_text.h"
#include "rules/attack/attack_loader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const catena::rules::AttackTable table{"table", text};
  catena::attack::AttackCatalog catalog;
  const catena::Status status = catena::rules::load_attack_tables({&table, 1}, catalog);
  if (!status.ok()) {
    if (status.message().rfind("table:", 0) != 0 || !catalog.techniques().empty()) std::abort();
    return 0;
  }
  for (const auto& [id, technique] : catalog.techniques()) {
    if (!catena::attack::describe(catalog, id).ok()) std::abort();
    static_cast<void>(catalog.resolve({"attack." + id}));
  }
  return 0;
}
