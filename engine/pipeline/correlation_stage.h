// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "engine/correlate/correlator.h"
#include "engine/correlate/hit_queue.h"
#include "engine/incident/detection.h"
#include "engine/pipeline/incident_stage.h"

// CorrelationStage stands between the workers and the incident stage: takes the hits of each batch,
// in input order, lets them wait until their time has come, runs the correlations and adds what
// they find to the batch's detections. What is found depends on the hits and their event times, not
// on batches, threads or the order in which sources are read. Thread safety: none; called in input
// order. Memory: the waiting hits (HitQueue) and the groups (Correlator). With no correlation
// loaded every call returns at once.
namespace catena::pipeline {

class CorrelationStage {
 public:
  struct Options {
    // How much older than the newest of its source a hit may be; nullopt: everything waits for the
    // end of the input.
    std::optional<Timestamp> lateness;
    bool repeat = false;
    std::size_t max_waiting_bytes = correlate::HitQueue::kDefaultWaitingBytes;
    std::size_t max_group_bytes = correlate::Correlator::kDefaultGroupBytes;
    std::uint64_t seed = 0;
  };
  using Build = std::function<incident::Detection(const correlate::Result&)>;

  // `source_ranks`: the rank of each source, in the order of reading, from 0 without gaps; sources
  // that are read twice have one rank. A source is over when a batch of a later one comes. All must
  // outlive the stage.
  CorrelationStage(const plan::CorrelationProgram& program,
                   std::span<const std::uint32_t> source_ranks, const Options& options,
                   Build build);

  // Takes outcome.hits; what was found is behind the outcome's other detections.
  void add(BatchOutcome& outcome);
  // As add() for the hits that wait: nothing older is expected, the input pauses. What was found
  // is behind the outcome's detections.
  void settle(BatchOutcome& outcome);
  // Hits that wait for their time.
  [[nodiscard]] std::size_t waiting() const noexcept { return queue_.waiting(); }
  // The rest, at the end of input.
  [[nodiscard]] std::vector<incident::Detection> finish();

  // Since the beginning.
  struct Counters {
    std::uint64_t loaded = 0;
    std::uint64_t hits = 0;
    std::uint64_t results = 0;          // of all correlations, those that only feed others included
    std::uint64_t groups = 0;           // held now
    std::uint64_t greatest_groups = 0;  // held at one time by one correlation, summed up
    std::uint64_t evicted = 0;          // groups given up for want of memory
    std::uint64_t late = 0;             // hits beyond the lateness: left out
    std::uint64_t hurried = 0;          // hits that could not wait for want of memory
    std::uint64_t without_time = 0;     // hits of events without a time: left out
    std::array<std::uint64_t, correlate::kSkippedCount> skipped{};
  };
  [[nodiscard]] Counters counters() const;

 private:
  void close_before(std::uint32_t source);
  void drain();
  void drain_into(BatchOutcome& outcome);

  std::span<const std::uint32_t> source_ranks_;
  Build build_;
  correlate::HitQueue queue_;
  correlate::Correlator correlator_;
  std::vector<incident::Detection> found_;
  std::vector<std::uint32_t> last_readings_;  // by rank: the last source that has it
  std::uint32_t open_ = 0;                    // the source that is being read
  Timestamp last_time_ = kNoTime;             // of the batches of this source
  std::uint64_t hits_ = 0;
  std::uint64_t without_time_ = 0;
};

}  // namespace catena::pipeline
