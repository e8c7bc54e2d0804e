// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/evaluator.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/pipeline/batch_pipeline.h"

namespace catena::pipeline {

// What is decided about a batch is known to all threads when it takes effect.
static_assert(match::RuleQuarantine::kDelay >= BatchOrder::kMaxSlots);

Evaluator::Evaluator(const Detectors& detectors, const std::vector<std::string>& source_names,
                     std::span<const std::uint32_t> source_ranks, const Options& options)
    : detectors_(detectors),
      options_(options),
      matcher_(detectors.rules, detectors.mapping.log_sources(), detectors.fields,
               detectors.scanners, {.limits = limits_of(options)}),
      quarantine_(detectors.rules.rules.size(), {.work_per_event = options.rule_budget}),
      detections_({detectors.rules, detectors.fields, detectors.mapping.log_sources(),
                   detectors.entities, source_names},
                  detectors.attack),
      hits_(detectors.rules, source_ranks) {}

match::WorkLimits Evaluator::limits_of(const Options& options) {
  const std::uint64_t event = options.event_budget == 0 ? match::kMostWork : options.event_budget;
  return {event, std::max<std::uint64_t>(event / 2, 1)};
}

Status Evaluator::evaluate(EventBatch& batch, Scratch& scratch, BatchOutcome& outcome) const {
  scratch.match_.begin_batch(&quarantine_, batch.sequence);
  outcome.sequence = batch.sequence;
  outcome.last_time = inherit_times(batch);
  for (Event& event : batch.events) {
    outcome.count_event(event.log_source);
    detectors_.lineage.observe(event, batch.arena, outcome.facts);
    RETURN_IF_ERROR(matcher_.match(event, scratch.match_, scratch.matches_));
    if (!scratch.match_.undecided().empty()) give_up(event, scratch.match_, outcome);
    if (!scratch.matches_.empty()) take_matches(event, batch, scratch.matches_, outcome);
  }
  scratch.match_.take_work(outcome.rule_work);
  outcome.source_number = batch.source;
  outcome.evaluated = batch.events.size() - outcome.dead_letters.size();
  for (const DeadLetter& letter : batch.dead_letters) {
    outcome.dead_letters.push_back({letter.origin, letter.reason, std::string(letter.excerpt),
                                    std::string(letter.detail), ""});
  }
  return ok_status();
}

// What was found stays; that something may be missing is said.
void Evaluator::give_up(const Event& event, const match::Matcher::Scratch& scratch,
                        BatchOutcome& outcome) const {
  outcome.dead_letters.push_back({event.origin, DeadLetterReason::kWorkLimit,
                                  std::string(event.raw.substr(0, DeadLetter::kExcerptBytes)), "",
                                  detectors_.rules.rules[scratch.undecided().front()].id});
}

void Evaluator::take_matches(Event& event, EventBatch& batch,
                             const std::vector<plan::RuleIndex>& matches,
                             BatchOutcome& outcome) const {
  make_plain(event, batch.arena);
  const auto number = static_cast<std::uint32_t>(&event - batch.events.data());
  std::optional<std::vector<incident::Entity>> entities;
  for (const plan::RuleIndex rule : matches) {
    if (hits_.is_input(rule)) {
      if (!entities) entities = detectors_.entities.extract(event);
      outcome.hits.push_back(hits_.build(event, number, rule, *entities));
    }
    if (hits_.alerts(rule)) outcome.detections.push_back(detections_.build(event, rule));
  }
}

std::span<const match::RuleQuarantine::Case> Evaluator::add_work(const BatchOutcome& outcome) {
  const auto given_up = std::count_if(
      outcome.dead_letters.begin(), outcome.dead_letters.end(),
      [](const auto& letter) { return letter.reason == DeadLetterReason::kWorkLimit; });
  quarantine_.add(outcome.sequence, outcome.evaluated + static_cast<std::uint64_t>(given_up),
                  outcome.rule_work);
  const std::span<const match::RuleQuarantine::Case> cases = quarantine_.cases();
  const auto fresh = cases.subspan(quarantined_);
  quarantined_ = cases.size();
  return fresh;
}

}  // namespace catena::pipeline
