// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/attack/defence_catalog.h"
#include "engine/report/story.h"

// What only a whole chain can tell its reader: which phases are missing in its middle and what
// would fill them, what to do now, what counters the techniques seen, and who is known to work so.
// All of it are hints: a missing phase may have been skipped (the IRIS frameworks let attackers do
// that), and techniques in common do not name an attacker. Thread safety: pure functions. Cost:
// O(techniques * groups), about a millisecond.
namespace catena::report {

inline constexpr std::size_t kMaxGapTechniques = 5;  // of one phase
inline constexpr std::size_t kMaxCounterMeasures = 8;
inline constexpr std::size_t kMaxKnownGroups = 5;
// With fewer techniques in common nothing is said of a group.
inline constexpr std::size_t kLeastOverlap = 3;

// A technique that would fill a phase.
struct GapTechnique {
  std::string id;
  std::size_t groups = 0;            // that are known for it
  std::optional<std::size_t> rules;  // that look for it; nullopt when no rules were given
};

// A phase that attacks usually pass between the earliest and the latest one of the chain.
struct PhaseGap {
  attack::Phase phase = attack::Phase::kInitialCompromise;
  std::vector<GapTechnique> techniques;  // the ones that most groups use, on the chain's platforms
};

struct CounterMeasure {
  const attack::Mitigation* mitigation = nullptr;
  std::vector<std::string> techniques;  // of the chain, that it counters
};

struct KnownGroup {
  const attack::Group* group = nullptr;
  std::size_t exact = 0;   // techniques of the chain that it is known for
  std::size_t family = 0;  // further ones of which it uses the parent or another sub-technique
};

// A log source of a host of the chain that gave detections at other times, but none from the
// chain's first step to its last.
struct QuietSource {
  std::string host;
  std::string log_source;
};

struct Guidance {
  std::vector<attack::Phase> phases;  // of the chain that there is advice for, latest first
  std::vector<PhaseGap> gaps;         // in the order of the frameworks
  std::vector<QuietSource> quiet;
  std::vector<CounterMeasure> counter_measures;  // most effective first
  std::vector<KnownGroup> groups;                // greatest overlap first
  std::size_t techniques = 0;                    // of the chain, what overlaps are out of
  const attack::DefenceCatalog* defence = nullptr;
};

struct GuidanceInputs {
  const attack::DefenceCatalog& defence;  // must outlive the guidance
  // Rules by canonical technique id; nullptr when no rules are known.
  const std::map<std::string, std::size_t>* rules = nullptr;
  std::vector<QuietSource> quiet;
};

[[nodiscard]] Guidance guide(const StoryView& view, GuidanceInputs inputs);

// The caveat that belongs to every list of groups.
[[nodiscard]] std::string_view false_flag_caveat() noexcept;

// One JSON object: {"kind":"guidance","schema":1,…}. No line end.
[[nodiscard]] std::string guidance_json(const StoryView& view, const Guidance& guidance);

}  // namespace catena::report
