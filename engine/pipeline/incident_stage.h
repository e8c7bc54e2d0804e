// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/correlate/hit.h"
#include "engine/event/event_batch.h"
#include "engine/incident/chain_builder.h"
#include "engine/incident/detection.h"
#include "engine/lineage/facts.h"
#include "engine/lineage/lineage_index.h"
#include "engine/match/rule_quarantine.h"
#include "engine/pipeline/incident_store.h"

// IncidentStage is the serial end of the pipeline: it takes what the workers found, in input order,
// waits with the detections until the epoch is complete, joins them in event-time order and commits
// everything at once. An epoch ends when kMaxPending detections wait or when the input ends.
// The chains in the store are a function of the detections in it: detections that are older than
// ones already joined (another file of the same hours) make it join everything again, so neither
// the order of files nor their spread over several scans matters. Thread safety: none; called in
// input order. Memory: the pending detections, and all of the store's without their evidence.
namespace catena::pipeline {

// What one batch contributed.
struct BatchOutcome {
  std::uint32_t source_number = 0;  // which of the run's sources, in the order of reading
  std::vector<incident::Detection> detections;
  std::vector<correlate::Hit> hits;  // matches of rules that correlations refer to, in input order
  lineage::Facts facts;
  std::uint64_t evaluated = 0;
  // By LogSourceId; ids behind its end have none. Not a map: it is filled for every batch, and
  // keeps its memory.
  std::vector<std::uint64_t> events_by_log_source;
  // Dead letters with their own copy of the excerpt.
  struct Refused {
    EventOrigin origin;
    DeadLetterReason reason = DeadLetterReason::kInvalidJson;
    std::string excerpt;
    std::string detail;
    std::string rule;  // kWorkLimit: the id of the first rule that was given up
  };
  std::vector<Refused> dead_letters;
  SourcePosition position;                 // how far its source has been read with this batch
  std::uint64_t sequence = 0;              // of the batch
  std::vector<match::RuleWork> rule_work;  // what rules asked for
  // The time of the last event that has one; kNoTime when none has.
  Timestamp last_time = kNoTime;

  void count_event(LogSourceId source) {
    if (source >= events_by_log_source.size()) events_by_log_source.resize(source + std::size_t{1});
    ++events_by_log_source[source];
  }
  // Back to empty; keeps the memory of the vectors and of the source's name.
  void clear();
};

class IncidentStage {
 public:
  // Detections that wait for their epoch; about 2 KB each.
  static constexpr std::size_t kMaxPending = 100'000;

  // A committed epoch, for whoever reports it: every detection found in it, new or known, in
  // (time, id) order, and the chains that changed. A record that occurs twice is the same event, so
  // its detections come twice here (each with its place) but are kept and joined once.
  struct Report {
    const std::vector<incident::Detection>& detections;
    const incident::ChainBuilder::Changes& changes;
    std::uint64_t new_detections = 0;
  };
  using OnEpoch = std::function<Status(const Report&)>;

  // Sees an epoch before it is committed and may add positions to it: what is written elsewhere
  // first (and can be recognised there), so that the store knows how far it went.
  using BeforeCommit = std::function<Status(Epoch&)>;

  // When a detection is completed by what other events told (engine/lineage).
  enum class Completion : std::uint8_t {
    kOfEpoch,  // with the epoch: all that it has seen, whatever its order
    kOfBatch,  // with the batch: where epochs end must not matter, batches are always the same
  };

  // `store` must outlive the stage.
  IncidentStage(IncidentStore& store, OnEpoch on_epoch,
                Completion completion = Completion::kOfEpoch)
      : store_(store), on_epoch_(std::move(on_epoch)), completion_(completion) {}
  void before_commit(BeforeCommit hook) { before_commit_ = std::move(hook); }

  // Takes up the chains that the store holds. Call once, before the first add().
  [[nodiscard]] Status restore();

  // Takes one batch's outcome; may commit.
  [[nodiscard]] Status add(BatchOutcome& outcome);

  // What a process would remember that had read this batch before: who started whom, who logged on,
  // and the time of its last event. Nothing of it is counted or kept.
  void remember(BatchOutcome& outcome);
  // Detections that wait for their epoch.
  [[nodiscard]] std::size_t pending() const noexcept { return pending_.size(); }

  // Detections that come without a batch: what correlations found at the end of input.
  void add(std::vector<incident::Detection> detections);

  // Commits what waits. Call at the end of input.
  [[nodiscard]] Status commit();

 private:
  void add_in_order(const std::vector<incident::Detection>& detections);
  [[nodiscard]] Result<std::vector<incident::Detection>> take_new();
  [[nodiscard]] incident::ChainBuilder::Changes join(
      const std::vector<incident::Detection>& detections);

  IncidentStore& store_;
  OnEpoch on_epoch_;
  BeforeCommit before_commit_;
  Completion completion_;
  incident::ChainBuilder chains_;
  incident::Detection latest_;  // of the joined ones, by (time, id)
  bool has_joined_ = false;
  std::map<Id128, incident::Chain> known_;  // as the store has them
  lineage::LineageIndex lineage_;
  std::vector<incident::Detection> pending_;
  std::map<std::string, SourcePosition> positions_;
  std::map<std::string, Timestamp> last_times_;  // by source
  std::uint64_t events_ = 0;
  std::uint64_t dead_letters_ = 0;
};

}  // namespace catena::pipeline
