// SPDX-License-Identifier: Apache-2.0
#include "rules/correlation/correlation_compiler.h"

#include <algorithm>
#include <set>
#include <utility>

#include "rules/correlation/correlation_order.h"
#include "rules/sigma/correlation_parser.h"

namespace catena::compile {
namespace {

using plan::Correlation;
using sigma::CorrelationKind;
using sigma::DiagnosticCode;
using Problem = std::optional<sigma::RuleProblem>;

sigma::RuleProblem problem_at(sigma::Place place, std::string message,
                              DiagnosticCode code = DiagnosticCode::kCorrelation) {
  return {code, place, std::move(message)};
}

plan::CorrelationType type_of(CorrelationKind kind) {
  switch (kind) {
    case CorrelationKind::kEventCount:
      return plan::CorrelationType::kEventCount;
    case CorrelationKind::kValueCount:
      return plan::CorrelationType::kValueCount;
    case CorrelationKind::kTemporal:
      return plan::CorrelationType::kTemporal;
    case CorrelationKind::kTemporalOrdered:
      return plan::CorrelationType::kTemporalOrdered;
    case CorrelationKind::kValueSum:
      return plan::CorrelationType::kValueSum;
    case CorrelationKind::kValueAverage:
      return plan::CorrelationType::kValueAverage;
    case CorrelationKind::kValuePercentile:
      return plan::CorrelationType::kValuePercentile;
    case CorrelationKind::kValueMedian:
      return plan::CorrelationType::kValueMedian;
  }
  return plan::CorrelationType::kEventCount;
}

plan::Comparator comparator_of(sigma::CorrelationBound::Comparator comparator) {
  switch (comparator) {
    case sigma::CorrelationBound::Comparator::kGreater:
      return plan::Comparator::kGreater;
    case sigma::CorrelationBound::Comparator::kGreaterEqual:
      return plan::Comparator::kGreaterEqual;
    case sigma::CorrelationBound::Comparator::kLess:
      return plan::Comparator::kLess;
    case sigma::CorrelationBound::Comparator::kLessEqual:
      return plan::Comparator::kLessEqual;
    case sigma::CorrelationBound::Comparator::kEqual:
      return plan::Comparator::kEqual;
    case sigma::CorrelationBound::Comparator::kNotEqual:
      return plan::Comparator::kNotEqual;
  }
  return plan::Comparator::kGreaterEqual;
}

// Counts are from 1 to `most`; only next to a bound can one hold that does not hold elsewhere.
Problem check_count(const sigma::CorrelationRule& rule, const Correlation& correlation,
                    std::int64_t most) {
  std::vector<std::int64_t> counts = {1, most};
  for (const plan::Bound& bound : correlation.bounds) {
    const auto value = static_cast<std::int64_t>(bound.value.units / Decimal::kUnitsPerOne);
    for (const std::int64_t near : {value - 1, value, value + 1}) counts.push_back(near);
  }
  const bool possible = std::any_of(counts.begin(), counts.end(), [&](std::int64_t count) {
    return count >= 1 && count <= most &&
           plan::satisfies(correlation.bounds, Decimal::whole(count).units, 1);
  });
  if (possible) return std::nullopt;
  return problem_at(rule.condition_place,
                    "the condition can never hold: the count is from 1 to " + std::to_string(most));
}

Problem compile_condition(const sigma::CorrelationRule& rule, Correlation& correlation) {
  for (const sigma::CorrelationBound& bound : rule.bounds) {
    correlation.bounds.push_back({comparator_of(bound.comparator), bound.value});
  }
  switch (rule.kind) {
    case CorrelationKind::kEventCount:
    case CorrelationKind::kValueCount:
      return check_count(rule, correlation, sigma::kMaxCountBound + 1);
    case CorrelationKind::kTemporal:
      if (rule.condition) return make_presence(rule, correlation.presence);
      return check_count(rule, correlation, static_cast<std::int64_t>(rule.rules.size()));
    case CorrelationKind::kTemporalOrdered:
      return make_terms(rule, correlation.terms);
    case CorrelationKind::kValueSum:
    case CorrelationKind::kValueAverage:
    case CorrelationKind::kValuePercentile:
    case CorrelationKind::kValueMedian:
      break;
  }
  return std::nullopt;
}

std::vector<std::string> names_of(const std::vector<sigma::Named>& named) {
  std::vector<std::string> names;
  for (const sigma::Named& one : named) names.push_back(one.name);
  return names;
}

const std::string& field_for(const AliasFields& aliases, const std::string& name) {
  const auto alias = aliases.find(name);
  return alias == aliases.end() ? name : alias->second;
}

}  // namespace

Problem CorrelationCompiler::set_level(const BoundCorrelation& bound,
                                       Correlation& correlation) const {
  const std::string& level = bound.rule.body.level;
  if (const auto known = plan::parse_level(level)) {
    correlation.level = *known;
    return std::nullopt;
  }
  if (!level.empty()) {
    return problem_at(
        bound.rule.body.level_place,
        "'" + level + "' is not a level: informational, low, medium, high or critical",
        DiagnosticCode::kSchema);
  }
  for (const plan::CorrelationInput& input : correlation.inputs) {
    const plan::Level below =
        input.is_correlation ? correlations_[input.index].level : rules_[input.index].level;
    correlation.level = std::max(correlation.level, below);
  }
  return std::nullopt;
}

void CorrelationCompiler::set_tags(const BoundCorrelation& bound, Correlation& correlation) const {
  correlation.tags = bound.rule.body.tags;
  if (!correlation.tags.empty()) return;
  for (const plan::CorrelationInput& input : correlation.inputs) {
    const auto& below =
        input.is_correlation ? correlations_[input.index].tags : rules_[input.index].tags;
    for (const std::string& tag : below) {
      const auto known = std::find(correlation.tags.begin(), correlation.tags.end(), tag);
      if (known == correlation.tags.end()) correlation.tags.push_back(tag);
    }
  }
}

// What the correlation asks for is handed up from everything below it. An upper bound, for fields
// that several ask for are counted for each.
Problem CorrelationCompiler::count_fields(const BoundCorrelation& bound) {
  const std::size_t wanted = bound.rule.group_by.size() + bound.rule.value_fields.size();
  std::set<std::uint32_t> rules;
  std::set<std::uint32_t> correlations;
  std::vector<plan::CorrelationInput> left = bound.inputs;
  while (!left.empty()) {
    const plan::CorrelationInput input = left.back();
    left.pop_back();
    if (!(input.is_correlation ? correlations : rules).insert(input.index).second) continue;
    const std::size_t asked =
        input.is_correlation ? correlation_asked_[input.index] : rule_asked_[input.index];
    if (asked + wanted > plan::kMaxCaptures) {
      return problem_at(bound.rule.place,
                        "the correlations above one rule ask for more than " +
                            std::to_string(plan::kMaxCaptures) + " fields",
                        DiagnosticCode::kLimit);
    }
    if (!input.is_correlation) continue;
    const auto& below = correlations_[input.index].inputs;
    left.insert(left.end(), below.begin(), below.end());
  }
  for (const std::uint32_t rule : rules) rule_asked_[rule] += wanted;
  for (const std::uint32_t correlation : correlations) correlation_asked_[correlation] += wanted;
  return std::nullopt;
}

// How many correlations stand above one another, this one included.
Problem CorrelationCompiler::measure_depth(const BoundCorrelation& bound,
                                           std::size_t& depth) const {
  depth = 1;
  for (const plan::CorrelationInput& input : bound.inputs) {
    if (input.is_correlation) depth = std::max(depth, depths_[input.index] + 1);
  }
  if (depth <= kMaxCorrelationDepth) return std::nullopt;
  return problem_at(
      bound.rule.place,
      "more than " + std::to_string(kMaxCorrelationDepth) + " correlations above one another",
      DiagnosticCode::kLimit);
}

Problem CorrelationCompiler::add(BoundCorrelation bound, std::uint32_t& number) {
  const sigma::CorrelationRule& rule = bound.rule;
  Correlation correlation;
  correlation.inputs = bound.inputs;
  if (auto problem = set_level(bound, correlation)) return problem;
  if (auto problem = compile_condition(rule, correlation)) return problem;
  std::size_t depth = 0;
  if (auto problem = measure_depth(bound, depth)) return problem;
  if (auto problem = count_fields(bound)) return problem;
  set_tags(bound, correlation);
  correlation.id = rule.body.id;
  correlation.title = rule.body.title;
  correlation.file = bound.file;
  correlation.line = bound.line;
  correlation.repeat = rule.repeat;
  correlation.type = type_of(rule.kind);
  correlation.span = rule.span_seconds * kNanosPerSecond;
  correlation.group_names = names_of(rule.group_by);
  correlation.value_names = names_of(rule.value_fields);
  correlation.percentile = rule.percentile.value_or(0);
  correlation.condition = rule.condition_text;
  number = static_cast<std::uint32_t>(correlations_.size());
  correlations_.push_back(std::move(correlation));
  aliases_.push_back(std::move(bound.aliases));
  generates_.push_back(rule.generate);
  correlation_needs_.emplace_back();
  correlation_asked_.push_back(0);
  depths_.push_back(depth);
  return std::nullopt;
}

// Which of the input's values is `field`; from now on it carries that one.
std::uint32_t CorrelationCompiler::slot(const plan::CorrelationInput& input,
                                        const std::string& field) {
  std::size_t first = 0;
  if (input.is_correlation) {
    const auto& group = correlations_[input.index].group_names;
    const auto found = std::find(group.begin(), group.end(), field);
    if (found != group.end()) return static_cast<std::uint32_t>(found - group.begin());
    first = group.size();
  }
  auto& fields = input.is_correlation ? correlation_needs_[input.index] : rule_needs_[input.index];
  const auto found = std::find(fields.begin(), fields.end(), field);
  const auto index = static_cast<std::size_t>(found - fields.begin());
  if (found == fields.end()) fields.push_back(field);
  return static_cast<std::uint32_t>(first + index);
}

// Called from the top down: what is asked of a correlation is known before it asks.
void CorrelationCompiler::ask(std::size_t number) {
  Correlation& correlation = correlations_[number];
  const std::vector<std::string> exports = correlation_needs_[number];
  correlation.export_count = static_cast<std::uint32_t>(exports.size());
  for (std::size_t i = 0; i < correlation.inputs.size(); ++i) {
    plan::CorrelationInput& input = correlation.inputs[i];
    const auto slots = [&](const std::vector<std::string>& names, std::vector<std::uint32_t>& out) {
      for (const std::string& name : names) {
        out.push_back(slot(input, field_for(aliases_[number][i], name)));
      }
    };
    slots(correlation.group_names, input.group_slots);
    slots(correlation.value_names, input.value_slots);
    slots(exports, input.export_slots);
  }
}

// What is referred to is an input and nothing else, unless some correlation generates it.
void CorrelationCompiler::set_alerts(plan::CorrelationProgram& program) const {
  for (plan::InputRule& rule : program.rules) rule.alerts = false;
  std::vector<bool> is_input(program.correlations.size(), false);
  std::vector<bool> is_generated(program.correlations.size(), false);
  for (std::size_t i = 0; i < program.correlations.size(); ++i) {
    for (const plan::CorrelationInput& input : program.correlations[i].inputs) {
      if (!input.is_correlation) {
        if (generates_[i]) program.rules[input.index].alerts = true;
        continue;
      }
      is_input[input.index] = true;
      if (generates_[i]) is_generated[input.index] = true;
    }
  }
  for (std::size_t i = 0; i < program.correlations.size(); ++i) {
    program.correlations[i].alerts = !is_input[i] || is_generated[i];
  }
}

plan::CorrelationProgram CorrelationCompiler::finish() {
  for (std::size_t i = correlations_.size(); i-- > 0;) ask(i);
  plan::CorrelationProgram program;
  std::map<std::uint32_t, std::uint32_t> numbers;  // rule -> its number among the input rules
  for (const Correlation& correlation : correlations_) {
    for (const plan::CorrelationInput& input : correlation.inputs) {
      if (!input.is_correlation) numbers.emplace(input.index, 0);
    }
  }
  for (auto& [rule, number] : numbers) {
    number = static_cast<std::uint32_t>(program.rules.size());
    plan::InputRule& input = program.rules.emplace_back();
    input.rule = rule;
    for (const std::string& field : rule_needs_[rule]) {
      input.captures.push_back(catalog_.intern(field));
    }
  }
  program.correlations = std::move(correlations_);
  for (Correlation& correlation : program.correlations) {
    for (plan::CorrelationInput& input : correlation.inputs) {
      if (!input.is_correlation) input.index = numbers.at(input.index);
    }
  }
  set_alerts(program);
  return program;
}

}  // namespace catena::compile
