// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <shared_mutex>
#include <string>
#include <utility>

#include "engine/pipeline/incident_store.h"

// IncidentStore in memory, for a scan that keeps nothing and for tests. Same answers as the store
// on disk (one contract test runs against both), and gone with the object.
// Thread safety: as IncidentStore. Memory: everything committed; there is no bound but the
// caller's.
namespace catena::pipeline {

class MemoryIncidentStore final : public IncidentStore {
 public:
  // kInvalidInput for what check_epoch() refuses and for a step whose detection was never
  // committed; nothing is kept then.
  Status commit(const Epoch& epoch) override;
  [[nodiscard]] Result<bool> has_detection(const Id128& id) const override;
  [[nodiscard]] Result<std::optional<incident::Detection>> detection(
      const Id128& id) const override;
  [[nodiscard]] Result<std::optional<incident::Chain>> chain(const Id128& id) const override;
  [[nodiscard]] Result<std::optional<Id128>> chain_of(const Id128& detection) const override;
  // `visit` must not commit to this store.
  Status for_each_chain(const std::function<bool(const incident::Chain&)>& visit) const override;
  [[nodiscard]] Result<std::vector<Id128>> chains_of_entity(
      const incident::Entity& entity) const override;
  [[nodiscard]] Result<std::optional<SourcePosition>> position(
      std::string_view source) const override;

 private:
  // (entity type with ancestors counted as processes, value)
  using EntityKey = std::pair<incident::EntityType, std::string>;

  void forget(const incident::Chain& chain);
  void remember(const incident::Chain& chain);
  template <typename Visit>
  void for_each_entity(const incident::Chain& chain, Visit&& visit) const;

  mutable std::shared_mutex mutex_;
  std::map<Id128, incident::Detection> detections_;
  std::map<Id128, incident::Chain> chains_;
  std::map<Id128, Id128> chain_of_;
  std::map<EntityKey, std::set<Id128>> chains_of_entity_;
  std::map<std::string, SourcePosition, std::less<>> positions_;
};

}  // namespace catena::pipeline
