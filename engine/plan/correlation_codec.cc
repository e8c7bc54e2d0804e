// SPDX-License-Identifier: Apache-2.0
#include "engine/plan/correlation_codec.h"

#include <string>

namespace catena::plan {
namespace {

Status broken(const char* reason) { return corrupt(std::string("rule set: ") + reason); }

// Values that an input offers to the correlations above it.
std::size_t offered(const CorrelationProgram& program, const CorrelationInput& input) {
  return input.is_correlation ? program.correlations[input.index].export_count +
                                    program.correlations[input.index].group_names.size()
                              : program.rules[input.index].captures.size();
}

Status check_slots(const std::vector<std::uint32_t>& slots, std::size_t wanted,
                   std::size_t values) {
  if (slots.size() != wanted) return broken("a correlation without a field");
  for (const std::uint32_t slot : slots) {
    if (slot >= values) return broken("a correlation's field that does not exist");
  }
  return ok_status();
}

Status check_input(const CorrelationProgram& program, std::size_t number,
                   const CorrelationInput& input) {
  const Correlation& correlation = program.correlations[number];
  const std::size_t end = input.is_correlation ? number : program.rules.size();
  if (input.index >= end) return broken("a correlation of what does not stand before it");
  const std::size_t values = offered(program, input);
  RETURN_IF_ERROR(check_slots(input.group_slots, correlation.group_names.size(), values));
  RETURN_IF_ERROR(check_slots(input.value_slots, correlation.value_names.size(), values));
  return check_slots(input.export_slots, correlation.export_count, values);
}

bool is_temporal(CorrelationType type) {
  return type == CorrelationType::kTemporal || type == CorrelationType::kTemporalOrdered;
}

bool takes_values(CorrelationType type) {
  return type != CorrelationType::kEventCount && !is_temporal(type);
}

Status check_presence(const Correlation& correlation) {
  for (std::size_t i = 0; i < correlation.presence.size(); ++i) {
    const PresenceNode& node = correlation.presence[i];
    if (node.kind == PresenceNode::Kind::kInput && node.number >= correlation.inputs.size()) {
      return broken("a condition over a rule that does not exist");
    }
    for (const std::uint32_t child : node.children) {
      if (child >= i) return broken("a condition that does not stand behind its parts");
    }
  }
  return ok_status();
}

Status check_terms(const Correlation& correlation) {
  const bool ordered = correlation.type == CorrelationType::kTemporalOrdered;
  if (ordered != !correlation.terms.empty() || correlation.terms.size() > kMaxOrderedTerms) {
    return broken("an order of nothing");
  }
  for (const OrderedTerm& term : correlation.terms) {
    if (term.steps.empty() || term.steps.size() > kMaxTemporalInputs) {
      return broken("an order without steps");
    }
    for (const std::uint32_t step : term.steps) {
      if (step >= correlation.inputs.size()) return broken("a step that does not exist");
    }
  }
  return ok_status();
}

Status check_correlation(const CorrelationProgram& program, std::size_t number) {
  const Correlation& correlation = program.correlations[number];
  if (correlation.id.empty() || correlation.title.empty()) return broken("a correlation's name");
  if (correlation.span <= 0) return broken("a correlation without a window");
  if (correlation.inputs.empty() || correlation.inputs.size() > kMaxCorrelationInputs ||
      (is_temporal(correlation.type) && correlation.inputs.size() > kMaxTemporalInputs)) {
    return broken("the rules of a correlation");
  }
  if (correlation.export_count > kMaxCaptures || correlation.group_names.size() > kMaxGroupFields ||
      correlation.value_names.size() > kMaxValueFields ||
      takes_values(correlation.type) != !correlation.value_names.empty()) {
    return broken("the fields of a correlation");
  }
  if (correlation.percentile > 100 * kPercentileScale) return broken("a percentile");
  RETURN_IF_ERROR(check_presence(correlation));
  RETURN_IF_ERROR(check_terms(correlation));
  for (const CorrelationInput& input : correlation.inputs) {
    RETURN_IF_ERROR(check_input(program, number, input));
  }
  return ok_status();
}

}  // namespace

// The compiler asks for a case here when an enumeration gets a new value.

bool is_known_level(Level value) noexcept {
  switch (value) {
    case Level::kInformational:
    case Level::kLow:
    case Level::kMedium:
    case Level::kHigh:
    case Level::kCritical:
      return true;
  }
  return false;
}

bool is_correlation_type(CorrelationType value) noexcept {
  switch (value) {
    case CorrelationType::kEventCount:
    case CorrelationType::kValueCount:
    case CorrelationType::kTemporal:
    case CorrelationType::kTemporalOrdered:
    case CorrelationType::kValueSum:
    case CorrelationType::kValueAverage:
    case CorrelationType::kValuePercentile:
    case CorrelationType::kValueMedian:
      return true;
  }
  return false;
}

bool is_comparator(Comparator value) noexcept {
  switch (value) {
    case Comparator::kGreater:
    case Comparator::kGreaterEqual:
    case Comparator::kLess:
    case Comparator::kLessEqual:
    case Comparator::kEqual:
    case Comparator::kNotEqual:
      return true;
  }
  return false;
}

bool is_presence_kind(PresenceNode::Kind value) noexcept {
  switch (value) {
    case PresenceNode::Kind::kInput:
    case PresenceNode::Kind::kAnd:
    case PresenceNode::Kind::kOr:
    case PresenceNode::Kind::kNot:
    case PresenceNode::Kind::kAtLeast:
      return true;
  }
  return false;
}

Status check_correlations(const CorrelationProgram& program, std::size_t rule_count,
                          std::size_t field_count) {
  for (std::size_t i = 0; i < program.rules.size(); ++i) {
    const InputRule& rule = program.rules[i];
    if (rule.rule >= rule_count || (i > 0 && rule.rule <= program.rules[i - 1].rule)) {
      return broken("a correlation of a rule that does not exist");
    }
    if (rule.captures.size() > kMaxCaptures) return broken("too many values for correlations");
    for (const FieldId field : rule.captures) {
      if (field >= field_count) return broken("a field that does not exist");
    }
  }
  for (std::size_t i = 0; i < program.correlations.size(); ++i) {
    RETURN_IF_ERROR(check_correlation(program, i));
  }
  return ok_status();
}

}  // namespace catena::plan
