// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "engine/match/field_index.h"
#include "engine/match/flat_program.h"
#include "engine/plan/plan.h"

// PredicateEvaluator decides plan expressions for the event of a FieldIndex, remembering each
// predicate's answer for that event (rules share predicates). The fast twin of
// ReferenceMatcher::holds. Thread safety: none; scratch of one thread. Cost: each predicate at most
// once per event.
namespace catena::match {

class PredicateEvaluator {
 public:
  explicit PredicateEvaluator(const plan::RuleSet& rules)
      : rules_(rules), stamps_(rules.predicates.size(), 0), answers_(rules.predicates.size(), 0) {}

  // Forgets the answers; `index` must have been reset to the event.
  void reset(FieldIndex& index);

  // The expression that starts at a step of a program made from the same rule set.
  [[nodiscard]] bool evaluate(const FlatProgram& program, std::uint32_t step);

 private:
  [[nodiscard]] bool text_holds(const FlatProgram::Step& step, std::string_view wanted);
  [[nodiscard]] bool holds(plan::PredicateIndex predicate);
  [[nodiscard]] bool compute(const plan::Predicate& predicate);
  [[nodiscard]] bool value_holds(const plan::Predicate& predicate, std::uint32_t position);
  [[nodiscard]] bool regex_holds(const plan::Predicate& predicate, std::uint32_t position);
  [[nodiscard]] bool other_field_holds(const plan::Predicate& predicate, std::uint32_t position);

  const plan::RuleSet& rules_;
  FieldIndex* index_ = nullptr;
  std::uint32_t stamp_ = 0;
  std::vector<std::uint32_t> stamps_;
  std::vector<std::uint8_t> answers_;
};

}  // namespace catena::match
