// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/event/log_source.h"
#include "engine/plan/literal_frequency.h"
#include "engine/plan/plan_literal.h"
#include "engine/plan/rule_set.h"

// Plan: the rule set partially evaluated for one kind of event, that is one log source and, where
// it is known, one event id. Rules of other log sources are gone, tests of the event id are folded
// away, and a rule that can no longer match is dropped. It is data; engine/match runs it. Thread
// safety: immutable once built. Predicates stay in the RuleSet, which must outlive the plan.
namespace catena::plan {

// Only plain decimal numbers are folded: they have one spelling, so text equality decides.
inline constexpr std::size_t kMaxEventIdDigits = 10;
[[nodiscard]] bool is_event_id(std::string_view text) noexcept;

// What a plan knows of its events beside the log source.
struct EventIdKnowledge {
  enum class Kind : std::uint8_t {
    kUnknown,  // no event id, or several: nothing is folded
    kValue,    // exactly one event id, and it is `text`
    kOther,    // exactly one event id, but none that a rule asks for by equality
  };
  Kind kind = Kind::kUnknown;
  std::string text;
};

// At least one of its literals is in an event, or the clause does not hold. Sorted, unique.
using Clause = std::vector<PlanLiteral>;

// A rule can match an event only where every clause of one of its guards holds.
using Guard = std::vector<Clause>;

struct PlanRule {
  RuleIndex rule = 0;
  NodeIndex root = 0;
  std::vector<Guard> guards;  // none: always evaluate

  friend bool operator==(const PlanRule&, const PlanRule&) = default;
};

struct Plan {
  std::vector<PlanRule> rules;  // by rule index
  std::vector<Node> nodes;
  std::vector<NodeIndex> children;

  friend bool operator==(const Plan&, const Plan&) = default;
};

// Builds plans from one rule set. Thread safety: const after construction.
class PlanBuilder {
 public:
  // `event_id` is the field whose value decides between plans (Windows' EventID).
  PlanBuilder(const RuleSet& rules, FieldId event_id, LiteralFrequency frequency = {});

  // Event ids that some rule asks for by equality, sorted: the values worth a plan of their own.
  [[nodiscard]] std::span<const std::string> known_event_ids() const noexcept { return event_ids_; }

  [[nodiscard]] const LiteralFrequency& frequency() const noexcept { return frequency_; }

  [[nodiscard]] Plan build(const LogSource& log_source, const EventIdKnowledge& event_id) const;

 private:
  const RuleSet& rules_;
  FieldId event_id_;
  LiteralFrequency frequency_;
  std::vector<std::string> event_ids_;
};

}  // namespace catena::plan
