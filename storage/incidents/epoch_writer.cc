// SPDX-License-Identifier: Apache-2.0
#include "storage/incidents/epoch_writer.h"

#include <algorithm>
#include <utility>

#include "storage/kv/record_bytes.h"

namespace catena::storage {
namespace {

// What tells this epoch from the one before it, when it is about anything that has a name.
std::optional<Id128> epoch_digest(const pipeline::Epoch& epoch) {
  if (epoch.detections.empty() && epoch.positions.empty()) return std::nullopt;
  RecordWriter out;
  out.number(epoch.events);
  out.number(epoch.dead_letters);
  for (const incident::Detection& detection : epoch.detections) out.id(detection.id);
  for (const pipeline::SourcePosition& position : epoch.positions) {
    out.text(position.source);
    out.text(encode_position(position));
  }
  return hash128(std::move(out).take());
}

}  // namespace

Status EpochWriter::put(Family family, std::string key, std::string value) {
  if (value.size() > kMaxRecordBytes) {
    return limit_exceeded(family_names()[family] + " " + printable_key(key) +
                          ": record is larger than " + std::to_string(kMaxRecordBytes) + " bytes");
  }
  batch_.put(family, std::move(key), std::move(value));
  return {};
}

Status EpochWriter::add_detections() {
  for (const incident::Detection& detection : epoch_.detections) {
    std::string key = id_key(detection.id);
    ASSIGN_OR_RETURN(const auto stored, snapshot_.get(kDetectionFamily, key));
    if (stored || !new_detections_.emplace(detection.id, &detection).second) continue;
    RETURN_IF_ERROR(put(kDetectionFamily, std::move(key), encode_detection(detection)));
  }
  return {};
}

Status EpochWriter::rewrite_header(const incident::Chain& chain) {
  ASSIGN_OR_RETURN(const auto stored, snapshot_.get(kChainFamily, id_key(chain.id)));
  std::string value = encode_chain(chain);
  if (stored && *stored == value) return {};
  bool indexed = false;
  if (stored) {
    ASSIGN_OR_RETURN(const ChainRecord old, decode_chain(chain.id, *stored));
    indexed = old.chain.last == chain.last;
    if (!indexed) batch_.remove(kByTimeFamily, time_key(old.chain.last, chain.id));
  }
  if (!indexed) RETURN_IF_ERROR(put(kByTimeFamily, time_key(chain.last, chain.id), ""));
  return put(kChainFamily, id_key(chain.id), std::move(value));
}

Result<EpochWriter::StepChanges> EpochWriter::rewrite_steps(const incident::Chain& chain) {
  ASSIGN_OR_RETURN(const StoredSteps stored, read_steps(snapshot_, chain.id));
  StepChanges changes;
  auto old = stored.begin();
  const auto drop_old = [&]() -> Status {
    ASSIGN_OR_RETURN(const StepKey place, step_of_key(old->first));
    changes.removed.push_back(place.detection);
    batch_.remove(kStepFamily, old->first);
    ++old;
    return {};
  };
  // Both sides are in key order, since the steps are in (time, detection id) order.
  for (const incident::Step& step : chain.steps) {
    std::string key = step_key(chain.id, step);
    while (old != stored.end() && old->first < key) RETURN_IF_ERROR(drop_old());
    std::string value = encode_step(step);
    const bool known = old != stored.end() && old->first == key;
    const bool same = known && old->second == value;
    if (known) ++old;
    if (!known) changes.added.push_back(step.detection);
    if (!same) RETURN_IF_ERROR(put(kStepFamily, std::move(key), std::move(value)));
  }
  while (old != stored.end()) RETURN_IF_ERROR(drop_old());
  return changes;
}

Status EpochWriter::add_entities_of(const Id128& detection, std::set<Id128>& hashes) {
  const auto fresh = new_detections_.find(detection);
  if (fresh != new_detections_.end()) {
    for (const incident::Entity& entity : fresh->second->entities) {
      hashes.insert(entity_hash(entity));
    }
    return {};
  }
  ASSIGN_OR_RETURN(const auto stored, read_detection(snapshot_, detection));
  if (!stored) return invalid_input("step " + detection.hex() + " is no known detection");
  for (const incident::Entity& entity : stored->entities) hashes.insert(entity_hash(entity));
  return {};
}

// Steps that are only added bring their entities; when some left, the whole set is made again.
Status EpochWriter::rewrite_entities(const incident::Chain& chain, const StepChanges& changes) {
  std::set<Id128> hashes;
  std::set<Id128> stale;
  if (!changes.removed.empty()) {
    for (const incident::Step& step : chain.steps) {
      RETURN_IF_ERROR(add_entities_of(step.detection, hashes));
    }
    ASSIGN_OR_RETURN(const auto stored, read_pairs(snapshot_, kEntitiesFamily, chain.id));
    stale.insert(stored.begin(), stored.end());
  } else {
    for (const Id128& detection : changes.added) {
      RETURN_IF_ERROR(add_entities_of(detection, hashes));
    }
  }
  for (const Id128& hash : hashes) {
    if (stale.erase(hash) != 0) continue;  // indexed already
    RETURN_IF_ERROR(put(kByEntityFamily, pair_key(hash, chain.id), ""));
    RETURN_IF_ERROR(put(kEntitiesFamily, pair_key(chain.id, hash), ""));
  }
  for (const Id128& hash : stale) {
    batch_.remove(kByEntityFamily, pair_key(hash, chain.id));
    batch_.remove(kEntitiesFamily, pair_key(chain.id, hash));
  }
  return {};
}

// Detections that this chain gives up, unless another chain has them already.
Status EpochWriter::release_steps(const Id128& chain, const std::vector<Id128>& detections) {
  for (const Id128& detection : detections) {
    ASSIGN_OR_RETURN(const auto holder, read_chain_of(snapshot_, detection));
    if (holder && *holder == chain) chain_of_.emplace(detection, std::nullopt);
  }
  return {};
}

Status EpochWriter::rewrite_chain(const incident::Chain& chain) {
  // A chain that a merge ended and a split brought back needs no forwarding address.
  ASSIGN_OR_RETURN(const auto forwarded, read_chain_of(snapshot_, chain.id));
  if (forwarded) chain_of_[chain.id] = std::nullopt;
  ASSIGN_OR_RETURN(const StepChanges changes, rewrite_steps(chain));
  RETURN_IF_ERROR(rewrite_header(chain));
  RETURN_IF_ERROR(rewrite_entities(chain, changes));
  RETURN_IF_ERROR(release_steps(chain.id, changes.removed));
  for (const Id128& detection : changes.added) chain_of_[detection] = chain.id;
  return {};
}

Status EpochWriter::remove_chain(const Id128& id) {
  ASSIGN_OR_RETURN(const auto record, read_chain_record(snapshot_, id));
  if (!record) return {};  // merged away before
  batch_.remove(kChainFamily, id_key(id));
  batch_.remove(kByTimeFamily, time_key(record->chain.last, id));
  ASSIGN_OR_RETURN(const StoredSteps steps, read_steps(snapshot_, id));
  std::vector<Id128> detections;
  for (const auto& [key, value] : steps) {
    ASSIGN_OR_RETURN(const StepKey place, step_of_key(key));
    detections.push_back(place.detection);
    batch_.remove(kStepFamily, key);
  }
  ASSIGN_OR_RETURN(const auto hashes, read_pairs(snapshot_, kEntitiesFamily, id));
  for (const Id128& hash : hashes) {
    batch_.remove(kByEntityFamily, pair_key(hash, id));
    batch_.remove(kEntitiesFamily, pair_key(id, hash));
  }
  // The forwarding address: the first step, whoever holds it now and later.
  if (!detections.empty()) chain_of_[id] = detections.front();
  return release_steps(id, detections);
}

void EpochWriter::write_chain_of() {
  for (const auto& [detection, chain] : chain_of_) {
    if (chain) {
      batch_.put(kChainOfFamily, id_key(detection), id_key(*chain));
    } else {
      batch_.remove(kChainOfFamily, id_key(detection));
    }
  }
}

Status EpochWriter::add_positions() {
  for (const pipeline::SourcePosition& position : epoch_.positions) {
    std::string value = encode_position(position);
    ASSIGN_OR_RETURN(const auto stored, snapshot_.get(kPositionFamily, position.source));
    if (stored && *stored == value) continue;
    RETURN_IF_ERROR(put(kPositionFamily, position.source, std::move(value)));
  }
  return {};
}

// Counts are sums and not content, so an epoch that is committed again is told by its digest.
Status EpochWriter::add_counters() {
  const std::optional<Id128> digest = epoch_digest(epoch_);
  ASSIGN_OR_RETURN(const auto last, snapshot_.get(kMetaFamily, kLastEpochKey));
  const bool again = digest && last && *last == id_key(*digest);
  const bool nothing = batch_.empty() && epoch_.events == 0 && epoch_.dead_letters == 0;
  if (again || nothing) return {};
  StoreCounters counters;
  ASSIGN_OR_RETURN(const auto stored, snapshot_.get(kMetaFamily, kCountersKey));
  if (stored) {
    ASSIGN_OR_RETURN(counters, decode_counters(*stored));
  }
  counters.events += epoch_.events;
  counters.dead_letters += epoch_.dead_letters;
  ++counters.epochs;
  RETURN_IF_ERROR(put(kMetaFamily, std::string(kCountersKey), encode_counters(counters)));
  if (digest) return put(kMetaFamily, std::string(kLastEpochKey), id_key(*digest));
  batch_.remove(kMetaFamily, std::string(kLastEpochKey));
  return {};
}

Result<KvBatch> EpochWriter::build() {
  RETURN_IF_ERROR(add_detections());
  for (const Id128& id : epoch_.merged_away) RETURN_IF_ERROR(remove_chain(id));
  for (const incident::Chain& chain : epoch_.chains) RETURN_IF_ERROR(rewrite_chain(chain));
  write_chain_of();
  RETURN_IF_ERROR(add_positions());
  RETURN_IF_ERROR(add_counters());
  return std::move(batch_);
}

}  // namespace catena::storage
