// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/codec/decoder.h"
#include "engine/daemon/detection_sink.h"
#include "engine/daemon/live_figures.h"
#include "engine/incident/correlation_detection.h"
#include "engine/pipeline/batch_pipeline.h"
#include "engine/pipeline/correlation_stage.h"
#include "engine/pipeline/evaluator.h"
#include "engine/pipeline/incident_stage.h"
#include "storage/dead_letter/dead_letter_store.h"
#include "storage/journal/journal_reader.h"

// LiveEvaluation is one life of the evaluating side of the daemon: it takes up what the store
// holds, follows the journal from its oldest record to its end and on, and commits epochs, each
// with the number of the next record to be evaluated (the cursor) in the same atomic write.
//
//   journal ─▶ decode, match (threads) ─▶ correlate ─▶ join ─▶ dead letters ─▶ sink ─▶ store+cursor
//
// Records before the cursor are read again only to be remembered: windows of correlations, who
// started whom. What they find is in the store already. So a life may end anywhere (a crash, a
// reload, a failed commit) and the next one finds what this one would have found: a block of the
// journal is always one batch, and nothing depends on where epochs end. That holds as far back as
// the journal reaches (JournalOptions::keep_bytes).
// Threads: run() uses `threads` of its own and returns when asked to leave, when a drained journal
// is at its end, or with the first failure. Memory: that of a scan, and a block of the journal for
// each batch that is worked on.
namespace catena::daemon {

// What a life is asked to do; it looks at every batch, and at least every kIdleWait.
enum class Wish : std::uint8_t {
  kStay,
  kLeave,  // at the next border of a batch: rules are to be loaded, or it hurries
  kDrain,  // when everything durable is evaluated
};

struct LiveOptions {
  std::size_t threads = 1;
  std::optional<Timestamp> lateness = 10 * kNanosPerSecond;
  bool repeat_correlations = false;
  pipeline::Evaluator::Options evaluator;
  // An epoch is committed after this time, or earlier when nothing is to be read.
  std::chrono::milliseconds epoch_interval{1'000};
};

class LiveEvaluation {
 public:
  using SteadyClock = std::function<std::chrono::steady_clock::time_point()>;
  // The name of the position that is the cursor.
  static constexpr std::string_view kCursorName = "journal";
  // A record of this listener is no event: it says that time has passed without any.
  static constexpr std::string_view kPauseListener = "catena-pause";
  // Listeners that are told apart in detections; further ones share the last name.
  static constexpr std::size_t kMaxListeners = 256;
  static constexpr std::chrono::milliseconds kIdleWait{20};

  // All outlive the evaluation.
  struct Surroundings {
    storage::Journal& journal;
    pipeline::IncidentStore& store;
    storage::DeadLetterStore* dead_letters = nullptr;  // nullptr: they are only counted
    std::span<JsonLinesSink* const> sinks;
    LiveFigures& figures;
    SteadyClock clock;
    std::function<void(const std::string&)> log;  // a line for people; from the serial stage
  };

  LiveEvaluation(const LiveOptions& options, const pipeline::Detectors& detectors,
                 const Surroundings& surroundings);

  Status run(const std::atomic<Wish>& wish);

 private:
  struct Worker {
    Worker(const pipeline::Detectors& detectors, const pipeline::Evaluator& evaluator,
           std::uint64_t seed)
        : decoder(detectors.mapping, detectors.fields,
                  {.reference_time = kNoTime, .hash_seed = seed}),
          scratch(evaluator) {}
    codec::Decoder decoder;
    pipeline::Evaluator::Scratch scratch;
  };
  // Outcome of a batch and what the daemon adds to it.
  struct LiveOutcome : pipeline::BatchOutcome {
    std::vector<storage::KeptLetter> letters;
    std::uint64_t next_record = 0;  // behind the batch; 0: nothing was read
    std::uint64_t records = 0;
    std::uint64_t shortened = 0;
    Timestamp received_at = kNoTime;
    bool is_pause = false;
    void clear() {
      BatchOutcome::clear();
      letters.clear();
      next_record = records = shortened = 0;
      received_at = kNoTime;
      is_pause = false;
    }
  };

  Status begin();
  Result<bool> read(EventBatch& batch, const std::atomic<Wish>& wish);
  void fill(EventBatch& batch, const storage::JournalBlock& block);
  std::uint32_t source_of(std::string_view listener);
  void mark_pause();
  Status work(EventBatch& batch, LiveOutcome& outcome, Worker& worker) const;
  void keep_letters(const storage::JournalBlock& block, LiveOutcome& outcome) const;
  Status apply(LiveOutcome& outcome);
  void settle_after_pause(LiveOutcome& outcome);
  void report_quarantine(const LiveOutcome& outcome);
  [[nodiscard]] bool epoch_is_due(bool idle) const;
  Status commit();
  Status on_epoch(const pipeline::IncidentStage::Report& report);

  LiveOptions options_;
  pipeline::Detectors detectors_;
  Surroundings around_;
  storage::JournalReader reader_;
  std::vector<std::string> listeners_;
  std::size_t listener_count_ = 0;
  std::vector<std::uint32_t> ranks_;
  std::vector<std::string> rank_names_;
  pipeline::Evaluator evaluator_;
  incident::CorrelationDetections correlation_detections_;
  pipeline::CorrelationStage correlation_;
  pipeline::IncidentStage stage_;
  std::vector<std::unique_ptr<Worker>> workers_;
  // The block of a batch, by its number modulo their count: so many batches are worked on at most.
  std::vector<storage::JournalBlock> blocks_;
  std::uint64_t next_sequence_ = 0;

  // Of the serial stage.
  std::uint64_t first_cursor_ = 1;  // records below it are only remembered
  std::uint64_t cursor_ = 1;
  Timestamp last_hit_received_ = kNoTime;
  std::vector<storage::KeptLetter> letters_;
  std::size_t letter_bytes_ = 0;
  std::uint64_t evaluated_ = 0;
  std::uint64_t shortened_ = 0;
  std::array<std::uint64_t, kDeadLetterReasonCount> reasons_{};
  std::chrono::steady_clock::time_point last_commit_;
  std::chrono::steady_clock::duration commit_cost_{0};

  // Between the serial stage and whoever reads.
  std::atomic<bool> uncommitted_{false};
  std::atomic<bool> hits_wait_{false};
  std::chrono::steady_clock::time_point last_pause_;  // of whoever reads
};

}  // namespace catena::daemon
