// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/incident_stage.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace catena::pipeline {

using incident::Detection;
using incident::Entity;
using incident::EntityType;

void BatchOutcome::clear() {
  detections.clear();
  process_starts.clear();
  evaluated = 0;
  events_by_log_source.clear();
  dead_letters.clear();
  position = {};
}

Status IncidentStage::restore() {
  Status status = ok_status();
  RETURN_IF_ERROR(store_.for_each_chain([&](const incident::Chain& chain) {
    std::vector<Detection> detections;
    detections.reserve(chain.steps.size());
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
      detections.push_back(std::move(**detection));
    }
    chains_.restore(chain, std::move(detections));
    return true;
  }));
  return status;
}

Status IncidentStage::add(BatchOutcome& outcome) {
  events_ += outcome.evaluated;
  dead_letters_ += outcome.dead_letters.size();
  positions_[outcome.position.source] = outcome.position;
  for (incident::ProcessStart& start : outcome.process_starts) lineage_.observe(std::move(start));
  std::move(outcome.detections.begin(), outcome.detections.end(), std::back_inserter(pending_));
  return pending_.size() >= kMaxPending ? commit() : ok_status();
}

void IncidentStage::add_ancestors(Detection& detection) const {
  std::vector<Entity> ancestors;
  for (const Entity& entity : detection.entities) {
    if (entity.type != EntityType::kProcess) continue;
    for (std::string& value : lineage_.ancestors(entity.value)) {
      ancestors.push_back({EntityType::kAncestor, std::move(value)});
    }
  }
  auto& entities = detection.entities;
  entities.insert(entities.end(), ancestors.begin(), ancestors.end());
  std::sort(entities.begin(), entities.end());
  entities.erase(std::unique(entities.begin(), entities.end()), entities.end());
}

Status IncidentStage::commit() {
  // Stable: of equal records the first one read is kept.
  std::stable_sort(pending_.begin(), pending_.end(), [](const Detection& a, const Detection& b) {
    return std::tie(a.time, a.id) < std::tie(b.time, b.id);
  });
  Epoch epoch;
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    Detection& detection = pending_[i];
    if (i > 0 && detection.id == pending_[i - 1].id) continue;
    ASSIGN_OR_RETURN(const bool known, store_.has_detection(detection.id));
    if (known) continue;
    add_ancestors(detection);
    chains_.add(detection);
    epoch.detections.push_back(detection);
  }
  auto changes = chains_.take();
  epoch.chains = changes.chains;
  epoch.merged_away = changes.merged_away;
  for (const auto& [source, position] : positions_) epoch.positions.push_back(position);
  epoch.events = events_;
  epoch.dead_letters = dead_letters_;
  RETURN_IF_ERROR(store_.commit(epoch));
  const Report report{pending_, changes, epoch.detections.size()};
  RETURN_IF_ERROR(on_epoch_(report));
  pending_.clear();
  positions_.clear();
  events_ = 0;
  dead_letters_ = 0;
  return ok_status();
}

}  // namespace catena::pipeline
