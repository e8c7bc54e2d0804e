// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/app/terminal.h"
#include "engine/attack/attack_catalog.h"
#include "engine/incident/chain.h"

// Why a chain is told and ranked as it is: the phases that were inferred and by what, what became
// of the launch, every factor of the score, and the same chain in the words of other models. Thread
// safety: pure functions. The text ends with a line end.
namespace catena::app {

// `detections` is parallel to chain.steps.
[[nodiscard]] std::string chain_reasons(const incident::Chain& chain,
                                        const std::vector<incident::Detection>& detections,
                                        const attack::AttackCatalog& attack,
                                        const TextStyle& style);

}  // namespace catena::app
