// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/incident_stage.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace catena::pipeline {

using incident::Detection;

void BatchOutcome::clear() {
  source_number = 0;
  detections.clear();
  hits.clear();
  facts.clear();
  evaluated = 0;
  std::fill(events_by_log_source.begin(), events_by_log_source.end(), 0);
  dead_letters.clear();
  position.source.clear();
  position.offset = 0;
  position.lines = 0;
  position.content_hash = 0;
  sequence = 0;
  rule_work.clear();
  last_time = kNoTime;
}

Status IncidentStage::restore() {
  Status status = ok_status();
  std::vector<Detection> history;
  RETURN_IF_ERROR(store_.for_each_chain([&](const incident::Chain& chain) {
    for (const incident::Step& step : chain.steps) {
      auto detection = store_.detection(step.detection);
      if (!detection.ok()) {
        status = detection.status();
        return false;
      }
      if (!detection->has_value()) {
        status = corrupt("store: chain " + chain.id.hex() + " names a missing detection " +
                         step.detection.hex());
        return false;
      }
      history.push_back(incident::without_evidence(**detection));
    }
    known_.emplace(chain.id, chain);
    return true;
  }));
  RETURN_IF_ERROR(status);
  std::sort(history.begin(), history.end(), incident::earlier);
  add_in_order(history);
  (void)chains_.take();
  return ok_status();
}

Status IncidentStage::add(BatchOutcome& outcome) {
  events_ += outcome.evaluated;
  dead_letters_ += outcome.dead_letters.size();
  positions_[outcome.position.source] = outcome.position;
  lineage_.observe(outcome.facts);
  // Records at the head of a batch without a time inherit it from the batch before.
  Timestamp& last_time = last_times_[outcome.position.source];
  for (Detection& detection : outcome.detections) {
    if (detection.time == kNoTime) detection.time = last_time;
  }
  if (outcome.last_time != kNoTime) last_time = outcome.last_time;
  if (completion_ == Completion::kOfBatch) {
    for (Detection& detection : outcome.detections) lineage_.complete(detection);
  }
  std::move(outcome.detections.begin(), outcome.detections.end(), std::back_inserter(pending_));
  return pending_.size() >= kMaxPending ? commit() : ok_status();
}

void IncidentStage::remember(BatchOutcome& outcome) {
  lineage_.observe(outcome.facts);
  if (outcome.last_time != kNoTime) last_times_[outcome.position.source] = outcome.last_time;
}

void IncidentStage::add(std::vector<Detection> detections) {
  std::move(detections.begin(), detections.end(), std::back_inserter(pending_));
}

// The pending detections that the store does not have, by (time, id), completed by
// what other events told.
Result<std::vector<Detection>> IncidentStage::take_new() {
  std::vector<Detection> fresh;
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    Detection& detection = pending_[i];
    if (i > 0 && detection.id == pending_[i - 1].id) continue;
    ASSIGN_OR_RETURN(const bool known, store_.has_detection(detection.id));
    if (known) continue;
    if (completion_ == Completion::kOfEpoch) lineage_.complete(detection);
    fresh.push_back(detection);
  }
  return fresh;
}

void IncidentStage::add_in_order(const std::vector<Detection>& detections) {
  if (detections.empty()) return;
  for (const Detection& detection : detections) chains_.add(detection);
  latest_ = incident::without_evidence(detections.back());
  has_joined_ = true;
}

incident::ChainBuilder::Changes IncidentStage::join(const std::vector<Detection>& detections) {
  if (detections.empty()) return {};
  const bool late = has_joined_ && incident::earlier(detections.front(), latest_);
  if (!late) {
    add_in_order(detections);
  } else {
    std::vector<Detection> all = chains_.release();
    for (const Detection& detection : detections) {
      all.push_back(incident::without_evidence(detection));
    }
    std::sort(all.begin(), all.end(), incident::earlier);
    add_in_order(all);
  }
  auto changes = chains_.take();
  if (late) {
    // The new builder gave every chain; what it did not give is gone.
    std::set<Id128> alive;
    for (const incident::Chain& chain : changes.chains) alive.insert(chain.id);
    for (const auto& [id, chain] : known_) {
      if (!alive.contains(id)) changes.merged_away.push_back(id);
    }
  }
  for (const Id128& gone : changes.merged_away) known_.erase(gone);
  std::erase_if(changes.chains, [&](const incident::Chain& chain) {
    const auto known = known_.find(chain.id);
    return known != known_.end() && known->second == chain;
  });
  for (const incident::Chain& chain : changes.chains) known_.insert_or_assign(chain.id, chain);
  return changes;
}

Status IncidentStage::commit() {
  // Stable: of equal records the first one read is kept.
  std::stable_sort(pending_.begin(), pending_.end(), incident::earlier);
  Epoch epoch;
  ASSIGN_OR_RETURN(epoch.detections, take_new());
  const auto changes = join(epoch.detections);
  epoch.chains = changes.chains;
  epoch.merged_away = changes.merged_away;
  for (const auto& [source, position] : positions_) epoch.positions.push_back(position);
  epoch.events = events_;
  epoch.dead_letters = dead_letters_;
  if (before_commit_) RETURN_IF_ERROR(before_commit_(epoch));
  RETURN_IF_ERROR(store_.commit(epoch));
  const Report report{pending_, changes, epoch.detections.size()};
  RETURN_IF_ERROR(on_epoch_(report));
  pending_.clear();
  lineage_.expire();
  positions_.clear();
  events_ = 0;
  dead_letters_ = 0;
  return ok_status();
}

}  // namespace catena::pipeline
