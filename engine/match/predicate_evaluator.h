// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
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
  explicit PredicateEvaluator(const plan::RuleSet& rules) : rules_(rules) {}

  // Forgets the answers; `index` must have been reset to the event.
  void reset(FieldIndex& index);

  // The expression that starts at a step of a program made from the same rule set.
  [[nodiscard]] bool evaluate(const FlatProgram& program, std::uint32_t step);

  // One predicate, not remembered.
  [[nodiscard]] bool test(const plan::Predicate& predicate);
  // The position of the first value for which the predicate holds on its own; nullopt when there is
  // none (an absent field has no value).
  [[nodiscard]] std::optional<std::uint32_t> witness(const plan::Predicate& predicate);

 private:
  [[nodiscard]] bool text_holds(const FlatProgram::Step& step, std::string_view wanted);
  [[nodiscard]] bool holds(plan::PredicateIndex predicate);
  [[nodiscard]] bool value_holds(const plan::Predicate& predicate, std::uint32_t position);
  [[nodiscard]] bool regex_holds(const plan::Predicate& predicate, std::uint32_t position);
  [[nodiscard]] bool other_field_holds(const plan::Predicate& predicate, std::uint32_t position);

  const plan::RuleSet& rules_;
  FieldIndex* index_ = nullptr;
  std::uint32_t stamp_ = 0;
  // By predicate, made at the first need: the reset that wrote the answer, and the answer.
  std::vector<std::uint32_t> stamps_;
  std::vector<std::uint8_t> answers_;
};

}  // namespace catena::match
