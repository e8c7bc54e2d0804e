// SPDX-License-Identifier: Apache-2.0
#include "engine/match/rule_quarantine.h"

#include <algorithm>

namespace catena::match {

RuleQuarantine::RuleQuarantine(std::size_t rules, QuarantineLimits limits)
    : limits_(limits), out_from_(rules), work_(rules, 0) {
  for (auto& from : out_from_) from.store(kNever, std::memory_order_relaxed);
}

void RuleQuarantine::decide(plan::RuleIndex rule, std::uint64_t batch) {
  if (out_from_[rule].load(std::memory_order_relaxed) != kNever) return;
  out_from_[rule].store(batch + kDelay, std::memory_order_relaxed);
  cases_.push_back({rule, work_[rule] / std::max<std::uint64_t>(events_, 1), all_events_});
}

void RuleQuarantine::add(std::uint64_t batch, std::uint64_t events,
                         std::span<const RuleWork> work) {
  events_ += events;
  all_events_ += events;
  const std::uint64_t most = limits_.work_per_event * std::max(events_, limits_.window_events);
  for (const RuleWork& one : work) {
    if (work_[one.rule] == 0 && one.work != 0) touched_.push_back(one.rule);
    work_[one.rule] += one.work;
    if (limits_.work_per_event != 0 && work_[one.rule] > most) decide(one.rule, batch);
  }
  if (events_ < limits_.window_events) return;
  for (const plan::RuleIndex rule : touched_) work_[rule] = 0;
  touched_.clear();
  events_ = 0;
}

}  // namespace catena::match
