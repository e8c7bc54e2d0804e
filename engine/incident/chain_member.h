// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/incident/chain.h"
#include "engine/incident/detection.h"

// A detection in a chain that is being put together, and why it is there. Thread safety: value type
// that points to a detection which must outlive it.
namespace catena::incident {

struct ChainMember {
  const Detection* detection = nullptr;
  JoinEdge join;
  bool background = false;
};

// The host that a detection was made on; nullptr when it names none.
[[nodiscard]] const std::string* host_of(const Detection& detection) noexcept;
// True when one's process is among the other's processes or their ancestors.
[[nodiscard]] bool share_process(const Detection& a, const Detection& b) noexcept;
[[nodiscard]] bool has_technique(const Detection& detection, std::string_view parent) noexcept;

}  // namespace catena::incident
