// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/incident/chain.h"
#include "engine/incident/detection.h"
#include "engine/incident/join_weight.h"

// ChainBuilder joins detections into chains: a detection belongs to the chains with which it shares
// entities, strongly enough and near enough in event time; two chains that one detection ties
// strongly become one. A detection that joins nothing opens a chain of its own: none is dropped.
// Protocol: restore() what the store holds, add() new detections in ascending (time, id), take()
// what changed. No wall clock and no order of arrival enters: only event times and content. Thread
// safety: none; one chain stage owns it. Cost per detection: O(entities * kMaxTouches) plus merges,
// in which the smaller chain moves. Memory: about 200 bytes per (entity, chain) pair plus the
// detections of open chains.
namespace catena::incident {

class ChainBuilder {
 public:
  // Chains that one entity can lead to; the one that was touched longest ago is forgotten first.
  static constexpr std::size_t kMaxTouches = 8;
  // A chain this long takes no more steps; what would have joined it opens the next one.
  static constexpr std::size_t kMaxSteps = 10'000;
  // An entity seen on more hosts than this is infrastructure: it joins nothing any more.
  static constexpr std::size_t kMaxHostsPerEntity = 25;

  struct Changes {
    std::vector<Chain> chains;       // new or changed, whole, ascending by id
    std::vector<Id128> merged_away;  // committed ids that ended in another chain, ascending
  };

  // Joins one detection; it must not be before the last one added, by (time, id).
  void add(const Detection& detection);

  // Gives up all detections (without evidence, in no order) and is as new afterwards.
  [[nodiscard]] std::vector<Detection> release();

  // Chains new or changed since the last call, with phases and score resolved.
  [[nodiscard]] Changes take();

 private:
  using Handle = std::uint32_t;  // index into chains_, stable; merged ones redirect

  struct Member {
    Detection detection;
    JoinEdge join;
  };
  struct Touch {
    Handle chain = 0;
    Timestamp first = kNoTime;
    Timestamp last = kNoTime;
    Id128 detection;  // the latest detection of the chain with this entity
  };
  struct EntityState {
    std::vector<Touch> touches;
    std::vector<std::uint64_t> hosts;  // distinct host keys, at most kMaxHostsPerEntity + 1
  };
  struct OpenChain {
    std::vector<Member> members;
    Id128 taken_id;               // zero until the first take()
    std::vector<Id128> absorbed;  // taken ids of chains merged into this one
    Handle redirect = 0;
    bool merged = false;
  };
  // What ties the new detection to one chain.
  struct Candidate {
    std::uint32_t weight = 0;  // combined over entity types
    std::uint32_t best = 0;    // of the strongest single entity
    std::uint32_t strong = 0;  // distinct strong types
    std::uint32_t medium = 0;  // distinct medium types
    Entity entity;             // the strongest
    Id128 parent;
    [[nodiscard]] bool may_merge() const noexcept { return strong > 0 || medium >= 2; }
  };
  using Candidates = std::map<Handle, Candidate>;

  [[nodiscard]] Handle resolve(Handle handle) const noexcept;
  [[nodiscard]] Candidates find_candidates(const Detection& detection);
  void consider(EntityType type, const Entity& entity, Timestamp time, Candidates& candidates,
                std::map<Handle, std::uint32_t>& best_of_type);
  [[nodiscard]] Handle choose_home(const Candidates& candidates) const;
  [[nodiscard]] bool before(Handle a, Handle b) const;
  void merge(Handle home, Handle other, const JoinEdge& reason);
  void touch(const Detection& detection, Handle chain);

  std::vector<OpenChain> chains_;
  std::unordered_map<std::uint64_t, EntityState> entities_;
  std::set<Handle> changed_;
};

// The chain of members in (time, id) order: hosts, users, techniques, phases, score. Shared by the
// builder and its tests.
struct ChainMember {
  const Detection* detection = nullptr;
  JoinEdge join;
};
[[nodiscard]] Chain assemble_chain(const Id128& id, const std::vector<ChainMember>& members);

}  // namespace catena::incident
