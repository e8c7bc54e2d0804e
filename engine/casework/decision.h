// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/hash.h"
#include "engine/event/timestamp.h"

// Decision: what a person decided about a chain, as one record that is appended and never changed.
// It names detections, not chains: chains are made anew whenever older records come in, while a
// detection is the same for ever. A decision about a chain names that chain's first step and holds
// for whichever chain has it. Thread safety: value type.
namespace catena::casework {

// The values are stored.
enum class DecisionKind : std::uint8_t {
  kState,  // `state` is what the chain is from now on
  kNote,   // `note` is what somebody wants to say
  kCut,    // `detections` leave the chain and are a chain of their own
  kMerge   // the chain and the one that has `detections` are one
};
inline constexpr std::size_t kDecisionKindCount = 4;

enum class CaseState : std::uint8_t {
  kOpen,
  kAcknowledged,
  kContained,
  kResolved,
  kFalsePositive,
};
inline constexpr std::size_t kCaseStateCount = 5;

// "open", "acknowledged", "contained", "resolved", "false-positive".
[[nodiscard]] std::string_view case_state_name(CaseState state) noexcept;
[[nodiscard]] std::optional<CaseState> parse_case_state(std::string_view name) noexcept;
[[nodiscard]] std::string_view decision_kind_name(DecisionKind kind) noexcept;

struct Decision {
  std::uint64_t number = 0;  // counted from 1 by the store
  Timestamp time = kNoTime;  // when it was taken
  std::string author;        // who took it; never empty
  DecisionKind kind = DecisionKind::kNote;
  CaseState state = CaseState::kOpen;  // kState
  Id128 subject;                       // a detection of the chain that it is about
  Id128 chain;                         // the chain's id when it was taken, for the record
  std::string note;                    // also beside other kinds: why
  std::vector<Id128> detections;       // kCut, kMerge
  friend bool operator==(const Decision&, const Decision&) = default;

  static constexpr std::size_t kMaxAuthorBytes = 128;
  static constexpr std::size_t kMaxNoteBytes = 8 * 1024;
  static constexpr std::size_t kMaxDetections = 10'000;
};

// Decisions that one store may hold.
inline constexpr std::uint64_t kMaxDecisions = 1'000'000;

// One JSON object: {"kind":"decision","schema":1,…}. No line end.
[[nodiscard]] std::string decision_json(const Decision& decision);

}  // namespace catena::casework
