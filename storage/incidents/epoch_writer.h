// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/pipeline/incident_store.h"
#include "storage/incidents/record_reads.h"
#include "storage/kv/kv.h"

// EpochWriter turns an epoch into the one batch that makes it true: what is new is put, what became
// stale (steps that moved, index entries of merged chains) is removed, what is already there is
// left alone, so that an epoch committed twice gives an empty batch. It reads the store through a
// snapshot and writes nothing itself. The epoch has passed check_epoch().
// Thread safety: none. Cost: proportional to the epoch and the stored steps of its chains.
namespace catena::storage {

// No value of the store may be larger.
inline constexpr std::size_t kMaxRecordBytes = std::size_t{64} * 1024 * 1024;

class EpochWriter {
 public:
  EpochWriter(const KvSnapshot& snapshot, const pipeline::Epoch& epoch)
      : snapshot_(snapshot), epoch_(epoch) {}

  // kInvalidInput when a step's detection is neither in the epoch nor in the store, kLimit when a
  // record is larger than kMaxRecordBytes, kCorrupt when the store is damaged where it was read.
  Result<KvBatch> build();

 private:
  // How a chain's steps differ from the stored ones.
  struct StepChanges {
    std::vector<Id128> added;
    std::vector<Id128> removed;
  };

  Status add_detections();
  Status rewrite_chain(const incident::Chain& chain);
  Status rewrite_header(const incident::Chain& chain);
  Result<StepChanges> rewrite_steps(const incident::Chain& chain);
  Status rewrite_entities(const incident::Chain& chain, const StepChanges& changes);
  Status remove_chain(const Id128& id);
  Status release_steps(const Id128& chain, const std::vector<Id128>& detections);
  Status add_entities_of(const Id128& detection, std::set<Id128>& hashes);
  void write_chain_of();
  Status add_positions();
  Status add_counters();
  Status put(Family family, std::string key, std::string value);

  const KvSnapshot& snapshot_;
  const pipeline::Epoch& epoch_;
  KvBatch batch_;
  std::unordered_map<Id128, const incident::Detection*> new_detections_;
  // Detection -> its chain from now on; ended chain -> its first step.
  std::map<Id128, std::optional<Id128>> chain_of_;
};

}  // namespace catena::storage
