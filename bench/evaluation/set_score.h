// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/evaluation/recorded_set.h"

// SetScore: how well the chains of one labelled set tell its attack. Every figure is a count, so
// that whoever adds them up can see what they are made of. README.md defines each.
// Thread safety: value type; score_set() is a pure function.
namespace catena::evaluation {

// Labelled techniques, told apart exactly (T1003.001) and by their parent (T1003).
struct LabelCounts {
  std::uint64_t labelled = 0;
  std::uint64_t detected = 0;      // by any detection of the set
  std::uint64_t in_first = 0;      // by a detection of the top chain
  std::uint64_t in_first_two = 0;  // by the better of the top two chains
};

struct SetScore {
  std::string name;
  std::vector<std::string> techniques;  // as labelled, canonical
  std::uint64_t events = 0;
  std::uint64_t detections = 0;         // distinct
  std::uint64_t folded_detections = 0;  // distinct (rule, host, hour)
  std::uint64_t chains = 0;
  std::uint64_t high_chains = 0;       // HIGH or CRITICAL: incidents
  std::uint64_t high_chain_steps = 0;  // of all incidents together
  bool has_high_detection = false;     // of level high or critical
  LabelCounts exact;
  LabelCounts parent;
  std::uint64_t hosts = 0;  // with a detection of level low or higher
  std::uint64_t top_chain_hosts = 0;
  std::uint64_t top_chain_steps = 0;
  std::uint64_t top_chain_phases = 0;
  std::uint32_t top_chain_score = 0;  // tenths
  bool lateral = false;               // labelled as lateral movement (TA0008)
  // Event time from the set's first event until the first chain reaches HIGH; negative: none does.
  double seconds_to_incident = -1;
};

[[nodiscard]] SetScore score_set(const RecordedSet& set, const JoinedSet& joined);

}  // namespace catena::evaluation
