// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/decimal.h"
#include "engine/event/field_catalog.h"
#include "engine/event/timestamp.h"
#include "engine/plan/level.h"

// CorrelationProgram: compiled Sigma correlation rules (correlation rules specification 2.1) as
// data. Names are resolved to numbers, field aliases to the fields of each referenced rule, and
// correlations of correlations stand behind the ones they refer to. engine/correlate runs it; the
// correlation compiler makes it. It holds no state.
// Thread safety: immutable once built.
namespace catena::plan {

enum class CorrelationType : std::uint8_t {
  kEventCount,
  kValueCount,
  kTemporal,
  kTemporalOrdered,
  kValueSum,
  kValueAverage,
  kValuePercentile,
  kValueMedian,
};
// "event_count" and so on.
[[nodiscard]] std::string_view correlation_type_name(CorrelationType type) noexcept;

// Rules that a temporal correlation refers to: presence is a mask of 64 bits.
inline constexpr std::size_t kMaxTemporalInputs = 64;
// Rules that any correlation refers to.
inline constexpr std::size_t kMaxCorrelationInputs = 1'000;
// Alternatives of a temporal_ordered condition ("a and (b or c)" has two).
inline constexpr std::size_t kMaxOrderedTerms = 64;
inline constexpr std::size_t kMaxGroupFields = 16;
inline constexpr std::size_t kMaxValueFields = 16;
// Values that one rule's events give to all the correlations above it.
inline constexpr std::size_t kMaxCaptures = 256;
// Of percentages: 95 % is 95,000.
inline constexpr std::uint32_t kPercentileScale = 1'000;

enum class Comparator : std::uint8_t {
  kGreater,
  kGreaterEqual,
  kLess,
  kLessEqual,
  kEqual,
  kNotEqual,
};
[[nodiscard]] std::string_view comparator_sign(Comparator comparator) noexcept;

// "gte: 10". All bounds of a condition hold together.
struct Bound {
  Comparator comparator = Comparator::kGreaterEqual;
  Decimal value;
};

// True when value / scale, in units of Decimal, satisfies every bound, exactly. `scale` is from 1
// to kMaxBoundScale.
inline constexpr std::int64_t kMaxBoundScale = std::int64_t{1} << 36;
[[nodiscard]] bool satisfies(const std::vector<Bound>& bounds, Int128 value,
                             std::int64_t scale) noexcept;

// One node of the boolean condition of a temporal correlation, over which inputs are present.
// Children stand before their parents; the last node is the root.
struct PresenceNode {
  enum class Kind : std::uint8_t { kInput, kAnd, kOr, kNot, kAtLeast };
  Kind kind = Kind::kInput;
  std::uint32_t number = 0;  // kInput: which; kAtLeast: how many of the children
  std::vector<std::uint32_t> children;
};
[[nodiscard]] bool holds(const std::vector<PresenceNode>& condition, std::uint64_t present);

// One alternative of a temporal_ordered condition: the inputs that must occur in this order, and
// those of which none may be in the window (a mask).
struct OrderedTerm {
  std::vector<std::uint32_t> steps;
  std::uint64_t absent = 0;
};

// A rule or correlation that a correlation refers to.
struct CorrelationInput {
  bool is_correlation = false;
  std::uint32_t index = 0;  // into CorrelationProgram::correlations or ::rules
  // Which of the input's values stands for each group-by field, value field and export.
  std::vector<std::uint32_t> group_slots;
  std::vector<std::uint32_t> value_slots;
  std::vector<std::uint32_t> export_slots;
};

struct Correlation {
  std::string id;  // as rules: a content hash in UUID form when the author gave none
  std::string title;
  Level level = Level::kInformational;
  std::vector<std::string> tags;  // its own, or those of the rules below it when it has none
  std::string file;
  std::uint32_t line = 0;
  bool alerts = true;   // false: only an input of other correlations
  bool repeat = false;  // a result for every event while the condition holds, not only the first
  CorrelationType type = CorrelationType::kEventCount;
  Timestamp span = 0;                    // nanoseconds; a window holds [t - span, t]
  std::vector<std::string> group_names;  // group-by as written; empty: one group for all events
  std::vector<std::string> value_names;  // `field` of the condition, as written
  std::vector<Bound> bounds;           // all hold together; empty where `presence` or terms decide
  std::vector<PresenceNode> presence;  // kTemporal with a boolean condition
  std::vector<OrderedTerm> terms;      // kTemporalOrdered: one of them holds
  std::uint32_t percentile = 0;        // kValuePercentile: in 1/kPercentileScale percent
  std::string condition;               // for people: ">= 10", "rule_a and not rule_b"
  std::vector<CorrelationInput> inputs;  // in the order of `rules`
  std::uint32_t export_count = 0;        // values that correlations above ask of its results
};

// A rule whose matches some correlation counts.
struct InputRule {
  std::uint32_t rule = 0;  // index in RuleSet::rules
  bool alerts = true;      // its matches are detections of their own too
  std::vector<FieldId> captures;
};

struct CorrelationProgram {
  std::vector<InputRule> rules;           // each rule once, ascending
  std::vector<Correlation> correlations;  // inputs before those that refer to them

  [[nodiscard]] bool is_empty() const noexcept { return correlations.empty(); }
};

}  // namespace catena::plan
