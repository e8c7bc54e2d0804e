// SPDX-License-Identifier: Apache-2.0
#include "engine/match/rule_quarantine.h"

#include <algorithm>

namespace catena::match {

RuleQuarantine::RuleQuarantine(std::size_t rules, QuarantineLimits limits)
    : limits_(limits), out_from_(rules), work_(rules, 0) {
  for (auto& from : out_from_) from.store(kNever, std::memory_order_relaxed);
}

void RuleQuarantine::add(std::uint64_t batch, std::uint64_t events,
                         std::span<const RuleWork> work) {
  for (const RuleWork& one : work) {
    if (work_[one.rule] == 0 && one.work != 0) touched_.push_back(one.rule);
    work_[one.rule] += one.work;
  }
  events_ += events;
  all_events_ += events;
  if (events_ < limits_.window_events || events_ == 0) return;
  std::sort(touched_.begin(), touched_.end());
  for (const plan::RuleIndex rule : touched_) {
    const std::uint64_t per_event = work_[rule] / events_;
    work_[rule] = 0;
    if (limits_.work_per_event == 0 || per_event <= limits_.work_per_event) continue;
    if (out_from_[rule].load(std::memory_order_relaxed) != kNever) continue;
    out_from_[rule].store(batch + kDelay, std::memory_order_relaxed);
    cases_.push_back({rule, per_event, all_events_});
  }
  touched_.clear();
  events_ = 0;
}

}  // namespace catena::match
