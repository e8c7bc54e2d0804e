// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "engine/attack/attack_catalog.h"
#include "engine/base/result.h"

// What the catalog knows about one id, as lines for a person (`catena attack show`). Not a format
// for programs: they read the catalog. Thread safety: pure functions.
namespace catena::attack {

// A technique id ("T1003.001"), a tactic id or short name ("TA0006", "stealth"), or an IRIS phase
// ("E3", "launch-attack"); any case. An id that a newer version replaced is shown with its
// successor. kNotFound when nothing has that name. Ends with a newline.
[[nodiscard]] Result<std::string> describe(const AttackCatalog& catalog, std::string_view id);

// "Escalate privileges (E3), Internal reconnaissance (E5)"; "from the surrounding steps" when the
// context decides; "none" when nothing is known.
[[nodiscard]] std::string phases_text(const PhaseCandidates& candidates);

}  // namespace catena::attack
