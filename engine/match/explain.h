// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "engine/event/event.h"
#include "engine/plan/rule_set.h"

// explain() names the values that made a rule match: the analyst's "why". It runs once per
// detection, on the rule's expression as it was compiled; the event matches the rule.
// Thread safety: pure function.
namespace catena::match {

// The most telling first: long, specific texts before event ids and the like; each (field, value)
// once, at most `limit`. Views into the event. Empty when the rule matched by absence alone.
[[nodiscard]] std::vector<Field> explain(const plan::RuleSet& rules, plan::RuleIndex rule,
                                         const Event& event, std::size_t limit);

}  // namespace catena::match
