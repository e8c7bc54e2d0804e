// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "bench/evaluation/recorded_set.h"

// The overlap test: all labelled sets are shifted into one hour and joined as one stream, and the
// question is which campaigns stay apart. Nothing is renamed: recordings of one laboratory share
// hosts, accounts and addresses, so this is harder than life. Sets whose detections name the very
// same process (a GUID that both have) were recorded from one implant: they are one campaign.
// Thread safety: pure functions.
namespace catena::evaluation {

// Where in the hour a set begins. kOwnMinute: as many minutes and seconds past the hour as it was
// recorded at. kSameMoment: all at once, which leaves time out as a help to tell them apart.
enum class OverlapStart : std::uint8_t { kOwnMinute, kSameMoment };

// A set without a chain of its own, and why.
struct LostSet {
  std::string name;
  std::uint64_t core = 0;       // steps of its top chain when it is joined alone
  std::uint64_t kept = 0;       // of these, in the chain that holds most of them
  std::uint64_t chain = 0;      // steps of that chain
  std::uint64_t own = 0;        // of these, of this set's campaign
  std::uint64_t campaigns = 0;  // in that chain
};

struct OverlapScore {
  std::uint64_t sets = 0;       // whose labelled technique is detected (by parent)
  std::uint64_t campaigns = 0;  // that they are
  // Sets of which a chain holds at least half of the steps that their top chain has when they are
  // joined alone, and most of that chain is of their campaign.
  std::uint64_t own_chain = 0;
  std::uint64_t own_chain_by_set = 0;  // the same when every set is a campaign of its own
  std::uint64_t chains = 0;
  std::uint64_t mixed_chains = 0;       // with steps of two or more campaigns
  std::uint64_t over_mixed_chains = 0;  // of more than two
  std::uint64_t most_campaigns = 0;     // in one chain
  std::uint64_t steps = 0;              // of campaigns, in all chains
  std::uint64_t pure_steps = 0;         // of the campaign that has most of their chain
  std::vector<LostSet> lost;
  // "type value" of the entities that joined steps of different campaigns, most joins first.
  std::vector<std::pair<std::string, std::uint64_t>> glue;
};

struct OverlapSet {
  const RecordedSet* set = nullptr;
  std::vector<Id128> core;               // the detections of its top chain when it is joined alone
  std::vector<std::uint64_t> processes;  // hashes of the GUIDs that its detections name
};

// The GUIDs of processes, own, above or on the other machine, that detections name.
[[nodiscard]] std::vector<std::uint64_t> named_processes(const JoinedSet& joined);

[[nodiscard]] Result<OverlapScore> score_overlap(const std::vector<OverlapSet>& sets,
                                                 OverlapStart start);

}  // namespace catena::evaluation
