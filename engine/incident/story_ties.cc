// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/story_ties.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <span>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "engine/incident/canonical.h"
#include "engine/incident/hub.h"
#include "engine/incident/join_weight.h"

namespace catena::incident {
namespace {

struct MeetingWeight {
  std::uint32_t base;   // Q16
  Timestamp half_life;  // nanoseconds
  Timestamp reach;      // nanoseconds
};

// In the order of Meeting. Who was there within the time in which the weight falls to the threshold
// could be meant: half an hour, in which an attacker who is there does something; for a session two
// hours, for the address of a machine three. A tie reaches less far: the longer nobody else was
// there, the surer it is. Both ends of an action over the network are seen at once.
constexpr std::array<MeetingWeight, kMeetingCount> kMeetingWeights = {{
    {percent_weight(90), 36 * kNanosPerMinute, kNanosPerMinute},
    {percent_weight(80), 3 * kNanosPerHour, 30 * kNanosPerMinute},
    {percent_weight(70), 62 * kNanosPerMinute, 10 * kNanosPerMinute},
    {percent_weight(70), 6 * kNanosPerHour, 3 * kNanosPerHour},
    {percent_weight(60), 114 * kNanosPerMinute, 5 * kNanosPerMinute},
}};

Timestamp gap(const Anchor& a, const Anchor& b) noexcept {
  if (a.last < b.first) return b.first - a.last;
  return b.last < a.first ? a.first - b.last : 0;
}

std::uint32_t meeting_weight(Meeting meeting, Timestamp distance) noexcept {
  const MeetingWeight& weight = kMeetingWeights[static_cast<std::size_t>(meeting)];
  return decayed_weight(weight.base, weight.half_life, distance);
}

// Accounts met from another machine meet as kRemote.
Meeting meeting_of(const Anchor& a, const Anchor& b) noexcept {
  return a.remote || b.remote ? Meeting::kRemote : a.meeting;
}

void extend(Anchor& anchor, const Anchor& by) {
  anchor.remote = anchor.remote || by.remote;
  if (std::tie(by.first, by.first_detection) < std::tie(anchor.first, anchor.first_detection)) {
    anchor.first = by.first;
    anchor.first_detection = by.first_detection;
  }
  if (std::tie(by.last, by.last_detection) > std::tie(anchor.last, anchor.last_detection)) {
    anchor.last = by.last;
    anchor.last_detection = by.last_detection;
  }
}

// `make_entity` is asked only when the place is new to the story.
template <typename MakeEntity>
void be_at(const Detection& detection, std::uint64_t place, Meeting meeting, bool remote,
           MakeEntity make_entity, Anchors& anchors) {
  const std::uint64_t key = place * kMeetingCount + static_cast<std::uint64_t>(meeting);
  Anchor now{{}, meeting, remote, detection.time, detection.time, detection.id, detection.id};
  const auto known = anchors.find(key);
  if (known != anchors.end()) {
    extend(known->second, now);
    return;
  }
  now.entity = make_entity();
  anchors.emplace(key, std::move(now));
}

std::uint64_t account_place(std::string_view host, std::string_view user) {
  return hash64(host) * 31 + hash64(user);
}

// The end of an anchor that is nearest before `time`, else its beginning.
const Id128& nearest(const Anchor& anchor, Timestamp time) noexcept {
  return anchor.last <= time ? anchor.last_detection : anchor.first_detection;
}

class Tying {
 public:
  Tying(const std::vector<Story>& stories, std::size_t max_steps)
      : stories_(stories), max_steps_(max_steps), tied_(stories.size()) {
    parent_.resize(stories.size());
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
    steps_.reserve(stories.size());
    for (const Story& story : stories) steps_.push_back(story.steps);
    order_ = parent_;
    std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      return stories_[a].weight != stories_[b].weight ? stories_[a].weight > stories_[b].weight
                                                      : opens_before(a, b);
    });
    rank_.resize(stories.size());
    for (std::size_t i = 0; i < order_.size(); ++i) rank_[order_[i]] = i;
    sessions_.resize(stories.size());
    for (const std::size_t story : order_) {
      for (const auto& [key, anchor] : *stories_[story].anchors) {
        meetings_[key].push_back(story);
        if (anchor.meeting == Meeting::kSession) add_session(anchor.entity.value, key, story);
      }
      std::sort(sessions_[story].begin(), sessions_[story].end());
    }
  }

  std::vector<TiedStory> run() {
    for (const std::size_t story : order_) tie(story);
    for (std::size_t i = 0; i < tied_.size(); ++i) tied_[i].group = root(i);
    return std::move(tied_);
  }

 private:
  // A story that met, and where.
  struct Rival {
    std::size_t story = 0;
    const Anchor* own = nullptr;
    const Anchor* theirs = nullptr;
    Meeting meeting = Meeting::kHost;
    std::uint32_t weight = 0;
  };
  // A logon session of a story: its host and its key, both hashes.
  using Session = std::pair<std::uint64_t, std::uint64_t>;

  // Session GUIDs name no host.
  void add_session(std::string_view value, std::uint64_t key, std::size_t story) {
    const std::size_t bar = value.find('|');
    if (bar != std::string_view::npos)
      sessions_[story].push_back({hash64(value.substr(0, bar)), key});
  }

  // At most the first kMaxSessionsCompared on this host.
  [[nodiscard]] std::span<const Session> sessions_on(std::uint64_t host, std::size_t story) const {
    const auto& all = sessions_[story];
    const auto begin = std::lower_bound(all.begin(), all.end(), Session{host, 0});
    auto end = begin;
    while (end != all.end() && end->first == host &&
           static_cast<std::size_t>(end - begin) < kMaxSessionsCompared) {
      ++end;
    }
    return {begin, end};
  }

  // Both are known by their sessions on the host, and have none in common.
  [[nodiscard]] bool in_other_sessions(std::size_t a, std::size_t b, std::string_view host) const {
    const std::uint64_t host_hash = hash64(host);
    const auto of_a = sessions_on(host_hash, a);
    const auto of_b = sessions_on(host_hash, b);
    if (of_a.empty() || of_b.empty()) return false;
    if (std::max(of_a.size(), of_b.size()) == kMaxSessionsCompared) return false;
    return std::none_of(of_a.begin(), of_a.end(), [&](const Session& session) {
      return std::binary_search(of_b.begin(), of_b.end(), session);
    });
  }

  [[nodiscard]] bool opens_before(std::size_t a, std::size_t b) const {
    return std::tie(stories_[a].opened, stories_[a].opener) <
           std::tie(stories_[b].opened, stories_[b].opener);
  }

  // Roots are the stories that open their groups.
  std::size_t root(std::size_t story) {
    while (parent_[story] != story) {
      parent_[story] = parent_[parent_[story]];
      story = parent_[story];
    }
    return story;
  }

  [[nodiscard]] std::optional<Rival> meet(std::size_t story, std::size_t other, std::uint64_t key,
                                          const Anchor& own, Meeting wanted) const {
    const Anchor& theirs = stories_[other].anchors->at(key);
    const Meeting meeting = meeting_of(own, theirs);
    if (meeting != wanted) return std::nullopt;
    const std::uint32_t weight = meeting_weight(meeting, gap(own, theirs));
    if (weight < kJoinThreshold) return std::nullopt;
    if (meeting == Meeting::kHost && in_other_sessions(story, other, own.entity.value)) {
      return std::nullopt;
    }
    return Rival{other, &own, &theirs, meeting, weight};
  }

  [[nodiscard]] bool heavier(const Rival& a, const Rival& b) const {
    const std::uint64_t x = stories_[a.story].weight;
    const std::uint64_t y = stories_[b.story].weight;
    return x != y ? x > y : a.story != b.story && opens_before(a.story, b.story);
  }

  // Keeps the two heaviest rivals of different groups.
  void consider(const Rival& rival, std::optional<Rival>& first, std::optional<Rival>& second) {
    const bool of_first = first && root(first->story) == root(rival.story);
    if (!first || heavier(rival, *first)) {
      if (first && !of_first) second = first;
      first = rival;
    } else if (!of_first && (!second || heavier(rival, *second))) {
      second = rival;
    }
  }

  // The two heaviest groups that the story met at one point.
  void consider_meeting(std::size_t story, std::uint64_t key, const Anchor& anchor, Meeting wanted,
                        std::optional<Rival>& first, std::optional<Rival>& second) {
    std::size_t looked_at = 0;
    std::optional<std::size_t> seen;
    for (const std::size_t other : meetings_.at(key)) {
      if (root(other) == root(story) || (seen && root(other) == *seen)) continue;
      if (++looked_at > kMaxStoriesAtMeeting) return;
      const auto rival = meet(story, other, key, anchor, wanted);
      if (!rival) continue;
      consider(*rival, first, second);
      if (seen) return;  // lighter ones decide nothing
      seen = root(other);
    }
  }

  // The one story that a meeting of this kind can mean.
  std::optional<Rival> dominant(std::size_t story, Meeting wanted) {
    std::optional<Rival> first;
    std::optional<Rival> second;
    for (const auto& [key, anchor] : *stories_[story].anchors) {
      consider_meeting(story, key, anchor, wanted, first, second);
    }
    if (!first) return std::nullopt;
    const std::uint64_t next = second ? stories_[second->story].weight : 0;
    const bool clear =
        next <= kLooseEnd && 2 * stories_[first->story].weight >= kDominanceHalves * next;
    const Timestamp reach = kMeetingWeights[static_cast<std::size_t>(wanted)].reach;
    return clear && gap(*first->own, *first->theirs) <= reach ? first : std::nullopt;
  }

  void tie(std::size_t story) {
    for (std::size_t meeting = 0; meeting < kMeetingCount; ++meeting) {
      const auto rival = dominant(story, static_cast<Meeting>(meeting));
      // The lighter one has to know whose it is; what it met need not.
      if (rival && rank_[rival->story] < rank_[story] && unite(story, *rival)) return;
    }
  }

  // The group that opens later gets the reason.
  bool unite(std::size_t story, const Rival& rival) {
    const std::size_t own = root(story);
    const std::size_t other = root(rival.story);
    if (steps_[own] + steps_[other] > max_steps_) return false;
    const bool own_is_later = opens_before(other, own);
    const std::size_t later = own_is_later ? own : other;
    const std::size_t earlier = own_is_later ? other : own;
    const Anchor& anchor = own_is_later ? *rival.theirs : *rival.own;
    const Anchor& from = own_is_later ? *rival.own : *rival.theirs;
    tied_[later].join = {nearest(anchor, from.first), anchor.entity, rival.weight};
    if (anchor.meeting != rival.meeting) tied_[later].join.entity.type = EntityType::kRemote;
    parent_[later] = earlier;
    steps_[earlier] += steps_[later];
    return true;
  }

  const std::vector<Story>& stories_;
  const std::size_t max_steps_;
  std::vector<TiedStory> tied_;
  std::vector<std::size_t> parent_;
  std::vector<std::size_t> steps_;  // of the group, at its root
  std::vector<std::size_t> order_;  // heaviest first
  std::vector<std::size_t> rank_;   // in that order
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> meetings_;
  std::vector<std::vector<Session>> sessions_;  // of each story, sorted
};

}  // namespace

void add_anchor(const Detection& detection, const Entity& entity, const Entity* host,
                Anchors& anchors) {
  const auto itself = [&] { return entity; };
  switch (entity.type) {
    case EntityType::kHost:
      be_at(detection, entity_key(entity), Meeting::kHost, false, itself, anchors);
      break;
    case EntityType::kIp:
      be_at(detection, entity_key(entity), Meeting::kAddress, false, itself, anchors);
      break;
    case EntityType::kLogon:
      be_at(detection, entity_key(entity), Meeting::kSession, false, itself, anchors);
      break;
    case EntityType::kUser:
      if (host == nullptr) break;
      be_at(
          detection, account_place(host->value, entity.value), Meeting::kAccount, false,
          [&] {
            return Entity{EntityType::kUser, account_value(host->value, entity.value)};
          },
          anchors);
      break;
    case EntityType::kRemote: {
      const std::string_view value = entity.value;
      const std::size_t bar = value.find('|');
      if (bar == std::string_view::npos) break;
      be_at(
          detection, account_place(value.substr(0, bar), value.substr(bar + 1)), Meeting::kAccount,
          true,
          [&] {
            return Entity{EntityType::kUser, entity.value};
          },
          anchors);
      break;
    }
    default:
      break;
  }
}

void add_anchors(const Detection& detection, Anchors& anchors) {
  const Entity* host = nullptr;
  for (const Entity& entity : detection.entities) {
    if (entity.type == EntityType::kHost && !entity.value.empty()) host = &entity;
  }
  for (const Entity& entity : detection.entities) {
    if (join_class(entity) != JoinClass::kWeak || is_static_hub(entity)) continue;
    add_anchor(detection, entity, host, anchors);
  }
}

void merge_anchors(const Anchors& from, Anchors& into) {
  for (const auto& [key, anchor] : from) {
    const auto [known, is_new] = into.try_emplace(key, anchor);
    if (!is_new) extend(known->second, anchor);
  }
}

std::vector<TiedStory> tie_stories(const std::vector<Story>& stories, std::size_t max_steps) {
  return Tying(stories, max_steps).run();
}

}  // namespace catena::incident
