// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/correlation_stage.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace catena::pipeline {
namespace {

std::size_t count_of(std::span<const std::uint32_t> ranks) {
  const auto greatest = std::max_element(ranks.begin(), ranks.end());
  return greatest == ranks.end() ? 0 : std::size_t{*greatest} + 1;
}

}  // namespace

CorrelationStage::CorrelationStage(const plan::CorrelationProgram& program,
                                   std::span<const std::uint32_t> source_ranks,
                                   const Options& options, Build build)
    : source_ranks_(source_ranks),
      build_(std::move(build)),
      queue_({count_of(source_ranks), options.lateness, options.max_waiting_bytes}),
      correlator_(program, {options.max_group_bytes, options.repeat, options.seed},
                  [this](const correlate::Result& result) { found_.push_back(build_(result)); }),
      last_readings_(count_of(source_ranks)) {
  for (std::uint32_t i = 0; i < source_ranks.size(); ++i) last_readings_[source_ranks[i]] = i;
}

void CorrelationStage::close_before(std::uint32_t source) {
  if (source == open_) return;
  for (; open_ < source; ++open_) {
    const std::uint32_t rank = source_ranks_[open_];
    if (last_readings_[rank] == open_) queue_.close(rank);
  }
  last_time_ = kNoTime;
}

void CorrelationStage::add(BatchOutcome& outcome) {
  if (correlator_.states().empty()) return;
  close_before(outcome.source_number);
  for (correlate::Hit& hit : outcome.hits) {
    ++hits_;
    // Records at the head of a batch without a time inherit it from the batch before.
    if (hit.event.time == kNoTime) hit.event.time = last_time_;
    if (hit.event.time == kNoTime) {
      ++without_time_;
      continue;
    }
    queue_.add(std::move(hit));
  }
  if (outcome.last_time != kNoTime) last_time_ = outcome.last_time;
  drain_into(outcome);
}

void CorrelationStage::settle(BatchOutcome& outcome) {
  queue_.settle();
  drain_into(outcome);
}

void CorrelationStage::drain_into(BatchOutcome& outcome) {
  drain();
  std::move(found_.begin(), found_.end(), std::back_inserter(outcome.detections));
  found_.clear();
}

std::vector<incident::Detection> CorrelationStage::finish() {
  if (correlator_.states().empty()) return {};
  for (const std::uint32_t source : source_ranks_) queue_.close(source);
  drain();
  correlator_.finish();
  return std::exchange(found_, {});
}

void CorrelationStage::drain() {
  correlate::Hit hit;
  while (queue_.take(hit)) correlator_.take(std::move(hit));
}

CorrelationStage::Counters CorrelationStage::counters() const {
  Counters counters;
  counters.loaded = correlator_.states().size();
  counters.hits = hits_;
  counters.results = correlator_.results();
  counters.late = queue_.late();
  counters.hurried = queue_.hurried();
  counters.without_time = without_time_;
  for (const correlate::CorrelationState& state : correlator_.states()) {
    counters.groups += state.groups().size();
    counters.greatest_groups += state.groups().peak();
    counters.evicted += state.groups().evicted();
    for (std::size_t i = 0; i < counters.skipped.size(); ++i) {
      counters.skipped[i] += state.skipped(static_cast<correlate::Skipped>(i));
    }
  }
  return counters;
}

}  // namespace catena::pipeline
