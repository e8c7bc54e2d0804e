// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/correlate/hit.h"
#include "engine/event/event.h"
#include "engine/incident/entity.h"
#include "engine/plan/rule_set.h"

// HitBuilder makes what correlations need of a match: the values of the fields that they ask for
// and the event's entities. It also says which rules are inputs of correlations, and which of those
// alert on their own.
// Thread safety: const methods may run concurrently. Cost: asking is a look into a table; building
// is O(fields) and allocates once.
namespace catena::incident {

class HitBuilder {
 public:
  // Longer values are represented by their beginning and a hash of all.
  static constexpr std::size_t kMaxValueBytes = 1'024;

  // `source_ranks` by EventOrigin::source: correlate::Place::source. All must outlive the builder.
  HitBuilder(const plan::RuleSet& rules, std::span<const std::uint32_t> source_ranks);

  [[nodiscard]] bool is_input(plan::RuleIndex rule) const noexcept {
    return inputs_[rule] != kNone;
  }
  // A match of the rule is a detection.
  [[nodiscard]] bool alerts(plan::RuleIndex rule) const noexcept {
    return !is_input(rule) || program_.rules[inputs_[rule]].alerts;
  }

  // `event` is plain (make_plain() in engine/event/event.h), `rule` an input, `number` the event's
  // place in its batch, `entities` those of the event.
  [[nodiscard]] correlate::Hit build(const Event& event, std::uint32_t number, plan::RuleIndex rule,
                                     std::span<const Entity> entities) const;

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  const plan::CorrelationProgram& program_;
  std::span<const std::uint32_t> source_ranks_;
  std::vector<std::uint32_t> inputs_;  // by rule: its number among the program's rules, or kNone
};

}  // namespace catena::incident
