// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/attack/attack_catalog.h"
#include "engine/event/event_batch.h"
#include "engine/incident/detection_builder.h"
#include "engine/incident/entity_extractor.h"
#include "engine/incident/hit_builder.h"
#include "engine/lineage/observer.h"
#include "engine/match/matcher.h"
#include "engine/match/rule_quarantine.h"
#include "engine/match/work_limits.h"
#include "engine/normalise/normalisation_table.h"
#include "engine/pipeline/incident_stage.h"

// Evaluator runs all rules on the events of a decoded batch and says what came of it: detections,
// hits for correlations, facts of lineage, counts, dead letters. It is the middle of every
// pipeline, whether the events come from files or from receivers; it neither reads nor decodes nor
// keeps. Thread safety: evaluate() from any thread with a Scratch of its own; add_work() from one
// at a time, in the order of batches. Memory: the compiled plans; a Scratch is about 1.5 MB.
namespace catena::pipeline {

// What events are judged by. All of it is finished and outlives who uses it.
struct Detectors {
  const plan::RuleSet& rules;
  const normalise::NormalisationTable& mapping;
  const FieldCatalog& fields;
  const incident::EntityExtractor& entities;
  const lineage::Observer& lineage;
  const attack::AttackCatalog& attack;
  match::ScannerCache* scanners = nullptr;  // may be nullptr
};

class Evaluator {
 public:
  struct Options {
    // Work that one event may ask for, and a rule an event on average; 0: no limit.
    std::uint64_t event_budget = match::WorkLimits().event;
    std::uint64_t rule_budget = match::QuarantineLimits().work_per_event;
    std::uint64_t seed = 0;  // of tables in memory: unknown to who writes the logs
  };

  // By EventOrigin::source: the name of a source, and the rank that correlations know it by. Both
  // outlive the evaluator. A name may be filled in before the first batch of its source.
  Evaluator(const Detectors& detectors, const std::vector<std::string>& source_names,
            std::span<const std::uint32_t> source_ranks, const Options& options);

  // What one thread needs.
  class Scratch {
   public:
    explicit Scratch(const Evaluator& evaluator)
        : match_(evaluator.matcher_, evaluator.options_.seed) {}

   private:
    friend class Evaluator;
    match::Matcher::Scratch match_;
    std::vector<plan::RuleIndex> matches_;
  };

  // Fills everything in `outcome` but the position. Batches count from 0 without a gap
  // (EventBatch::sequence). Fails only when a plan cannot be built (out of memory).
  [[nodiscard]] Status evaluate(EventBatch& batch, Scratch& scratch, BatchOutcome& outcome) const;

  // What the rules asked for in a batch; returns those that are quarantined since the last call.
  [[nodiscard]] std::span<const match::RuleQuarantine::Case> add_work(const BatchOutcome& outcome);

 private:
  static match::WorkLimits limits_of(const Options& options);
  void give_up(const Event& event, const match::Matcher::Scratch& scratch,
               BatchOutcome& outcome) const;
  void take_matches(Event& event, EventBatch& batch, const std::vector<plan::RuleIndex>& matches,
                    BatchOutcome& outcome) const;

  Detectors detectors_;
  Options options_;
  match::Matcher matcher_;
  match::RuleQuarantine quarantine_;
  incident::DetectionBuilder detections_;
  incident::HitBuilder hits_;
  std::size_t quarantined_ = 0;  // cases that add_work() has returned
};

}  // namespace catena::pipeline
