// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/plan/predicate.h"

// What the tests of one event may cost. Work is counted before it is done, in units of about a
// nanosecond at worst, from the length of the value and the kind of test alone: no clock is read,
// so the same event has the same outcome on every machine and for any number of threads. A test
// that does not fit in what is left is not run; its rule is then undecided for this event, which
// the caller is told (Matcher::Scratch::undecided). Plain data and pure functions.
namespace catena::match {

struct WorkLimits {
  // Of all rules together, and of one rule, for one event.
  std::uint64_t event = 10'000'000;
  std::uint64_t rule = 5'000'000;
};

inline constexpr std::uint64_t kMostWork = 1'000'000'000'000;  // of an option

// Of one test of a value of `bytes`.
[[nodiscard]] inline std::uint64_t work_of(const plan::Predicate& predicate,
                                           std::uint64_t bytes) noexcept {
  constexpr std::uint64_t kBlock = 16;  // bytes that a plain comparison or search takes at once
  switch (predicate.op) {
    case plan::Op::kRegex:
      return predicate.length_only ? 1 + bytes : 1 + bytes * std::max(predicate.regex_work, 1U);
    case plan::Op::kWildcard:
      // A part is looked for from every place at worst.
      return 1 + bytes * std::max<std::uint64_t>(predicate.wildcard.size(), 1);
    default:
      return 1 + bytes / kBlock;
  }
}

}  // namespace catena::match
