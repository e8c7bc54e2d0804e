// SPDX-License-Identifier: Apache-2.0
// Tables of mitigations, groups and advice in text: any bytes are read or refused with a place, and
// nothing half loaded stays.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "rules/attack/defence_loader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const catena::rules::AttackTable table{"table", text};
  const catena::attack::AttackCatalog attack;
  catena::attack::DefenceCatalog defence;
  const catena::Status status = catena::rules::load_defence_tables({&table, 1}, attack, defence);
  if (status.ok()) return 0;
  if (status.message().rfind("table:", 0) != 0 || !defence.mitigations.empty()) std::abort();
  return 0;
}
