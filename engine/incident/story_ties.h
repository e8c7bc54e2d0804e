// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "engine/incident/chain.h"
#include "engine/incident/detection.h"

// Stories are detections joined by what only they have in common: processes, remote sessions,
// foreign addresses, files, mails. Ties put stories together that merely met: on a host, under an
// account, in a session, or through a logon from one machine to another. Many things that have
// nothing to do with each other meet there too, so a tie counts only where it can mean one story:
// among all that met for a while around, at most one may be more than a loose end (kLooseEnd), the
// heaviest must have at least kDominanceHalves / 2 times the weight of the next, and it must be
// near; and what is known by its logon sessions is not tied by the host alone to what happened in
// other sessions there. That makes a quiet host's loose ends one incident and keeps two attacks on
// a busy host apart. Thread safety: pure functions over value types. The result depends on the
// stories alone.
namespace catena::incident {

// How stories may meet, from the most to the least telling.
enum class Meeting : std::uint8_t { kRemote, kSession, kAccount, kAddress, kHost };
inline constexpr std::size_t kMeetingCount = 5;

// The weight of the heaviest story that met must be this many halves of that of the next one.
inline constexpr std::uint64_t kDominanceHalves = 5;
// A story of at most this weight (tenths of points: one critical finding, or two mediums) is a
// loose end: it may be part of anything.
inline constexpr std::uint64_t kLooseEnd = 120;
// Stories looked at, at most, at one meeting point before it is given up as too busy to tell.
inline constexpr std::size_t kMaxStoriesAtMeeting = 256;
// Sessions of one story on one host, at most, that are held against another's; a story with as many
// is at home in all of them.
inline constexpr std::size_t kMaxSessionsCompared = 64;

// When a story was where it can meet others.
struct Anchor {
  Entity entity;
  Meeting meeting = Meeting::kHost;
  bool remote = false;  // it was there from another machine
  Timestamp first = kNoTime;
  Timestamp last = kNoTime;
  Id128 first_detection;
  Id128 last_detection;
};
using Anchors = std::map<std::uint64_t, Anchor>;  // by key

// Where a detection can meet others. `entity` is a weak one of its entities and no hub; `host` is
// its host, or nullptr.
void add_anchor(const Detection& detection, const Entity& entity, const Entity* host,
                Anchors& anchors);
// The same for all its entities.
void add_anchors(const Detection& detection, Anchors& anchors);
void merge_anchors(const Anchors& from, Anchors& into);

struct Story {
  const Anchors* anchors = nullptr;
  std::uint64_t weight = 0;  // points of its distinct findings
  std::size_t steps = 0;
  Timestamp opened = kNoTime;  // time and id of the first step
  Id128 opener;
};

struct TiedStory {
  std::size_t group = 0;  // index of the story that opens the chain; its own when it does
  JoinEdge join;          // of its first step; no parent when it opens the chain
};

// Parallel to `stories`. Groups have at most `max_steps` steps.
[[nodiscard]] std::vector<TiedStory> tie_stories(const std::vector<Story>& stories,
                                                 std::size_t max_steps);

}  // namespace catena::incident
