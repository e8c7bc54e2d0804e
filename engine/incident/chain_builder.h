// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/incident/chain.h"
#include "engine/incident/chain_member.h"
#include "engine/incident/detection.h"
#include "engine/incident/join_weight.h"
#include "engine/incident/story_ties.h"

// ChainBuilder joins detections into chains, in two layers. A detection belongs to the stories with
// which it shares a process, a remote session, a foreign address, a file, a mail, strongly enough
// and near enough in event time; two stories that one detection ties strongly become one. Stories
// that merely met on a host or under an account are one chain where that can mean only one story
// (story_ties.h). A detection that joins nothing opens a chain of its own: none is dropped.
// Protocol: restore() what the store holds, add() new detections in ascending (time, id), take()
// what changed. No wall clock and no order of arrival enters: only event times and content. Thread
// safety: none; one chain stage owns it. Cost per detection: O(entities * kMaxTouches) plus merges,
// in which the smaller story moves; take() looks at every story. Memory: about 200 bytes per
// (entity, story) pair plus the detections of open stories.
namespace catena::incident {

class ChainBuilder {
 public:
  // Chains that one entity can lead to; the one that was touched longest ago is forgotten first.
  static constexpr std::size_t kMaxTouches = 8;
  // A chain this long takes no more steps; what would have joined it opens the next one.
  static constexpr std::size_t kMaxSteps = 10'000;
  // An entity seen on more hosts than this is infrastructure: it joins nothing any more.
  static constexpr std::size_t kMaxHostsPerEntity = 25;
  // A rule that has fired on a host in this many earlier quarters of a day is background there:
  // what it finds weighs a tenth and merges nothing.
  static constexpr std::size_t kBackgroundPeriods = 4;
  static constexpr Timestamp kBackgroundPeriod = 6 * kNanosPerHour;

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
    bool background = false;
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
    JoinClass join = JoinClass::kWeak;
    bool is_hub = false;
  };
  // An entity of the detection that is being added. A repetition (the same finding on the same host
  // again) counts as one, with the host as its entity.
  struct Shared {
    const Entity* entity = nullptr;
    EntityState* state = nullptr;
    bool repetition = false;
  };
  // A story: detections joined by what only they share.
  struct OpenChain {
    std::vector<Member> members;
    Anchors anchors;
    std::map<std::uint64_t, std::uint64_t> points;  // by what was found, the most
    std::uint64_t fingerprint = 0;                  // of members; 0 when it has changed
    Handle redirect = 0;
    bool merged = false;
  };
  // How often a rule fired on a host before.
  struct Background {
    Timestamp period = 0;  // the latest one in which it fired
    std::size_t periods = 0;
  };
  // What ties the new detection to one story.
  struct Candidate {
    Handle story = 0;
    std::uint32_t weight = 0;        // combined over entity types
    std::uint32_t best = 0;          // of the strongest single entity
    std::uint32_t strong = 0;        // distinct strong types
    std::uint32_t medium = 0;        // distinct medium types
    const Entity* entity = nullptr;  // the strongest
    Id128 parent;
    [[nodiscard]] bool may_merge() const noexcept { return strong > 0 || medium >= 2; }
  };
  // The heaviest entity of a type that leads to a story.
  struct TypeWeight {
    JoinClass join = JoinClass::kWeak;
    EntityType type = EntityType::kHost;
    Handle story = 0;
    std::uint32_t weight = 0;
  };

  [[nodiscard]] Handle resolve(Handle handle) const noexcept;
  void look_up(const Detection& detection);
  void find_candidates(Timestamp time);
  void consider(const Shared& shared, Timestamp time);
  [[nodiscard]] Candidate& candidate(Handle story);
  [[nodiscard]] const Candidate& choose_home() const;
  [[nodiscard]] bool before(Handle a, Handle b) const;
  void merge(Handle home, Handle other, const JoinEdge& reason);
  void touch(const Detection& detection, Handle story);
  [[nodiscard]] bool is_background(const Detection& detection);
  void insert(const Detection& detection, const JoinEdge& edge, Handle home, bool background);
  [[nodiscard]] std::uint64_t fingerprint(OpenChain& chain);
  [[nodiscard]] Chain assemble(const Id128& id, const std::vector<Handle>& stories,
                               const std::vector<JoinEdge>& openers) const;

  std::vector<OpenChain> chains_;
  std::unordered_map<std::uint64_t, EntityState> entities_;
  std::unordered_map<std::uint64_t, Background> background_;
  std::map<Id128, std::uint64_t> taken_;  // what the last take() gave, by id: its fingerprint

  // Of the detection that is being added; kept for their memory.
  std::vector<Shared> shared_;
  std::vector<const Entity*> weak_;  // and no hubs
  std::vector<Candidate> candidates_;
  std::vector<TypeWeight> type_weights_;
  const Entity* host_ = nullptr;
  std::uint64_t host_key_ = 0;
};

// The chain of members in (time, id) order: hosts, users, techniques, phases, score.
[[nodiscard]] Chain assemble_chain(const Id128& id, const std::vector<ChainMember>& members);

}  // namespace catena::incident
