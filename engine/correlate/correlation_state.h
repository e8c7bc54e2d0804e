// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/correlate/group_table.h"
#include "engine/correlate/hit.h"
#include "engine/plan/correlation.h"

// CorrelationState runs one correlation: puts the signals of each event into their groups and says
// for which groups a result is due. Its inputs and the correlations above it are the correlator's
// business.
// A result is due at an event at which the group's condition holds and
//   * did not hold at the group's event before, or
//   * no other event of the group is in the window (it starts anew), or
//   * the correlation has `repeat`.
// So a condition that stays true gives one result, and it is armed again by an event at which it is
// false or by a pause of the window's length.
// Thread safety: none. Cost of a signal: the window's, plus O(group-by fields + kMaxTraits).
namespace catena::correlate {

// Why a signal took no part. Names are a contract (summary line).
enum class Skipped : std::uint8_t {
  kNoGroup,       // a group-by field is missing or null
  kSeveralGroup,  // a group-by field has several values or is an object
  kNoValue,       // a field of the condition is missing or null
  kSeveralValue,  // … has several values or is an object
  kNotANumber,    // … is no decimal number in range, and has to be one
};
inline constexpr std::size_t kSkippedCount = 5;
[[nodiscard]] std::string_view skipped_name(Skipped reason) noexcept;

// One match, or one result of a correlation below, as an input of this correlation.
struct Signal {
  EventReference event;
  std::uint32_t input = 0;  // among the correlation's inputs
  std::span<const CapturedValue> values;
  std::vector<TraitView> traits;
};

// A group for which a result is due. Views are valid until trim().
struct Due {
  const Group* group = nullptr;
  const Signal* signal = nullptr;  // the first of the event's signals for the group
};

class CorrelationState {
 public:
  // `correlation` must outlive the state.
  CorrelationState(const plan::Correlation& correlation, std::size_t max_bytes, std::uint64_t seed,
                   bool repeat);

  // Takes all signals of one event, which is not before any that came earlier, and sets `due`, in
  // the order of the signals.
  void take(std::span<const Signal> signals, std::vector<Due>& due);
  // Gives up what cannot matter any more at `now`, and what is beyond the budget.
  void trim(Timestamp now) { groups_.trim(start_of(now)); }

  [[nodiscard]] const plan::Correlation& correlation() const noexcept { return correlation_; }
  [[nodiscard]] const GroupTable& groups() const noexcept { return groups_; }
  [[nodiscard]] std::uint64_t skipped(Skipped reason) const noexcept {
    return skipped_[static_cast<std::size_t>(reason)];
  }
  // The earliest time that is in the window of an event at `time`.
  [[nodiscard]] Timestamp start_of(Timestamp time) const noexcept;

 private:
  // What the event's signals say of one group.
  struct Arrival {
    Group* group = nullptr;
    const Signal* signal = nullptr;
    Member member;
  };

  [[nodiscard]] bool make_key(const Signal& signal);
  [[nodiscard]] bool read_value(const Signal& signal, Member& member);
  void arrive(const Signal& signal);
  void enter(Group& group, const Member& member);
  void note_traits(Group& group, const Signal& signal) const;
  void skip(Skipped reason) noexcept { ++skipped_[static_cast<std::size_t>(reason)]; }

  const plan::Correlation& correlation_;
  bool repeat_;
  GroupTable groups_;
  std::array<std::uint64_t, kSkippedCount> skipped_{};
  std::vector<Arrival> arrivals_;
  std::string key_;
};

}  // namespace catena::correlate
