// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/casework/decision.h"
#include "engine/pipeline/incident_store.h"
#include "storage/incidents/record_codec.h"
#include "storage/kv/kv.h"

// RocksIncidentStore keeps detections, chains, their indexes and the positions read in one folder,
// over RocksDB. One commit is one synced batch; FORMAT.md says what is in it.
// Thread safety: as IncidentStore; a reader sees the store as of one moment per call. Fail-stop:
// after a failed commit every further one is refused; open the store again.
namespace catena::storage {

struct IncidentStoreOptions {
  std::string path;
  bool create_if_missing = true;
  bool read_only = false;  // for listing beside a running scan; sees what was there at the opening
};

class RocksIncidentStore final : public pipeline::IncidentStore {
 public:
  // Errors as Kv::open.
  static Result<std::unique_ptr<RocksIncidentStore>> open(const IncidentStoreOptions& options);

  // kInvalidInput for what check_epoch() refuses and for a step whose detection was never
  // committed, kIo when it could not be made durable: then all of it or nothing is there.
  Status commit(const pipeline::Epoch& epoch) override;
  [[nodiscard]] Result<bool> has_detection(const Id128& id) const override;
  [[nodiscard]] Result<std::optional<incident::Detection>> detection(
      const Id128& id) const override;
  [[nodiscard]] Result<std::optional<incident::Chain>> chain(const Id128& id) const override;
  [[nodiscard]] Result<std::optional<Id128>> chain_of(const Id128& detection) const override;
  Status for_each_chain(const std::function<bool(const incident::Chain&)>& visit) const override;
  [[nodiscard]] Result<std::vector<Id128>> chains_of_entity(
      const incident::Entity& entity) const override;
  [[nodiscard]] Result<std::optional<pipeline::SourcePosition>> position(
      std::string_view source) const override;

  // Keeps what somebody decided, durable when it returns ok; `number` is given here and returned.
  // kInvalidInput beyond the limits of Decision or without an author, kLimit when there are
  // casework::kMaxDecisions already.
  Result<std::uint64_t> append(casework::Decision decision);
  // All of them, in their order. kCorrupt when one is missing between others.
  [[nodiscard]] Result<std::vector<casework::Decision>> decisions() const;

  // Sums over all epochs that changed something.
  [[nodiscard]] Result<StoreCounters> counters() const;

 private:
  explicit RocksIncidentStore(std::unique_ptr<Kv> kv) : kv_(std::move(kv)) {}
  std::unique_ptr<Kv> kv_;
  std::mutex commit_mutex_;  // one commit reads and writes as one
};

}  // namespace catena::storage
