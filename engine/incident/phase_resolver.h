// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/incident/chain_member.h"

// Decides the IRIS phase of every step of a chain from its rule's candidates and the steps around
// it, and fills the chain's phase slots. Order never gates a step: any phase may come at any time.
// Thread safety: pure function of its arguments. Cost: O(steps * kNeighbourSteps).
namespace catena::incident {

// `chain.steps` is parallel to `members`, both in (time, id) order.
void resolve_phases(const std::vector<ChainMember>& members, Chain& chain);

}  // namespace catena::incident
