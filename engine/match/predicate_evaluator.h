// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/match/field_index.h"
#include "engine/match/flat_program.h"
#include "engine/match/work_limits.h"
#include "engine/plan/plan.h"

// PredicateEvaluator decides plan expressions for the event of a FieldIndex, remembering each
// predicate's answer for that event (rules share predicates). The fast twin of
// ReferenceMatcher::holds, within WorkLimits. Thread safety: none; scratch of one thread. Cost:
// each predicate at most once per event.
namespace catena::match {

class PredicateEvaluator {
 public:
  explicit PredicateEvaluator(const plan::RuleSet& rules, WorkLimits limits = {})
      : rules_(rules), limits_(limits), event_left_(limits.event), rule_left_(limits.rule) {}

  // Forgets the answers; `index` must have been reset to the event.
  void reset(FieldIndex& index);

  struct Verdict {
    bool holds = false;
    // False when a test was not run because it would have cost too much: then `holds` is false, and
    // the rule may match.
    bool decided = true;
    std::uint64_t work = 0;  // asked for
  };
  // The rule whose expression starts at a step of a program made from the same rule set.
  [[nodiscard]] Verdict evaluate_rule(const FlatProgram& program, std::uint32_t step);

  // The expression alone, with what is left of the limits.
  [[nodiscard]] bool evaluate(const FlatProgram& program, std::uint32_t step);

  // One predicate, not remembered.
  [[nodiscard]] bool test(const plan::Predicate& predicate);
  // The position of the first value for which the predicate holds on its own; nullopt when there is
  // none (an absent field has no value).
  [[nodiscard]] std::optional<std::uint32_t> witness(const plan::Predicate& predicate);

 private:
  // Takes the work of a test from what is left; false when it does not fit.
  [[nodiscard]] bool affords(std::uint64_t work) noexcept {
    asked_ += work;
    if (work > rule_left_) {
      decided_ = false;
      return false;
    }
    rule_left_ -= work;
    return true;
  }

  [[nodiscard]] bool text_holds(const FlatProgram::Step& step, std::string_view wanted);
  [[nodiscard]] bool holds(plan::PredicateIndex predicate);
  [[nodiscard]] bool value_holds(const plan::Predicate& predicate, std::uint32_t position);
  [[nodiscard]] bool regex_holds(const plan::Predicate& predicate, std::uint32_t position);
  [[nodiscard]] bool other_field_holds(const plan::Predicate& predicate, std::uint32_t position);

  const plan::RuleSet& rules_;
  WorkLimits limits_;
  std::uint64_t event_left_;
  std::uint64_t rule_left_;  // of the event's, for the rule at hand
  std::uint64_t asked_ = 0;  // by the rule at hand
  bool decided_ = true;
  FieldIndex* index_ = nullptr;
  std::uint32_t stamp_ = 0;
  // By predicate, made at the first need: the reset that wrote the answer, and the answer.
  std::vector<std::uint32_t> stamps_;
  std::vector<std::uint8_t> answers_;
};

}  // namespace catena::match
