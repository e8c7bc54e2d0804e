// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "bench/evaluation/recorded_set.h"

// The overlap test: every labelled set is shifted so that its first event is at the same moment,
// all are joined as one stream, and the question is which campaigns stay apart. Nothing is renamed:
// recordings of one laboratory share hosts, accounts and addresses, so this is harder than life.
// Thread safety: pure function.
namespace catena::evaluation {

struct OverlapScore {
  // Sets whose labelled technique is detected (by parent).
  std::uint64_t campaigns = 0;
  // Of these: a chain holds at least half of the steps that the campaign's top chain has when it is
  // joined alone, and most of that chain is of this campaign.
  std::uint64_t own_chain = 0;
  std::uint64_t chains = 0;
  std::uint64_t mixed_chains = 0;       // with steps of two or more campaigns
  std::uint64_t over_mixed_chains = 0;  // of more than two
  std::uint64_t most_campaigns = 0;     // in one chain
  std::uint64_t steps = 0;              // of campaigns, in all chains
  std::uint64_t pure_steps = 0;         // of the campaign that has most of their chain
  std::vector<std::string> lost;        // campaigns without a chain of their own
  // "type value" of the entities that joined steps of different campaigns, most joins first.
  std::vector<std::pair<std::string, std::uint64_t>> glue;
};

// Which detections were the campaign's top chain when it was joined alone.
struct Campaign {
  const RecordedSet* set = nullptr;
  std::vector<Id128> core;
};

[[nodiscard]] Result<OverlapScore> score_overlap(const std::vector<Campaign>& campaigns);

}  // namespace catena::evaluation
