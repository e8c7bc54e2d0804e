// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/incident/chain.h"
#include "engine/incident/detection.h"

// IncidentStore is the port through which the pipeline keeps what it found. storage/ implements it
// over RocksDB; tests use an in-memory one. It stores; it decides nothing.
// Atomicity: one commit() is one epoch: all of it or nothing is there after a crash.
// Idempotence: every key is derived from content, so committing the same epoch twice changes
// nothing. A detection that is already there stays as it is. The detection of every step is in the
// same epoch or an earlier one, and steps are in strict (time, detection id) order; an epoch that
// breaks this is refused (kInvalidInput), and nothing of it is kept. Thread safety: one writer;
// readers may run beside it.
namespace catena::pipeline {

// How far a source has been read.
struct SourcePosition {
  std::string source;        // path as given
  std::uint64_t offset = 0;  // bytes of it that are in the store (after decompression)
  std::uint64_t lines = 0;
  std::uint64_t content_hash = 0;  // hash of the first bytes, to notice a replaced file
};

struct Epoch {
  std::vector<incident::Detection> detections;  // new ones
  std::vector<incident::Chain> chains;          // new or changed ones, whole
  std::vector<Id128> merged_away;               // ids of chains that no longer exist
  std::vector<SourcePosition> positions;
  std::uint64_t events = 0;        // evaluated in this epoch
  std::uint64_t dead_letters = 0;  // refused in this epoch
};

class IncidentStore {
 public:
  IncidentStore() = default;
  IncidentStore(const IncidentStore&) = delete;
  IncidentStore& operator=(const IncidentStore&) = delete;
  virtual ~IncidentStore() = default;

  virtual Status commit(const Epoch& epoch) = 0;
  [[nodiscard]] virtual Result<bool> has_detection(const Id128& id) const = 0;
  [[nodiscard]] virtual Result<std::optional<incident::Detection>> detection(
      const Id128& id) const = 0;
  [[nodiscard]] virtual Result<std::optional<incident::Chain>> chain(const Id128& id) const = 0;
  // The chain that holds a detection. Of a chain that a merge ended: the one that holds its first
  // step now.
  [[nodiscard]] virtual Result<std::optional<Id128>> chain_of(const Id128& detection) const = 0;
  // Every chain, newest last event first, ties by id. Stops when `visit` returns false.
  virtual Status for_each_chain(const std::function<bool(const incident::Chain&)>& visit) const = 0;
  // Every chain that has this entity, newest first.
  [[nodiscard]] virtual Result<std::vector<Id128>> chains_of_entity(
      const incident::Entity& entity) const = 0;
  [[nodiscard]] virtual Result<std::optional<SourcePosition>> position(
      std::string_view source) const = 0;
};

}  // namespace catena::pipeline
