// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/plan/rule_set.h"

// RuleQuarantine takes a rule out that costs more than its share, so that one bad expression cannot
// hold up a stream. It adds up the work (engine/match/work_limits.h) that each rule asked for over
// windows of the input and decides at the border of a batch, in input order; what it decides takes
// effect kDelay batches later. By then every thread knows it, so the outcome is the same for any
// number of threads. A rule stays out until the rules are loaded again.
// It does not end an event early (WorkLimits does) and reads no clock.
// Threads: add() is called by one at a time, in input order; is_out() by all. A batch may be worked
// on only when all batches kDelay before it were added (pipeline::BatchOrder holds so many back).
namespace catena::match {

// What a rule asked for in one batch; small sums are left out.
struct RuleWork {
  plan::RuleIndex rule = 0;
  std::uint64_t work = 0;
};

struct QuarantineLimits {
  // Units of work that a rule may ask for an event, on average over a window. 0: no rule is ever
  // taken out.
  std::uint64_t work_per_event = 20'000;
  // Events of a window; it ends with the batch that fills it. A rule that has asked for a whole
  // window's share before that is taken out at once.
  std::uint64_t window_events = 4'096;
};

class RuleQuarantine {
 public:
  static constexpr std::uint64_t kDelay = 128;  // batches

  RuleQuarantine(std::size_t rules, QuarantineLimits limits);

  // What one batch asked for. `batch` counts from 0 without a gap.
  void add(std::uint64_t batch, std::uint64_t events, std::span<const RuleWork> work);

  // Whether the rule is not run for the events of this batch.
  [[nodiscard]] bool is_out(plan::RuleIndex rule, std::uint64_t batch) const noexcept {
    return out_from_[rule].load(std::memory_order_relaxed) <= batch;
  }

  struct Case {
    plan::RuleIndex rule = 0;
    std::uint64_t work_per_event = 0;  // in the window that decided
    std::uint64_t events_before = 0;   // added up to the decision
  };
  // In the order in which they were decided; of the thread that calls add().
  [[nodiscard]] const std::vector<Case>& cases() const noexcept { return cases_; }

 private:
  void decide(plan::RuleIndex rule, std::uint64_t batch);

  static constexpr std::uint64_t kNever = ~std::uint64_t{0};

  QuarantineLimits limits_;
  std::vector<std::atomic<std::uint64_t>> out_from_;  // by rule: the first batch without it
  std::vector<std::uint64_t> work_;                   // by rule, of this window
  std::vector<plan::RuleIndex> touched_;              // rules with work in this window
  std::uint64_t events_ = 0;                          // of this window
  std::uint64_t all_events_ = 0;
  std::vector<Case> cases_;
};

}  // namespace catena::match
