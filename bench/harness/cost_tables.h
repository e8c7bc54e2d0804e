// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "bench/harness/loaded_events.h"
#include "bench/harness/subject.h"
#include "engine/base/result.h"
#include "engine/match/matcher.h"

// Where the matching time goes: by kind of event (log source and event id, which is what chooses a
// plan) and by rule. One extra pass with the clock read around every event; its sum is therefore
// larger than what a measurement says, its proportions hold. Thread safety: none.
namespace catena::harness {

struct PlanCost {
  std::string log_source;  // product/categories/services
  std::string event_id;    // "" when the events have none
  std::uint64_t events = 0;
  std::uint64_t candidates = 0;
  std::uint64_t matches = 0;
  double seconds = 0;
};

// The most time first.
[[nodiscard]] Result<std::vector<PlanCost>> measure_plans(LoadedEvents& events,
                                                          const Subject& subject,
                                                          const match::Matcher& matcher);

struct RuleCost {
  plan::RuleIndex rule = 0;
  std::uint64_t events = 0;   // of its log source, in the sample
  std::uint64_t matches = 0;  // among them
  double ns_per_event = 0;    // to decide the rule alone, plainly, by the reference matcher
};

// Events that measure_rules() looks at, from the beginning: it is slow.
inline constexpr std::uint64_t kRuleSampleEvents = 2'000;

// The rules that cost most to decide without any index, the most expensive (time per event times
// events) first: what a rule costs when the index cannot spare it.
[[nodiscard]] std::vector<RuleCost> measure_rules(LoadedEvents& events, const Subject& subject);

// Tables of the first `limit` entries, and JSON lines of the same.
[[nodiscard]] std::string plans_text(const std::vector<PlanCost>& plans, std::size_t limit);
[[nodiscard]] std::string plans_json(const std::vector<PlanCost>& plans, std::size_t limit);
[[nodiscard]] std::string rules_text(const std::vector<RuleCost>& rules, const Subject& subject,
                                     std::size_t limit);
[[nodiscard]] std::string rules_json(const std::vector<RuleCost>& rules, const Subject& subject,
                                     std::size_t limit);

}  // namespace catena::harness
