// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/plan/plan.h"

// FlatProgram is the expressions of one plan in the order in which they are evaluated: one array of
// small steps with the texts that they compare behind one another in one string. Expressions of a
// plan are trees over predicates of 176 bytes and more that lie all over the memory; candidates
// would mostly wait for them. What decides most for its cost is asked first, which changes what is
// asked but not the answer. It is data; PredicateEvaluator runs it, and the tree of the plan is its
// slow twin. Thread safety: immutable once made. Cost: 24 bytes a step.
namespace catena::match {

class FlatProgram {
 public:
  struct Step {
    enum class Kind : std::uint8_t {
      kTrue,
      kFalse,
      kAnd,  // of the steps up to `end`
      kOr,
      kNot,
      // Tests of a field's folded values against a text.
      kEquals,
      kContains,
      kStartsWith,
      kEndsWith,
      kPredicate,  // any other test: the predicate `first`
    };
    Kind kind = Kind::kFalse;
    FieldId field = kUnknownField;
    std::uint32_t first = 0;  // of the text, or the predicate's number
    std::uint32_t size = 0;   // of the text
    std::uint32_t end = 0;    // the step behind this one and its children
  };

  FlatProgram(const plan::Plan& plan, const plan::RuleSet& rules,
              const plan::LiteralFrequency& frequency);

  // The first step of a rule by its position in the plan.
  [[nodiscard]] std::uint32_t start(std::uint32_t position) const noexcept {
    return starts_[position];
  }
  [[nodiscard]] const Step& step(std::uint32_t index) const noexcept {
    return steps_.data()[index];
  }
  [[nodiscard]] std::string_view text(const Step& step) const noexcept {
    return {texts_.data() + step.first, step.size};
  }

 private:
  class Writer;

  std::vector<std::uint32_t> starts_;
  std::vector<Step> steps_;
  std::string texts_;
};

}  // namespace catena::match
