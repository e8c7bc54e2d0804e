// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/base/decimal.h"
#include "engine/base/hash.h"
#include "engine/correlate/hit.h"
#include "engine/plan/correlation.h"

// Window: what one group of one correlation remembers of the events in the last `span`, as much as
// its condition needs. One class for each kind of correlation, all behind this interface; what each
// costs and where it stops being exact stands with its class (count_windows.h, value_windows.h,
// temporal_windows.h).
// Protocol: for each event of the group, in order of (time, place): expire() with time - span, then
// add(), then holds() and the rest. Thread safety: none.
namespace catena::correlate {

// An event as it enters the windows of a group.
struct Member {
  EventReference event;
  std::uint32_t input = 0;   // the first of the correlation's inputs that it is a match of
  std::uint64_t inputs = 0;  // temporal types: all of them, a mask
  Id128 value_key;           // value_count: the tuple of values
  Int128 number = 0;         // value_sum, value_avg, value_percentile, value_median: billionths
};

// Which event, and as a match of which of the correlation's inputs.
struct MemberReference {
  EventReference event;
  std::uint32_t input = 0;
};

// What the condition compares: value / scale in billionths. `is_floor`: only the part that decides
// is known, the true value may be greater.
struct Measure {
  Int128 value = 0;
  std::int64_t scale = 1;
  bool is_floor = false;
};

class Window {
 public:
  Window() = default;
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;
  virtual ~Window() = default;

  // Forgets what happened before `start`.
  virtual void expire(Timestamp start) = 0;
  virtual void add(const Member& member) = 0;
  // The condition is satisfied.
  [[nodiscard]] virtual bool holds() const = 0;
  [[nodiscard]] virtual Measure measure() const = 0;
  // Replaces `references` by the events that make the condition hold, earliest first, for the types
  // that know them one by one (temporal); others leave it alone and return false.
  virtual bool list(std::vector<MemberReference>& references) const;
  // How far the group has come: events, distinct values, 2^(steps - 1). At least 1 after add().
  [[nodiscard]] virtual std::uint64_t progress() const noexcept = 0;
  [[nodiscard]] virtual std::size_t bytes() const noexcept = 0;
};

// A window for one group. `correlation` must outlive it.
[[nodiscard]] std::unique_ptr<Window> make_window(const plan::Correlation& correlation);

// The greatest whole number that `bounds` name, at least 0: counting beyond it (plus one) cannot
// change whether they hold.
[[nodiscard]] std::uint64_t greatest_bound(const std::vector<plan::Bound>& bounds) noexcept;

}  // namespace catena::correlate
