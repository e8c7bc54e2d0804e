// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/chain_builder.h"

#include <algorithm>

#include "engine/incident/hub.h"
#include "engine/incident/phase_resolver.h"
#include "engine/incident/score.h"

namespace catena::incident {
namespace {

Timestamp distance(Timestamp time, Timestamp first, Timestamp last) noexcept {
  if (time < first) return first - time;
  return time > last ? time - last : 0;
}

// The type under which an entity counts: an ancestor is as good as the process itself.
EntityType counted_type(EntityType type) noexcept {
  return type == EntityType::kAncestor ? EntityType::kProcess : type;
}

void add_unique(std::vector<std::string>& names, const std::string& name) {
  const auto at = std::lower_bound(names.begin(), names.end(), name);
  if (at == names.end() || *at != name) names.insert(at, name);
}

Id128 chain_id(const Detection& earliest) {
  const auto bytes = earliest.id.bytes();
  return hash128_parts({"chain", std::string_view(bytes.data(), bytes.size())});
}

}  // namespace

ChainBuilder::Handle ChainBuilder::resolve(Handle handle) const noexcept {
  while (chains_[handle].merged) handle = chains_[handle].redirect;
  return handle;
}

void ChainBuilder::consider(EntityType type, const Entity& entity, Timestamp time,
                            Candidates& candidates, std::map<Handle, std::uint32_t>& best_of_type) {
  const auto state = entities_.find(entity_key(entity));
  if (state == entities_.end() || state->second.hosts.size() > kMaxHostsPerEntity) return;
  for (const Touch& touch : state->second.touches) {
    const std::uint32_t weight = join_weight(type, distance(time, touch.first, touch.last));
    if (weight == 0) continue;
    const Handle chain = resolve(touch.chain);
    std::uint32_t& best = best_of_type[chain];
    best = std::max(best, weight);
    Candidate& candidate = candidates[chain];
    if (weight > candidate.best) {
      candidate.best = weight;
      candidate.entity = entity;
      candidate.parent = touch.detection;
    }
  }
}

ChainBuilder::Candidates ChainBuilder::find_candidates(const Detection& detection) {
  Candidates candidates;
  std::map<EntityType, std::map<Handle, std::uint32_t>> best_by_type;
  for (const Entity& entity : detection.entities) {
    if (is_static_hub(entity)) continue;
    const EntityType type = counted_type(entity.type);
    consider(type, entity, detection.time, candidates, best_by_type[type]);
  }
  for (const auto& [type, best_of_type] : best_by_type) {
    for (const auto& [chain, weight] : best_of_type) {
      Candidate& candidate = candidates[chain];
      candidate.weight = combine_weights(candidate.weight, weight);
      // Only a tie that is still fresh counts as a reason to merge.
      if (weight < kJoinThreshold) continue;
      if (join_class(type) == JoinClass::kStrong) ++candidate.strong;
      if (join_class(type) == JoinClass::kMedium) ++candidate.medium;
    }
  }
  std::erase_if(candidates, [this](const auto& entry) {
    return entry.second.weight < kJoinThreshold || chains_[entry.first].members.size() >= kMaxSteps;
  });
  return candidates;
}

bool ChainBuilder::before(Handle a, Handle b) const {
  return earlier(chains_[a].members.front().detection, chains_[b].members.front().detection);
}

// A chain tied strongly wins over one that is merely near; then the heavier; then the older.
ChainBuilder::Handle ChainBuilder::choose_home(const Candidates& candidates) const {
  auto best = candidates.begin();
  for (auto it = std::next(best); it != candidates.end(); ++it) {
    const auto rank = [](const Candidate& c) { return std::pair(c.may_merge(), c.weight); };
    const auto challenger = rank(it->second);
    const auto champion = rank(best->second);
    if (challenger > champion || (challenger == champion && before(it->first, best->first))) {
      best = it;
    }
  }
  return best->first;
}

void ChainBuilder::merge(Handle home, Handle other, const JoinEdge& reason) {
  OpenChain* survivor = &chains_[home];
  OpenChain* loser = &chains_[other];
  // The later chain's opening step now has a reason: the detection that tied the two.
  Member& opener = before(home, other) ? loser->members.front() : survivor->members.front();
  if (opener.join.parent.is_zero()) opener.join = reason;
  if (survivor->members.size() < loser->members.size()) {
    std::swap(survivor->members, loser->members);
  }
  const auto middle = static_cast<std::ptrdiff_t>(survivor->members.size());
  std::move(loser->members.begin(), loser->members.end(), std::back_inserter(survivor->members));
  std::inplace_merge(
      survivor->members.begin(), survivor->members.begin() + middle, survivor->members.end(),
      [](const Member& a, const Member& b) { return earlier(a.detection, b.detection); });
  if (!loser->taken_id.is_zero()) survivor->absorbed.push_back(loser->taken_id);
  survivor->absorbed.insert(survivor->absorbed.end(), loser->absorbed.begin(),
                            loser->absorbed.end());
  *loser = OpenChain{};
  loser->merged = true;
  loser->redirect = home;
  changed_.erase(other);
}

void ChainBuilder::add(const Detection& detection) {
  const Candidates candidates = find_candidates(detection);
  Handle home = 0;
  JoinEdge edge;
  if (candidates.empty()) {
    home = static_cast<Handle>(chains_.size());
    chains_.emplace_back();
  } else {
    home = choose_home(candidates);
    const Candidate& chosen = candidates.at(home);
    edge = {chosen.parent, chosen.entity, chosen.weight};
    if (chosen.may_merge()) {
      for (const auto& [handle, candidate] : candidates) {
        if (handle == home || !candidate.may_merge()) continue;
        const std::size_t together = chains_[home].members.size() + chains_[handle].members.size();
        if (together >= kMaxSteps) continue;
        merge(home, handle, {detection.id, candidate.entity, candidate.weight});
      }
    }
  }
  auto& members = chains_[home].members;
  const auto at = std::upper_bound(members.begin(), members.end(), detection,
                                   [](const Detection& value, const Member& member) {
                                     return earlier(value, member.detection);
                                   });
  members.insert(at, {without_evidence(detection), edge});
  touch(detection, home);
  changed_.insert(home);
}

void ChainBuilder::touch(const Detection& detection, Handle chain) {
  std::uint64_t host = 0;
  for (const Entity& entity : detection.entities) {
    if (entity.type == EntityType::kHost) host = entity_key(entity);
  }
  for (const Entity& entity : detection.entities) {
    if (is_static_hub(entity)) continue;
    EntityState& state = entities_[entity_key(entity)];
    if (state.hosts.size() <= kMaxHostsPerEntity && entity.type != EntityType::kHost &&
        std::find(state.hosts.begin(), state.hosts.end(), host) == state.hosts.end()) {
      state.hosts.push_back(host);
    }
    const auto known =
        std::find_if(state.touches.begin(), state.touches.end(),
                     [&](const Touch& touch) { return resolve(touch.chain) == chain; });
    if (known != state.touches.end()) {
      if (detection.time >= known->last) known->detection = detection.id;
      known->chain = chain;
      known->first = std::min(known->first, detection.time);
      known->last = std::max(known->last, detection.time);
      continue;
    }
    if (state.touches.size() == kMaxTouches) {
      state.touches.erase(
          std::min_element(state.touches.begin(), state.touches.end(),
                           [](const Touch& a, const Touch& b) { return a.last < b.last; }));
    }
    state.touches.push_back({chain, detection.time, detection.time, detection.id});
  }
}

std::vector<Detection> ChainBuilder::release() {
  std::vector<Detection> detections;
  for (OpenChain& chain : chains_) {
    for (Member& member : chain.members) detections.push_back(std::move(member.detection));
  }
  *this = {};
  return detections;
}

ChainBuilder::Changes ChainBuilder::take() {
  Changes changes;
  for (const Handle handle : changed_) {
    OpenChain& open = chains_[handle];
    // The earliest step names the chain, so a merge may end the id that was taken before.
    const Id128 id = chain_id(open.members.front().detection);
    if (!open.taken_id.is_zero()) open.absorbed.push_back(open.taken_id);
    std::erase(open.absorbed, id);
    open.taken_id = id;
    std::vector<ChainMember> members;
    members.reserve(open.members.size());
    for (const Member& member : open.members) members.push_back({&member.detection, member.join});
    changes.chains.push_back(assemble_chain(id, members));
    changes.merged_away.insert(changes.merged_away.end(), open.absorbed.begin(),
                               open.absorbed.end());
    open.absorbed.clear();
  }
  changed_.clear();
  std::sort(changes.chains.begin(), changes.chains.end(),
            [](const Chain& a, const Chain& b) { return a.id < b.id; });
  std::sort(changes.merged_away.begin(), changes.merged_away.end());
  return changes;
}

Chain assemble_chain(const Id128& id, const std::vector<ChainMember>& members) {
  Chain chain;
  chain.id = id;
  chain.first = members.front().detection->time;
  chain.last = members.back().detection->time;
  for (const ChainMember& member : members) {
    Step step;
    step.detection = member.detection->id;
    step.time = member.detection->time;
    step.join = member.join;
    chain.steps.push_back(std::move(step));
    for (const Entity& entity : member.detection->entities) {
      if (entity.type == EntityType::kHost) add_unique(chain.hosts, entity.value);
      if (entity.type == EntityType::kUser && !is_static_hub(entity)) {
        add_unique(chain.users, entity.value);
      }
    }
    for (const std::string& technique : member.detection->techniques) {
      add_unique(chain.techniques, technique);
    }
  }
  resolve_phases(members, chain);
  score_chain(members, chain);
  return chain;
}

}  // namespace catena::incident
