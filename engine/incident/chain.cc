// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/chain.h"

namespace catena::incident {

std::string_view severity_name(Severity severity) noexcept {
  constexpr std::array<std::string_view, 4> kNames = {"low", "medium", "high", "critical"};
  return kNames[static_cast<std::size_t>(severity)];
}

}  // namespace catena::incident
