// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/chain_builder.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "engine/incident/hub.h"
#include "engine/incident/phase_resolver.h"
#include "engine/incident/score.h"

namespace catena::incident {
namespace {

Timestamp distance(Timestamp time, Timestamp first, Timestamp last) noexcept {
  if (time < first) return first - time;
  return time > last ? time - last : 0;
}

// Points by level: informational, low, medium, high, critical; of a background rule, a tenth.
constexpr std::array<std::uint64_t, 5> kLevelPoints = {10, 20, 60, 80, 100};
constexpr std::uint64_t kBackgroundShare = 10;

// The same finding under the same circumstances (host, accounts, sessions, addresses of the own
// network) at about the same time, and nothing stronger that tells one from the other, is the same
// step again: half a minute from one to the next.
constexpr std::uint32_t kRepetitionWeight = percent_weight(60);
constexpr Timestamp kRepetitionHalfLife = 114 * kNanosPerSecond;

void add_unique(std::vector<std::string>& names, const std::string& name) {
  const auto at = std::lower_bound(names.begin(), names.end(), name);
  if (at == names.end() || *at != name) names.insert(at, name);
}

// What a detection says: its techniques, whichever rule found them; the rule where it names none.
std::uint64_t finding_key(const Detection& detection) {
  if (detection.techniques.empty()) return hash64(detection.rule_id);
  std::uint64_t key = 0;
  for (const std::string& technique : detection.techniques) key = key * 31 + hash64(technique);
  return key;
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

// Fills shared_, weak_ and host_.
void ChainBuilder::look_up(const Detection& detection) {
  shared_.clear();
  weak_.clear();
  host_ = nullptr;
  host_key_ = 0;
  bool has_strong = false;
  for (const Entity& entity : detection.entities) {
    const std::uint64_t key = entity_key(entity);
    const auto [entry, is_new] = entities_.try_emplace(key);
    EntityState& state = entry->second;
    if (is_new) {
      state.join = join_class(entity);
      state.is_hub = is_static_hub(entity);
    }
    if (entity.type == EntityType::kHost && !entity.value.empty()) {
      host_ = &entity;
      host_key_ = key;
    }
    // Ancestors and processes of other machines share keys but not always a class.
    const JoinClass join = entity.type == EntityType::kRemote ? join_class(entity) : state.join;
    has_strong = has_strong || join == JoinClass::kStrong;
    if (state.is_hub) continue;
    if (join == JoinClass::kWeak) {
      weak_.push_back(&entity);
    } else {
      shared_.push_back({&entity, &state, false});
    }
  }
  if (has_strong || host_ == nullptr) return;
  std::uint64_t again = finding_key(detection);
  for (const Entity* entity : weak_) again = again * 31 + entity_key(*entity);
  shared_.push_back({host_, &entities_[again], true});
}

ChainBuilder::Candidate& ChainBuilder::candidate(Handle story) {
  const auto known = std::find_if(candidates_.begin(), candidates_.end(),
                                  [&](const Candidate& c) { return c.story == story; });
  if (known != candidates_.end()) return *known;
  candidates_.emplace_back().story = story;
  return candidates_.back();
}

void ChainBuilder::consider(const Shared& shared, Timestamp time) {
  if (shared.state->hosts.size() > kMaxHostsPerEntity) return;
  const EntityType type = key_space(shared.entity->type);
  const JoinClass join = shared.repetition ? JoinClass::kWeak : join_class(*shared.entity);
  for (const Touch& touch : shared.state->touches) {
    const Timestamp apart = distance(time, touch.first, touch.last);
    const std::uint32_t weight = shared.repetition
                                     ? decayed_weight(kRepetitionWeight, kRepetitionHalfLife, apart)
                                     : join_weight(*shared.entity, apart);
    if (weight == 0) continue;
    const Handle story = resolve(touch.chain);
    const auto known = std::find_if(type_weights_.begin(), type_weights_.end(), [&](const auto& w) {
      return w.join == join && w.type == type && w.story == story;
    });
    if (known == type_weights_.end()) {
      type_weights_.push_back({join, type, story, weight});
    } else {
      known->weight = std::max(known->weight, weight);
    }
    Candidate& own = candidate(story);
    if (weight > own.best) {
      own.best = weight;
      own.entity = shared.entity;
      own.parent = touch.detection;
    }
  }
}

void ChainBuilder::find_candidates(Timestamp time) {
  candidates_.clear();
  type_weights_.clear();
  for (const Shared& shared : shared_) consider(shared, time);
  // In an order that comes from content: fixed point is not associative to the last bit.
  std::sort(type_weights_.begin(), type_weights_.end(), [](const auto& a, const auto& b) {
    return std::tie(a.join, a.type, a.weight) < std::tie(b.join, b.type, b.weight);
  });
  for (const TypeWeight& entry : type_weights_) {
    Candidate& own = candidate(entry.story);
    own.weight = combine_weights(own.weight, entry.weight);
    // Only a tie that is still fresh counts as a reason to merge.
    if (entry.weight < kJoinThreshold) continue;
    if (entry.join == JoinClass::kStrong) ++own.strong;
    if (entry.join == JoinClass::kMedium) ++own.medium;
  }
  std::erase_if(candidates_, [this](const Candidate& c) {
    return c.weight < kJoinThreshold || chains_[c.story].members.size() >= kMaxSteps;
  });
}

bool ChainBuilder::before(Handle a, Handle b) const {
  return earlier(chains_[a].members.front().detection, chains_[b].members.front().detection);
}

// A story tied strongly wins over one that is merely near; then the heavier; then the older.
const ChainBuilder::Candidate& ChainBuilder::choose_home() const {
  const auto rank = [](const Candidate& c) { return std::pair(c.may_merge(), c.weight); };
  return *std::max_element(candidates_.begin(), candidates_.end(),
                           [&](const Candidate& a, const Candidate& b) {
                             if (rank(a) != rank(b)) return rank(a) < rank(b);
                             return a.story != b.story && before(b.story, a.story);
                           });
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
  merge_anchors(loser->anchors, survivor->anchors);
  for (const auto& [finding, points] : loser->points) {
    std::uint64_t& known = survivor->points[finding];
    known = std::max(known, points);
  }
  survivor->fingerprint = 0;
  *loser = OpenChain{};
  loser->merged = true;
  loser->redirect = home;
}

bool ChainBuilder::is_background(const Detection& detection) {
  const Timestamp period = detection.time / kBackgroundPeriod;
  Background& background = background_[hash64(detection.rule_id) ^ host_key_];
  if (background.periods == 0 || background.period != period) {
    background.period = period;
    ++background.periods;
  }
  return background.periods > kBackgroundPeriods;
}

void ChainBuilder::insert(const Detection& detection, const JoinEdge& edge, Handle home,
                          bool background) {
  OpenChain& chain = chains_[home];
  const auto at = std::upper_bound(chain.members.begin(), chain.members.end(), detection,
                                   [](const Detection& value, const Member& member) {
                                     return earlier(value, member.detection);
                                   });
  chain.members.insert(at, {without_evidence(detection), edge, background});
  for (const Entity* entity : weak_) add_anchor(detection, *entity, host_, chain.anchors);
  const std::uint64_t level = kLevelPoints[static_cast<std::size_t>(detection.level)];
  std::uint64_t& points = chain.points[finding_key(detection)];
  points = std::max(points, background ? level / kBackgroundShare : level);
  chain.fingerprint = 0;
}

void ChainBuilder::add(const Detection& detection) {
  look_up(detection);
  const bool background = is_background(detection);
  find_candidates(detection.time);
  Handle home = 0;
  JoinEdge edge;
  if (candidates_.empty()) {
    home = static_cast<Handle>(chains_.size());
    chains_.emplace_back();
  } else {
    const Candidate& chosen = choose_home();
    home = chosen.story;
    edge = {chosen.parent, *chosen.entity, chosen.weight};
    if (chosen.may_merge() && !background) {
      // Oldest first, so that which of them no longer fits is a matter of content.
      std::sort(candidates_.begin(), candidates_.end(), [this](const Candidate& a, const auto& b) {
        return a.story != b.story && before(a.story, b.story);
      });
      for (const Candidate& other : candidates_) {
        if (other.story == home || !other.may_merge()) continue;
        const std::size_t together =
            chains_[home].members.size() + chains_[other.story].members.size();
        if (together >= kMaxSteps) continue;
        merge(home, other.story, {detection.id, *other.entity, other.weight});
      }
    }
  }
  insert(detection, edge, home, background);
  touch(detection, home);
}

void ChainBuilder::touch(const Detection& detection, Handle story) {
  for (const Shared& shared : shared_) {
    EntityState& state = *shared.state;
    if (state.hosts.size() <= kMaxHostsPerEntity &&
        std::find(state.hosts.begin(), state.hosts.end(), host_key_) == state.hosts.end()) {
      state.hosts.push_back(host_key_);
    }
    const auto known = std::find_if(state.touches.begin(), state.touches.end(),
                                    [&](const Touch& t) { return resolve(t.chain) == story; });
    if (known != state.touches.end()) {
      if (detection.time >= known->last) known->detection = detection.id;
      known->chain = story;
      known->first = std::min(known->first, detection.time);
      known->last = std::max(known->last, detection.time);
      continue;
    }
    if (state.touches.size() == kMaxTouches) {
      state.touches.erase(
          std::min_element(state.touches.begin(), state.touches.end(),
                           [](const Touch& a, const Touch& b) { return a.last < b.last; }));
    }
    state.touches.push_back({story, detection.time, detection.time, detection.id});
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

// What a story is: its members and why they are here.
std::uint64_t ChainBuilder::fingerprint(OpenChain& chain) {
  if (chain.fingerprint != 0) return chain.fingerprint;
  std::string bytes;
  const auto append = [&](const Id128& id) {
    const auto id_bytes = id.bytes();
    bytes.append(id_bytes.data(), id_bytes.size());
  };
  for (const Member& member : chain.members) {
    append(member.detection.id);
    append(member.join.parent);
    bytes.append(std::to_string(member.join.weight)).append(member.join.entity.value);
  }
  chain.fingerprint = std::max<std::uint64_t>(hash64(bytes), 1);
  return chain.fingerprint;
}

// The chain of some stories; `openers` are the reasons of their first steps.
Chain ChainBuilder::assemble(const Id128& id, const std::vector<Handle>& stories,
                             const std::vector<JoinEdge>& openers) const {
  std::vector<ChainMember> members;
  for (std::size_t i = 0; i < stories.size(); ++i) {
    const auto& own = chains_[stories[i]].members;
    for (const Member& member : own)
      members.push_back({&member.detection, member.join, member.background});
    JoinEdge& opener = members[members.size() - own.size()].join;
    if (opener.parent.is_zero()) opener = openers[i];
  }
  std::sort(members.begin(), members.end(), [](const ChainMember& a, const ChainMember& b) {
    return earlier(*a.detection, *b.detection);
  });
  return assemble_chain(id, members);
}

ChainBuilder::Changes ChainBuilder::take() {
  std::vector<Handle> handles;
  std::vector<Story> stories;
  for (Handle handle = 0; handle < chains_.size(); ++handle) {
    const OpenChain& open = chains_[handle];
    if (open.merged) continue;
    std::uint64_t weight = 0;
    for (const auto& [finding, points] : open.points) weight += points;
    const Detection& opener = open.members.front().detection;
    handles.push_back(handle);
    stories.push_back({&open.anchors, weight, open.members.size(), opener.time, opener.id});
  }
  const std::vector<TiedStory> tied = tie_stories(stories, kMaxSteps);
  struct Group {
    std::vector<Handle> stories;
    std::vector<JoinEdge> openers;
    std::uint64_t fingerprint = 0;
  };
  std::map<std::size_t, Group> groups;
  for (std::size_t i = 0; i < tied.size(); ++i) {
    Group& group = groups[tied[i].group];
    group.stories.push_back(handles[i]);
    group.openers.push_back(tied[i].join);
    // Stories are in no order of their own; a sum does not mind.
    group.fingerprint += (fingerprint(chains_[handles[i]]) ^ hash64(tied[i].join.entity.value)) +
                         tied[i].join.parent.low * 3 + tied[i].join.weight;
  }
  Changes changes;
  std::map<Id128, std::uint64_t> now;
  for (const auto& [opener, group] : groups) {
    // The earliest step names the chain, so a merge may end the id that was taken before.
    const Id128 id = chain_id(chains_[handles[opener]].members.front().detection);
    now.emplace(id, group.fingerprint);
    const auto before = taken_.find(id);
    if (before != taken_.end() && before->second == group.fingerprint) continue;
    changes.chains.push_back(assemble(id, group.stories, group.openers));
  }
  for (const auto& [id, print] : taken_) {
    if (!now.contains(id)) changes.merged_away.push_back(id);
  }
  taken_ = std::move(now);
  std::sort(changes.chains.begin(), changes.chains.end(),
            [](const Chain& a, const Chain& b) { return a.id < b.id; });
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
    step.background = member.background;
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
