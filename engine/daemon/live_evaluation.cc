// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/live_evaluation.h"

#include <algorithm>
#include <utility>

namespace catena::daemon {

using pipeline::BatchOutcome;
using storage::BlockRecord;
using storage::JournalBlock;

namespace {

// Letters that wait for their epoch.
constexpr std::size_t kMaxLetterBytes = std::size_t{8} * 1024 * 1024;
constexpr std::size_t kMaxWaitingLetters = 10'000;
// A time so far ahead of its arrival is a wrong clock or a lie, and would make everything after it
// late: the event counts as of when it came.
constexpr Timestamp kMaxAhead = 24 * kNanosPerHour;
// A commit may take this part of the time: when epochs become dear, they become rarer.
constexpr int kCommitShare = 10;
constexpr std::string_view kOtherListeners = "other";

}  // namespace

LiveEvaluation::LiveEvaluation(const LiveOptions& options, const pipeline::Detectors& detectors,
                               const Surroundings& surroundings)
    : options_(options),
      detectors_(detectors),
      around_(surroundings),
      reader_(surroundings.journal),
      listeners_(kMaxListeners),
      ranks_(kMaxListeners, 0),
      rank_names_{std::string(kCursorName)},
      evaluator_(detectors, listeners_, ranks_, options.evaluator),
      correlation_detections_({detectors.rules, detectors.mapping.log_sources(), rank_names_},
                              detectors.attack),
      correlation_(detectors.rules.correlation, std::span(ranks_).subspan(0, 1),
                   {.lateness = options.lateness,
                    .repeat = options.repeat_correlations,
                    .seed = options.evaluator.seed},
                   [this](const auto& result) { return correlation_detections_.build(result); }),
      stage_(
          surroundings.store, [this](const auto& report) { return on_epoch(report); },
          pipeline::IncidentStage::Completion::kOfBatch) {
  const std::size_t threads = std::max<std::size_t>(options.threads, 1);
  for (std::size_t i = 0; i < threads; ++i) {
    workers_.push_back(std::make_unique<Worker>(detectors, evaluator_, options.evaluator.seed));
  }
  blocks_.resize(
      std::min(threads * pipeline::BatchOrder::kSlotsPerThread, pipeline::BatchOrder::kMaxSlots));
  stage_.before_commit([this](pipeline::Epoch& epoch) {
    // Letters first: their keys are the records' numbers, so after a crash before the commit they
    // are put again as they are.
    if (around_.dead_letters != nullptr && !letters_.empty()) {
      RETURN_IF_ERROR(around_.dead_letters->put(letters_));
    }
    for (JsonLinesSink* sink : around_.sinks) RETURN_IF_ERROR(sink->write(epoch));
    return ok_status();
  });
}

Status LiveEvaluation::begin() {
  RETURN_IF_ERROR(stage_.restore());
  for (JsonLinesSink* sink : around_.sinks) RETURN_IF_ERROR(sink->open(around_.store));
  ASSIGN_OR_RETURN(const auto cursor, around_.store.position(kCursorName));
  first_cursor_ = cursor_ = cursor ? cursor->offset : 1;
  around_.figures.cursor = cursor_;
  reader_.expect_from(cursor_);
  last_commit_ = last_pause_ = around_.clock();
  return {};
}

Status LiveEvaluation::run(const std::atomic<Wish>& wish) {
  RETURN_IF_ERROR(begin());
  pipeline::BatchStages<LiveOutcome> stages;
  stages.read = [&](EventBatch& batch) { return read(batch, wish); };
  stages.work = [this](EventBatch& batch, LiveOutcome& outcome, std::size_t worker) {
    return work(batch, outcome, *workers_[worker]);
  };
  stages.apply = [this](LiveOutcome& outcome) { return apply(outcome); };
  RETURN_IF_ERROR(pipeline::run_batches(stages, workers_.size()));
  return commit();
}

// Waits for the next block. An empty batch lets the serial stage see that nothing is to be read.
Result<bool> LiveEvaluation::read(EventBatch& batch, const std::atomic<Wish>& wish) {
  JournalBlock& block = blocks_[next_sequence_ % blocks_.size()];
  while (wish.load() != Wish::kLeave) {
    ++around_.figures.beats;
    ASSIGN_OR_RETURN(const bool found, reader_.next(block));
    around_.figures.missing_records = reader_.missing_records();
    if (found) {
      fill(batch, block);
      batch.sequence = next_sequence_++;
      return true;
    }
    around_.figures.ready = true;
    if (wish.load() == Wish::kDrain) return false;
    if (hits_wait_.load()) mark_pause();
    if (uncommitted_.load()) {
      batch.sequence = next_sequence_++;
      return true;
    }
    const std::uint64_t next = std::max<std::uint64_t>(reader_.next_record(), 1);
    around_.journal.wait_beyond(next - 1, kIdleWait);
  }
  return false;
}

// Correlations wait for what may still come; when nothing comes, the journal says so, and a
// replay sees the same pause at the same place.
void LiveEvaluation::mark_pause() {
  const auto now = around_.clock();
  const std::chrono::nanoseconds lateness(options_.lateness.value_or(0));
  if (now - last_pause_ < lateness) return;
  last_pause_ = now;
  const pipeline::Record record{"pause", std::nullopt, false};
  around_.journal.offer({kPauseListener, "", {&record, 1}}, [](const pipeline::Answer&) {});
}

std::uint32_t LiveEvaluation::source_of(std::string_view listener) {
  for (std::size_t i = 0; i < listener_count_; ++i) {
    if (listeners_[i] == listener) return static_cast<std::uint32_t>(i);
  }
  if (listener_count_ == kMaxListeners) return kMaxListeners - 1;
  // Nobody has a batch of this source yet, so nobody looks at its name.
  listeners_[listener_count_] = listener_count_ + 1 == kMaxListeners ? kOtherListeners : listener;
  return static_cast<std::uint32_t>(listener_count_++);
}

void LiveEvaluation::fill(EventBatch& batch, const JournalBlock& block) {
  batch.form = BatchForm::kFramed;
  batch.first_line = block.header().first_record;
  batch.first_offset = block.header().position;
  batch.reference_time = block.header().received_at;
  batch.bytes.clear();
  if (block.listener() == kPauseListener) return;
  batch.source = source_of(block.listener());
  std::uint64_t number = batch.first_line;
  batch.bytes.reserve(block.bytes().size() + EventBatch::kPadding);
  batch.record_ends.reserve(block.records().size());
  for (const BlockRecord& record : block.records()) {
    const std::string_view bytes = block.bytes().substr(record.begin, record.end - record.begin);
    const std::size_t begin = batch.bytes.size();
    if (record.refused || bytes.empty()) {
      DeadLetter& letter = batch.dead_letters.emplace_back();
      letter.origin = {batch.source, number, batch.first_offset + begin};
      letter.reason = record.refused.value_or(DeadLetterReason::kNotARecord);
      letter.excerpt = batch.arena.copy(bytes.substr(0, DeadLetter::kExcerptBytes));
    } else {
      batch.bytes += bytes;
    }
    batch.record_ends.push_back(static_cast<std::uint32_t>(batch.bytes.size()));
    batch.bytes.push_back('\n');
    ++number;
  }
  batch.size = batch.bytes.size();
  batch.bytes.append(EventBatch::kPadding, '\0');
}

Status LiveEvaluation::work(EventBatch& batch, LiveOutcome& outcome, Worker& worker) const {
  outcome.sequence = batch.sequence;
  if (batch.form != BatchForm::kFramed) return {};  // nothing was read
  const JournalBlock& block = blocks_[batch.sequence % blocks_.size()];
  outcome.received_at = block.header().received_at;
  outcome.records = block.header().records;
  outcome.next_record = block.header().first_record + block.header().records;
  outcome.position.source = kCursorName;
  outcome.position.offset = outcome.next_record;
  if (block.listener() == kPauseListener) {
    outcome.is_pause = true;
    return {};
  }
  worker.decoder.decode(batch);
  for (Event& event : batch.events) {
    const bool none = event.time_source == TimeSource::kNone;
    if (!none && event.time <= outcome.received_at + kMaxAhead) continue;
    event.time = outcome.received_at;
    event.time_source = TimeSource::kInherited;
  }
  RETURN_IF_ERROR(evaluator_.evaluate(batch, worker.scratch, outcome));
  outcome.source_number = 0;  // for correlations the journal is the one source
  for (const BlockRecord& record : block.records()) outcome.shortened += record.shortened ? 1 : 0;
  if (!outcome.dead_letters.empty()) keep_letters(block, outcome);
  return {};
}

void LiveEvaluation::keep_letters(const JournalBlock& block, LiveOutcome& outcome) const {
  for (const BatchOutcome::Refused& refused : outcome.dead_letters) {
    const std::size_t index = refused.origin.line - block.header().first_record;
    const BlockRecord& record = block.records()[index];
    storage::KeptLetter& letter = outcome.letters.emplace_back();
    letter.record = refused.origin.line;
    letter.reason = refused.reason;
    letter.received_at = block.header().received_at;
    letter.listener = block.listener();
    letter.peer = block.peer_of(index);
    letter.detail = refused.detail;
    letter.rule = refused.rule;
    letter.bytes = block.bytes().substr(record.begin, record.end - record.begin);
  }
}

// Correlations that wait go on when no match came for the time that they may be late.
void LiveEvaluation::settle_after_pause(LiveOutcome& outcome) {
  const bool waits = correlation_.waiting() > 0;
  const Timestamp patience = options_.lateness.value_or(0);
  if (waits && outcome.received_at - last_hit_received_ >= patience) correlation_.settle(outcome);
  hits_wait_ = correlation_.waiting() > 0;
}

Status LiveEvaluation::apply(LiveOutcome& outcome) {
  if (outcome.next_record == 0) return epoch_is_due(/*idle=*/true) ? commit() : ok_status();
  report_quarantine(outcome);
  if (!outcome.hits.empty()) last_hit_received_ = outcome.received_at;
  correlation_.add(outcome);
  settle_after_pause(outcome);
  if (outcome.next_record <= first_cursor_) {
    stage_.remember(outcome);
    around_.figures.rebuilt_records += outcome.records;
    return {};
  }
  cursor_ = outcome.next_record;
  evaluated_ += outcome.is_pause ? outcome.records : outcome.evaluated;
  shortened_ += outcome.shortened;
  for (storage::KeptLetter& letter : outcome.letters) {
    ++reasons_[static_cast<std::size_t>(letter.reason)];
    letter_bytes_ += letter.bytes.size();
    letters_.push_back(std::move(letter));
  }
  uncommitted_ = true;
  RETURN_IF_ERROR(stage_.add(outcome));
  return epoch_is_due(/*idle=*/false) ? commit() : ok_status();
}

void LiveEvaluation::report_quarantine(const LiveOutcome& outcome) {
  for (const match::RuleQuarantine::Case& found : evaluator_.add_work(outcome)) {
    const plan::Rule& rule = detectors_.rules.rules[found.rule];
    ++around_.figures.quarantined_rules;
    around_.log(rule.file + ":" + std::to_string(rule.line) + ": rule \"" + rule.title +
                "\" is quarantined: it asked for " + std::to_string(found.work_per_event) +
                " units of work an event");
  }
}

bool LiveEvaluation::epoch_is_due(bool idle) const {
  if (!uncommitted_.load()) return false;
  if (letter_bytes_ > kMaxLetterBytes || letters_.size() > kMaxWaitingLetters) return true;
  const auto passed = around_.clock() - last_commit_;
  if (passed < kCommitShare * commit_cost_) return false;
  return idle || passed >= options_.epoch_interval;
}

Status LiveEvaluation::commit() {
  const auto begin = around_.clock();
  if (!uncommitted_.load()) return {};
  RETURN_IF_ERROR(stage_.commit());
  around_.journal.forget(cursor_);
  last_commit_ = around_.clock();
  commit_cost_ = last_commit_ - begin;
  const auto cost = std::chrono::duration_cast<std::chrono::nanoseconds>(commit_cost_).count();
  around_.figures.commit_nanoseconds += static_cast<std::uint64_t>(cost);
  return {};
}

// The epoch is durable. Also called when the stage commits because too many detections wait; what
// is counted since then is of this epoch too, for the cursor is that of the last batch added.
Status LiveEvaluation::on_epoch(const pipeline::IncidentStage::Report& report) {
  letters_.clear();
  letter_bytes_ = 0;
  uncommitted_ = false;
  LiveFigures& figures = around_.figures;
  figures.evaluated += std::exchange(evaluated_, 0);
  figures.shortened += std::exchange(shortened_, 0);
  for (std::size_t i = 0; i < reasons_.size(); ++i) {
    figures.dead_letters[i] += std::exchange(reasons_[i], 0);
  }
  figures.cursor = cursor_;
  figures.detections += report.new_detections;
  figures.chains_changed += report.changes.chains.size();
  ++figures.epochs;
  const auto counters = correlation_.counters();
  figures.correlation_groups = counters.groups;
  figures.correlation_waiting = correlation_.waiting();
  figures.correlation_late = counters.late;
  return {};
}

}  // namespace catena::daemon
