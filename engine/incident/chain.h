// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/incident/detection.h"

// Chain: the detections of one incident as a story, steps in event time, each with the reason why
// it belongs. A chain of one step is still a chain: no detection is dropped. Identity: the id of
// the earliest member's detection id, hashed; content-derived, no wall clock. Thread safety: value
// type.
namespace catena::incident {

enum class Severity : std::uint8_t { kLow, kMedium, kHigh, kCritical };
[[nodiscard]] std::string_view severity_name(Severity severity) noexcept;

// Why a step is in the chain: the earlier step and the entity that they share.
struct JoinEdge {
  Id128 parent;              // detection id; zero for the step that opened the chain
  Entity entity;             // what is shared; meaningless when parent is zero
  std::uint32_t weight = 0;  // 0 … 65536 (Q16)
  friend bool operator==(const JoinEdge&, const JoinEdge&) = default;
};

struct Step {
  Id128 detection;
  Timestamp time = kNoTime;
  attack::Phase phase = attack::Phase::kExecuteObjective;
  bool has_phase = false;   // false: the rule carries no tag that names a phase
  bool inferred = false;    // the phase is a default, not read off the step or its neighbours
  bool background = false;  // the rule fires on this host all the time
  JoinEdge join;
  friend bool operator==(const Step&, const Step&) = default;
};

enum class PhaseState : std::uint8_t { kAbsent, kObserved, kInferred };

struct PhaseSlot {
  PhaseState state = PhaseState::kAbsent;
  Timestamp first = kNoTime;
  Timestamp last = kNoTime;
  std::uint32_t steps = 0;
  friend bool operator==(const PhaseSlot&, const PhaseSlot&) = default;
};

// Why a phase is said to have happened though no step is of it. The value is stored.
enum class InferenceRule : std::uint8_t {
  kObjectiveFromEffect,    // P1: what was done at the end tells what was wanted
  kTailoredLaunch,         // P3: the launch hits what was scouted before
  kRotatedSources,         // P6: several foreign addresses do one thing
  kChangedLaunch,          // P7: a launch after another one, by another technique
  kEffectOfLaunch,         // E1: what a launch wants to reach was seen on its target
  kSustainedControl,       // E2: one process tree goes on for a while after the compromise
  kPersistenceAsFoothold,  // E2: the first thing after the compromise was to stay
  kReturn,                 // E8: an earlier phase again after a quiet time
  kChangedTechnique,       // E8: something else for the same purpose after a reaction
};
inline constexpr std::size_t kInferenceRuleCount = 9;
[[nodiscard]] std::string_view inference_rule_name(InferenceRule rule) noexcept;

struct PhaseInference {
  attack::Phase phase = attack::Phase::kDetermineObjective;
  InferenceRule rule = InferenceRule::kObjectiveFromEffect;
  Id128 witness;         // the step that shows it
  Id128 second_witness;  // the step it is held against; zero when one step is enough
  friend bool operator==(const PhaseInference&, const PhaseInference&) = default;
};

// What became of the launches of the chain, as far as its steps tell. The value is stored.
enum class LaunchOutcome : std::uint8_t { kNone, kUnknown, kPartial, kSuccess };
[[nodiscard]] std::string_view launch_outcome_name(LaunchOutcome outcome) noexcept;

struct Chain {
  Id128 id;
  Timestamp first = kNoTime;
  Timestamp last = kNoTime;
  std::uint32_t score = 0;  // tenths of a point
  Severity severity = Severity::kLow;
  std::vector<std::string> hosts;       // sorted, unique
  std::vector<std::string> users;       // sorted, unique
  std::vector<std::string> techniques;  // sorted, unique
  std::array<PhaseSlot, attack::kPhaseCount> phases{};
  std::vector<PhaseInference> inferences;  // by phase, then rule; at most one of each
  LaunchOutcome launch = LaunchOutcome::kNone;
  bool objective_imminent = false;  // backups or recovery were attacked, and nothing came yet
  std::vector<Step> steps;          // by (time, detection id)
  friend bool operator==(const Chain&, const Chain&) = default;
};

}  // namespace catena::incident
