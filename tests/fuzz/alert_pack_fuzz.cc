// SPDX-License-Identifier: Apache-2.0
// Alert packs: any bytes are a mapping, or refused with a place.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "rules/alert/alert_pack.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  catena::alert::AlertMapping mapping;
  const catena::Status status = catena::rules::load_alert_pack(text, "pack", mapping);
  if (!status.ok() && status.message().rfind("pack:", 0) != 0) std::abort();
  if (mapping.engines.size() > catena::rules::kMaxAlertEngines) std::abort();
  return 0;
}
