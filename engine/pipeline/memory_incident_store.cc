// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/memory_incident_store.h"

#include <algorithm>
#include <mutex>
#include <unordered_set>

#include "engine/pipeline/epoch_check.h"

namespace catena::pipeline {
namespace {

// Newest last event first, ties by id.
bool newer(const incident::Chain& a, const incident::Chain& b) {
  return a.last != b.last ? a.last > b.last : a.id < b.id;
}

std::vector<const incident::Chain*> newest_first(std::vector<const incident::Chain*> chains) {
  std::sort(chains.begin(), chains.end(),
            [](const incident::Chain* a, const incident::Chain* b) { return newer(*a, *b); });
  return chains;
}

}  // namespace

template <typename Visit>
void MemoryIncidentStore::for_each_entity(const incident::Chain& chain, Visit&& visit) const {
  for (const incident::Step& step : chain.steps) {
    for (const incident::Entity& entity : detections_.at(step.detection).entities) {
      visit(EntityKey(incident::key_space(entity.type), entity.value));
    }
  }
}

void MemoryIncidentStore::forget(const incident::Chain& chain) {
  for_each_entity(chain, [&](const EntityKey& key) {
    const auto found = chains_of_entity_.find(key);
    if (found == chains_of_entity_.end()) return;
    found->second.erase(chain.id);
    if (found->second.empty()) chains_of_entity_.erase(found);
  });
  for (const incident::Step& step : chain.steps) {
    const auto found = chain_of_.find(step.detection);
    if (found != chain_of_.end() && found->second == chain.id) chain_of_.erase(found);
  }
}

void MemoryIncidentStore::remember(const incident::Chain& chain) {
  for_each_entity(chain, [&](const EntityKey& key) { chains_of_entity_[key].insert(chain.id); });
  for (const incident::Step& step : chain.steps) chain_of_[step.detection] = chain.id;
  chain_of_.erase(chain.id);
  chains_.insert_or_assign(chain.id, chain);
}

Status MemoryIncidentStore::commit(const Epoch& epoch) {
  RETURN_IF_ERROR(check_epoch(epoch));
  const std::unique_lock<std::shared_mutex> lock(mutex_);
  std::unordered_set<Id128> new_ids;
  for (const incident::Detection& detection : epoch.detections) new_ids.insert(detection.id);
  for (const incident::Chain& chain : epoch.chains) {
    for (const incident::Step& step : chain.steps) {
      if (new_ids.count(step.detection) == 0 && detections_.count(step.detection) == 0) {
        return invalid_input("chain " + chain.id.hex() + ": step " + step.detection.hex() +
                             " is no known detection");
      }
    }
  }
  for (const incident::Chain& chain : epoch.chains) {
    const auto old = chains_.find(chain.id);
    if (old != chains_.end()) forget(old->second);
  }
  for (const Id128& id : epoch.merged_away) {
    const auto old = chains_.find(id);
    if (old == chains_.end()) continue;
    forget(old->second);
    if (!old->second.steps.empty()) chain_of_[id] = old->second.steps.front().detection;
    chains_.erase(old);
  }
  for (const incident::Detection& detection : epoch.detections) {
    detections_.emplace(detection.id, detection);
  }
  for (const incident::Chain& chain : epoch.chains) remember(chain);
  for (const SourcePosition& position : epoch.positions) {
    positions_.insert_or_assign(position.source, position);
  }
  return {};
}

Result<bool> MemoryIncidentStore::has_detection(const Id128& id) const {
  const std::shared_lock<std::shared_mutex> lock(mutex_);
  return detections_.count(id) != 0;
}

Result<std::optional<incident::Detection>> MemoryIncidentStore::detection(const Id128& id) const {
  const std::shared_lock<std::shared_mutex> lock(mutex_);
  const auto found = detections_.find(id);
  return found == detections_.end() ? std::nullopt
                                    : std::optional<incident::Detection>(found->second);
}

Result<std::optional<incident::Chain>> MemoryIncidentStore::chain(const Id128& id) const {
  const std::shared_lock<std::shared_mutex> lock(mutex_);
  const auto found = chains_.find(id);
  return found == chains_.end() ? std::nullopt : std::optional<incident::Chain>(found->second);
}

Result<std::optional<Id128>> MemoryIncidentStore::chain_of(const Id128& detection) const {
  const std::shared_lock<std::shared_mutex> lock(mutex_);
  auto found = chain_of_.find(detection);
  if (found == chain_of_.end()) return std::optional<Id128>();
  const Id128 first = found->second;
  found = chain_of_.find(first);  // of an ended chain's first step
  return std::optional<Id128>(found == chain_of_.end() ? first : found->second);
}

Status MemoryIncidentStore::for_each_chain(
    const std::function<bool(const incident::Chain&)>& visit) const {
  const std::shared_lock<std::shared_mutex> lock(mutex_);
  std::vector<const incident::Chain*> all;
  all.reserve(chains_.size());
  for (const auto& [id, chain] : chains_) all.push_back(&chain);
  for (const incident::Chain* chain : newest_first(std::move(all))) {
    if (!visit(*chain)) break;
  }
  return {};
}

Result<std::vector<Id128>> MemoryIncidentStore::chains_of_entity(
    const incident::Entity& entity) const {
  const std::shared_lock<std::shared_mutex> lock(mutex_);
  std::vector<const incident::Chain*> chains;
  const auto found =
      chains_of_entity_.find(EntityKey(incident::key_space(entity.type), entity.value));
  if (found != chains_of_entity_.end()) {
    for (const Id128& id : found->second) chains.push_back(&chains_.at(id));
  }
  std::vector<Id128> ids;
  for (const incident::Chain* chain : newest_first(std::move(chains))) ids.push_back(chain->id);
  return ids;
}

Result<std::optional<SourcePosition>> MemoryIncidentStore::position(std::string_view source) const {
  const std::shared_lock<std::shared_mutex> lock(mutex_);
  const auto found = positions_.find(source);
  return found == positions_.end() ? std::nullopt : std::optional<SourcePosition>(found->second);
}

}  // namespace catena::pipeline
