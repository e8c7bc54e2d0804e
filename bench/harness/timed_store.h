// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>

#include "bench/harness/machine.h"
#include "engine/pipeline/incident_store.h"

// TimedStore passes everything on to another store and keeps how long that took, so that joining
// and storing can be told apart. Thread safety: as the store's writer; seconds() for that thread.
namespace catena::harness {

class TimedStore final : public pipeline::IncidentStore {
 public:
  explicit TimedStore(pipeline::IncidentStore& store) : store_(store) {}

  Status commit(const pipeline::Epoch& epoch) override {
    return timed([&] { return store_.commit(epoch); });
  }
  [[nodiscard]] Result<bool> has_detection(const Id128& id) const override {
    return timed([&] { return store_.has_detection(id); });
  }
  [[nodiscard]] Result<std::optional<incident::Detection>> detection(
      const Id128& id) const override {
    return timed([&] { return store_.detection(id); });
  }
  [[nodiscard]] Result<std::optional<incident::Chain>> chain(const Id128& id) const override {
    return timed([&] { return store_.chain(id); });
  }
  [[nodiscard]] Result<std::optional<Id128>> chain_of(const Id128& detection) const override {
    return timed([&] { return store_.chain_of(detection); });
  }
  Status for_each_chain(const std::function<bool(const incident::Chain&)>& visit) const override {
    return timed([&] { return store_.for_each_chain(visit); });
  }
  [[nodiscard]] Result<std::vector<Id128>> chains_of_entity(
      const incident::Entity& entity) const override {
    return timed([&] { return store_.chains_of_entity(entity); });
  }
  [[nodiscard]] Result<std::optional<pipeline::SourcePosition>> position(
      std::string_view source) const override {
    return timed([&] { return store_.position(source); });
  }

  [[nodiscard]] double seconds() const noexcept { return seconds_; }

 private:
  template <typename Call>
  std::invoke_result_t<Call> timed(const Call& call) const {
    const double begin = wall_seconds();
    auto result = call();
    seconds_ += wall_seconds() - begin;
    return result;
  }

  pipeline::IncidentStore& store_;
  mutable double seconds_ = 0;
};

}  // namespace catena::harness
