// SPDX-License-Identifier: Apache-2.0
#include "engine/correlate/correlator.h"

#include <algorithm>
#include <utility>

namespace catena::correlate {
namespace {

template <typename Consumers>
void note_consumers(const plan::CorrelationProgram& program, Consumers& of_rules,
                    Consumers& of_correlations) {
  of_rules.resize(program.rules.size());
  of_correlations.resize(program.correlations.size());
  for (std::uint32_t c = 0; c < program.correlations.size(); ++c) {
    const auto& inputs = program.correlations[c].inputs;
    for (std::uint32_t i = 0; i < inputs.size(); ++i) {
      auto& consumers = inputs[i].is_correlation ? of_correlations : of_rules;
      consumers[inputs[i].index].push_back({c, i});
    }
  }
}

bool same_event(const Hit& a, const Hit& b) noexcept {
  return a.event.time == b.event.time && a.event.place == b.event.place;
}

}  // namespace

Correlator::Correlator(const plan::CorrelationProgram& program, const Options& options,
                       OnResult on_result)
    : program_(program),
      on_result_(std::move(on_result)),
      inbox_(program.correlations.size()),
      due_(program.correlations.size()) {
  note_consumers(program, of_rules_, of_correlations_);
  states_.reserve(program.correlations.size());
  for (const plan::Correlation& correlation : program.correlations) {
    states_.emplace_back(correlation, options.max_bytes / program.correlations.size(), options.seed,
                         options.repeat);
  }
}

void Correlator::take(Hit hit) {
  if (hit_count_ > 0 && !same_event(hits_[0], hit)) run_event();
  if (hit_count_ == hits_.size()) hits_.emplace_back();
  hits_[hit_count_++] = std::move(hit);
}

void Correlator::finish() {
  if (hit_count_ > 0) run_event();
}

void Correlator::run_event() {
  if (hit_values_.size() < hit_count_) hit_values_.resize(hit_count_);
  for (std::size_t i = 0; i < hit_count_; ++i) {
    const Hit& hit = hits_[i];
    Signal signal;
    signal.event = hit.event;
    hit.payload.read(hit_values_[i], signal.traits);
    signal.values = hit_values_[i];
    for (const Consumer& consumer : of_rules_[hit.rule]) {
      signal.input = consumer.input;
      inbox_[consumer.correlation].push_back(signal);
    }
  }
  // Inputs stand before the correlations that refer to them.
  for (std::uint32_t c = 0; c < states_.size(); ++c) {
    if (!inbox_[c].empty()) settle(c);
  }
  // Only now: what a correlation gave to another points into its groups.
  for (std::uint32_t c = 0; c < states_.size(); ++c) {
    if (inbox_[c].empty()) continue;
    inbox_[c].clear();
    states_[c].trim(hits_[0].event.time);
  }
  exported_.clear();
  hit_count_ = 0;
}

void Correlator::settle(std::uint32_t correlation) {
  states_[correlation].take(inbox_[correlation], due_[correlation]);
  for (const Due& due : due_[correlation]) {
    ++results_;
    if (!of_correlations_[correlation].empty()) pass_on(correlation, due);
    if (program_.correlations[correlation].alerts) report(correlation, due);
  }
}

void Correlator::pass_on(std::uint32_t correlation, const Due& due) {
  const plan::CorrelationInput& input =
      program_.correlations[correlation].inputs[due.signal->input];
  auto& values = *exported_.emplace_back(std::make_unique<std::vector<CapturedValue>>());
  for (const auto* slots : {&input.group_slots, &input.export_slots}) {
    for (const std::uint32_t slot : *slots) values.push_back(due.signal->values[slot]);
  }
  Signal signal;
  signal.event = due.signal->event;
  signal.values = values;
  for (const SeenTrait& seen : due.group->traits) {
    signal.traits.push_back({seen.trait.kind, seen.trait.text});
  }
  for (const Consumer& consumer : of_correlations_[correlation]) {
    signal.input = consumer.input;
    inbox_[consumer.correlation].push_back(signal);
  }
}

void Correlator::report(std::uint32_t correlation, const Due& due) {
  const Group& group = *due.group;
  const Signal& signal = *due.signal;
  Result result;
  result.correlation = correlation;
  result.event = signal.event;
  result.log_source = hits_[0].log_source;
  result.input = signal.input;
  result.key = hash128(group.key);
  result.measure = group.window->measure();
  const auto& slots = program_.correlations[correlation].inputs[signal.input].group_slots;
  for (const std::uint32_t slot : slots) result.group.emplace_back(signal.values[slot].text);
  if (group.window->list(result.members)) {
    result.member_count = result.members.size();
    result.first = result.members.front().event.time;
  } else {
    const auto recent = group.recent.all();
    result.members.assign(recent.begin(), recent.end());
    result.member_count = group.times.size();
    result.member_count_is_floor = group.has_dropped;
    result.first = group.times.front();
  }
  for (const SeenTrait& seen : group.traits) result.traits.push_back(seen.trait);
  std::sort(result.traits.begin(), result.traits.end());
  on_result_(result);
}

}  // namespace catena::correlate
