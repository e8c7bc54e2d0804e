// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/incident/chain_builder.h"

// How much a chain deserves an analyst's attention: more phases and more rules weigh, repetition
// does not (each phase counts with its most severe step). Integer arithmetic, so the same
// everywhere. Thread safety: pure function.
namespace catena::incident {

// Sets chain.score (tenths of a point) and chain.severity; phases must be resolved.
void score_chain(const std::vector<ChainMember>& members, Chain& chain);

}  // namespace catena::incident
