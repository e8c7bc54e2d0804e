// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/stage_worker.h"

#include <numeric>

namespace catena::harness {

StageWorker::StageWorker(const Subject& subject, const match::Matcher* matcher,
                         const incident::DetectionBuilder& detections, Clock clock)
    : matcher_(matcher),
      detections_(detections),
      clock_(clock),
      decoder_(subject.mapping, subject.fields) {
  if (matcher != nullptr) scratch_.emplace(*matcher);
}

Status StageWorker::work(EventBatch& batch, const Detect& detect) {
  const double begin = clock_();
  decoder_.decode(batch);
  inherit_times(batch);
  const double decoded = clock_();
  seconds_[kDecode] += decoded - begin;
  found_.clear();
  if (matcher_ == nullptr) return ok_status();
  for (std::size_t i = 0; i < batch.events.size(); ++i) {
    RETURN_IF_ERROR(matcher_->match(batch.events[i], *scratch_, matches_));
    for (const plan::RuleIndex rule : matches_) found_.push_back({i, rule});
  }
  const double matched = clock_();
  seconds_[kMatch] += matched - decoded;
  for (const Match& match : found_) make_plain(batch.events[match.event], batch.arena);
  if (detect) {
    detect(*this);
  } else {
    for (const Match& match : found_) {
      static_cast<void>(detections_.build(batch.events[match.event], match.rule));
    }
  }
  seconds_[kDetect] += clock_() - matched;
  return ok_status();
}

double StageWorker::total_seconds() const noexcept {
  return std::accumulate(seconds_.begin(), seconds_.end(), 0.0);
}

MatchCounts StageWorker::counts() const noexcept {
  if (!scratch_) return {};
  const auto& values = scratch_->value_counters();
  return {scratch_->counters().candidates, scratch_->counters().matches, values.found,
          values.missed, values.left};
}

}  // namespace catena::harness
