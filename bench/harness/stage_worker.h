// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bench/harness/result.h"
#include "bench/harness/subject.h"
#include "connectors/codec/decoder.h"
#include "engine/event/event_batch.h"
#include "engine/incident/detection_builder.h"
#include "engine/match/matcher.h"

// StageWorker is one thread's share of a measurement: it takes a batch through decode, match and
// detect as the pipeline does, and keeps the time of each.
// Thread safety: none; one worker a thread. The clock is read a few times a batch, not an event.
namespace catena::harness {

enum Stage : std::uint8_t { kDecode, kMatch, kDetect, kStageCount };

class StageWorker {
 public:
  using Clock = double (*)();  // wall_seconds or thread_seconds

  // All must outlive the worker; `matcher` may be null: then only decoding is done.
  StageWorker(const Subject& subject, const match::Matcher* matcher,
              const incident::DetectionBuilder& detections, Clock clock);

  // What is done with the matches of a batch, timed as detect.
  using Detect = std::function<void(const StageWorker&)>;

  // The received bytes are in `batch`. Without `detect` every detection is built and dropped.
  [[nodiscard]] Status work(EventBatch& batch, const Detect& detect = nullptr);

  void reset_times() noexcept { seconds_ = {}; }
  [[nodiscard]] const std::array<double, kStageCount>& seconds() const noexcept { return seconds_; }
  [[nodiscard]] double total_seconds() const noexcept;
  // Since construction.
  [[nodiscard]] MatchCounts counts() const noexcept;
  // Of the last batch: (position of the event, rule).
  struct Match {
    std::size_t event;
    plan::RuleIndex rule;
  };
  [[nodiscard]] const std::vector<Match>& matches() const noexcept { return found_; }

 private:
  const match::Matcher* matcher_;
  const incident::DetectionBuilder& detections_;
  Clock clock_;
  codec::Decoder decoder_;
  std::optional<match::Matcher::Scratch> scratch_;
  std::vector<plan::RuleIndex> matches_;
  std::vector<Match> found_;
  std::array<double, kStageCount> seconds_{};
};

}  // namespace catena::harness
