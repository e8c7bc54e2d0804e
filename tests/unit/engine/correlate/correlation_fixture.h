// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/correlate/correlator.h"
#include "engine/correlate/window.h"
#include "engine/plan/correlation.h"

// Correlations and events in few words, for the tests of this folder.
namespace catena::correlate {

inline plan::Bound at_least(std::int64_t value) {
  return {plan::Comparator::kGreaterEqual, Decimal::whole(value)};
}

// Over `inputs` rules, all in the same group unless group_by is set.
inline plan::Correlation correlation(plan::CorrelationType type, std::vector<plan::Bound> bounds,
                                     std::size_t inputs = 1,
                                     Timestamp span = 10 * kNanosPerSecond) {
  plan::Correlation correlation;
  correlation.id = "c";
  correlation.title = "C";
  correlation.type = type;
  correlation.span = span;
  correlation.bounds = std::move(bounds);
  for (std::uint32_t i = 0; i < inputs; ++i) {
    plan::CorrelationInput input;
    input.index = i;
    correlation.inputs.push_back(std::move(input));
  }
  return correlation;
}

inline EventReference event_at(double seconds, std::uint64_t offset = 0) {
  EventReference event;
  event.time = static_cast<Timestamp>(seconds * 1e9);
  event.place.offset = offset;
  event.id = hash128(std::to_string(seconds) + "/" + std::to_string(offset));
  return event;
}

inline Member member_at(double seconds, std::uint64_t inputs = 1, Int128 number = 0) {
  Member member;
  member.event = event_at(seconds);
  member.inputs = inputs;
  member.number = number * Decimal::kUnitsPerOne;
  return member;
}

// One event through a window: does the condition hold?
inline bool step(Window& window, const Member& member, Timestamp span = 10 * kNanosPerSecond) {
  window.expire(member.event.time - span);
  window.add(member);
  return window.holds();
}

inline std::string measure_text(const Window& window) {
  const Measure measure = window.measure();
  return (measure.is_floor ? ">=" : "") + format_decimal({measure.value / measure.scale});
}

}  // namespace catena::correlate
