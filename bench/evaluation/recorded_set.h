// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "bench/evaluation/label_file.h"
#include "bench/harness/subject.h"
#include "engine/base/result.h"
#include "engine/match/matcher.h"
#include "engine/pipeline/incident_stage.h"

// RecordedSet is one labelled set after detection: what the workers of a scan would hand to the
// incident stage. Joining it is a step of its own, so that the same detections can be joined alone,
// shifted in time, and together with those of other sets. Thread safety: value type. Memory: the
// detections with their evidence.
namespace catena::evaluation {

struct RecordedSet {
  std::string name;
  SetLabel label;
  std::vector<pipeline::BatchOutcome> outcomes;  // in reading order
  std::uint64_t events = 0;
  std::uint64_t dead_letters = 0;
  Timestamp first_event = kNoTime;
  Timestamp last_event = kNoTime;

  // Moves everything by `offset` nanoseconds.
  void shift(Timestamp offset);
};

// Reads the files of a set one after the other.
[[nodiscard]] Result<RecordedSet> record_set(const harness::Subject& subject,
                                             const match::Matcher& matcher, std::string name,
                                             SetLabel label, const std::vector<std::string>& files);

// What joining makes of outcomes: the chains, and the detections of their steps.
struct JoinedSet {
  std::vector<incident::Chain> chains;                    // most severe first
  std::vector<std::vector<incident::Detection>> members;  // parallel to the steps of each chain
};
[[nodiscard]] Result<JoinedSet> join_set(std::vector<pipeline::BatchOutcome> outcomes);

}  // namespace catena::evaluation
