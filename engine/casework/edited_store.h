// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/casework/decision.h"
#include "engine/incident/chain_member.h"
#include "engine/pipeline/incident_store.h"

// EditedStore shows the chains of a store as people corrected them: what was cut is a chain of its
// own, what was merged is one. It changes nothing that is stored: the engine's own chains stay as
// they are, byte for byte, and decisions are applied in their order each time a store is read. So
// they hold after further scans, and a decision about detections that meanwhile went elsewhere
// takes only what is still there. Thread safety: const methods may run concurrently. Cost: opening
// loads the chains that were cut or merged; everything else passes through.
namespace catena::casework {

class EditedStore final : public pipeline::IncidentStore {
 public:
  // Errors are those of the base.
  static Result<std::unique_ptr<EditedStore>> open(std::unique_ptr<pipeline::IncidentStore> base,
                                                   std::vector<Decision> decisions);

  // kUnsupported: it is for reading.
  Status commit(const pipeline::Epoch& epoch) override;
  [[nodiscard]] Result<bool> has_detection(const Id128& id) const override {
    return base_->has_detection(id);
  }
  [[nodiscard]] Result<std::optional<incident::Detection>> detection(
      const Id128& id) const override {
    return base_->detection(id);
  }
  [[nodiscard]] Result<std::optional<incident::Chain>> chain(const Id128& id) const override;
  [[nodiscard]] Result<std::optional<Id128>> chain_of(const Id128& detection) const override;
  Status for_each_chain(const std::function<bool(const incident::Chain&)>& visit) const override;
  [[nodiscard]] Result<std::vector<Id128>> chains_of_entity(
      const incident::Entity& entity) const override;
  [[nodiscard]] Result<std::optional<pipeline::SourcePosition>> position(
      std::string_view source) const override {
    return base_->position(source);
  }

  // All decisions about this chain, in their order, cuts and merges that made it included.
  [[nodiscard]] Result<std::vector<Decision>> decisions_of(const incident::Chain& chain) const;
  // What the chain is: the latest state that was set, open if none was.
  [[nodiscard]] Result<CaseState> state_of(const incident::Chain& chain) const;

  // Ids that a merge by hand ended, and the chain that each one went to.
  [[nodiscard]] std::map<Id128, Id128> forwards() const;

 private:
  struct Group {
    Id128 id;  // of the base chain that it was; zero for what was cut out
    std::map<Id128, incident::Step> steps;  // by detection
  };

  explicit EditedStore(std::unique_ptr<pipeline::IncidentStore> base) : base_(std::move(base)) {}

  Status apply();
  // The group that has a detection, taken from the base if it was not yet; 0 when no chain has it.
  Result<std::size_t> group_of(const Id128& detection);
  void cut(std::size_t group, const std::vector<Id128>& leaving);
  void merge(std::size_t group, std::size_t other, const Id128& subject);
  Status assemble();
  Result<incident::Chain> assemble_group(const Group& group) const;

  std::unique_ptr<pipeline::IncidentStore> base_;
  std::vector<Decision> decisions_;
  std::map<std::size_t, Group> groups_;  // numbered from 1
  std::size_t next_group_ = 1;
  std::map<Id128, std::size_t> group_of_;    // by detection
  std::map<Id128, Id128> first_of_;          // id of a base chain -> its first step
  std::set<Id128> replaced_;                 // base chains that are shown otherwise
  std::map<Id128, incident::Chain> edited_;  // by id
  std::map<Id128, Id128> edited_of_;         // detection -> its edited chain
};

}  // namespace catena::casework
