// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/daemon.h"

#include <algorithm>
#include <utility>

namespace catena::daemon {
namespace {

constexpr std::chrono::milliseconds kJournalWait{100};
constexpr std::chrono::milliseconds kFailureWait{20};  // before the next segment is tried
// Segments are forgotten whole, so they are small beside what may be kept.
constexpr std::uint64_t kMaxSegmentBytes = std::uint64_t{64} * 1024 * 1024;
constexpr std::uint64_t kLeastSegments = 8;

}  // namespace

Daemon::Daemon(DaemonConfig config, World world)
    : config_(std::move(config)), world_(std::move(world)) {}

Daemon::~Daemon() { stop(); }

Status Daemon::start() {
  RETURN_IF_ERROR(make_folders());
  ASSIGN_OR_RETURN(rules_, world_.load_rules());
  RETURN_IF_ERROR(open_store());
  RETURN_IF_ERROR(open_journal());
  RETURN_IF_ERROR(open_dead_letters());
  start_journal();
  start_evaluation();
  return start_receivers();
}

Status Daemon::make_folders() { return world_.files.make_folder(config_.state_folder); }

Status Daemon::open_store() {
  ASSIGN_OR_RETURN(store_, world_.open_store());
  return {};
}

Status Daemon::open_journal() {
  storage::JournalOptions options;
  options.folder = config_.state_folder + "/journal";
  options.max_bytes = config_.journal_max_bytes;
  options.keep_bytes = config_.journal_keep_bytes;
  options.segment_bytes = std::min(kMaxSegmentBytes, config_.journal_max_bytes / kLeastSegments);
  options.sync = world_.sync_journal;
  ASSIGN_OR_RETURN(const auto cursor, store_->position(LiveEvaluation::kCursorName));
  if (cursor) options.least_next_record = cursor->offset;
  ASSIGN_OR_RETURN(journal_, storage::Journal::open(options, world_.files, world_.wall_clock));
  const storage::JournalFigures found = journal_->figures();
  if (found.torn_bytes + found.damaged_bytes + found.damaged_segments > 0) {
    world_.log("journal: " + std::to_string(found.torn_bytes) + " bytes of an unfinished write, " +
               std::to_string(found.damaged_bytes) + " damaged bytes, " +
               std::to_string(found.damaged_segments) + " damaged segments were passed over");
  }
  return {};
}

Status Daemon::open_dead_letters() {
  storage::DeadLetterOptions options;
  options.path = config_.state_folder + "/dead-letters";
  options.max_bytes = config_.dead_letter_max_bytes;
  ASSIGN_OR_RETURN(dead_letters_, storage::DeadLetterStore::open(options));
  for (const SinkConfig& sink : config_.sinks) {
    sinks_.push_back(std::make_unique<JsonLinesSink>(
        JsonLinesSink::Options{sink.path, sink.detections, sink.chains}));
    sink_views_.push_back(sinks_.back().get());
  }
  return {};
}

void Daemon::start_journal() {
  journal_thread_ = std::thread([this] { write_journal(); });
}

void Daemon::start_evaluation() {
  evaluation_thread_ = std::thread([this] { evaluate(); });
}

Status Daemon::start_receivers() {
  for (const ListenerConfig& listener : config_.listeners) {
    ASSIGN_OR_RETURN(auto receiver, world_.make_receiver(listener, *journal_));
    RETURN_IF_ERROR(receiver->start());
    receivers_.push_back(std::move(receiver));
  }
  return {};
}

void Daemon::write_journal() {
  while (true) {
    ++journal_beats_;
    const bool offers = journal_->wait_for_offers(kJournalWait);
    if (offers || !journal_->figures().failure.empty()) {
      const bool had_failed = !journal_->figures().failure.empty();
      journal_->commit_group();
      const std::string failure = journal_->figures().failure;
      if (!had_failed && !failure.empty()) world_.log("journal: cannot be written: " + failure);
      if (had_failed && failure.empty()) world_.log("journal: can be written again");
      if (!failure.empty()) std::this_thread::sleep_for(kFailureWait);
    }
    // Offers are not taken any more when it is stopping, so none can come after an empty wait.
    if (!offers && journal_->stopping()) return;
  }
}

// One life after the other, until it is asked to end.
void Daemon::evaluate() {
  while (true) {
    const Status status = live();
    figures_.ready = figures_.ready && status.ok();
    if (!status.ok()) {
      give_up_or_wait(status);
    } else {
      failures_in_a_row_ = 0;
    }
    const Wish wish = wish_.load();
    const std::unique_lock lock(mutex_);
    const bool over = stopping_.load() && (status.ok() || wish == Wish::kLeave);
    if (over || !failed_.ok()) break;
    Wish leave = Wish::kLeave;  // for the rules that are there now
    if (!stopping_.load()) wish_.compare_exchange_strong(leave, Wish::kStay);
  }
  const std::lock_guard lock(mutex_);
  evaluation_ended_ = true;
  changed_.notify_all();
}

Status Daemon::live() {
  if (!store_) RETURN_IF_ERROR(open_store());
  const std::shared_ptr<const Ruleset> judges = rules();
  LiveOptions options;
  options.threads = config_.threads != 0
                        ? config_.threads
                        : std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
  options.lateness = config_.lateness;
  options.evaluator.seed = world_.seed;
  if (config_.event_budget != 0) options.evaluator.event_budget = config_.event_budget;
  if (config_.rule_budget != 0) options.evaluator.rule_budget = config_.rule_budget;
  LiveEvaluation life(options, judges->detectors,
                      {*journal_, *store_, dead_letters_.get(), sink_views_, figures_,
                       world_.steady_clock, world_.log});
  return life.run(wish_);
}

// The store stopped writing at its first failure: it is opened again for the next life.
void Daemon::give_up_or_wait(const Status& status) {
  world_.log("evaluation: " + status.message());
  ++figures_.failures;
  store_.reset();
  const bool hopeless = ++failures_in_a_row_ >= kMaxFailures;
  std::unique_lock lock(mutex_);
  if (hopeless) failed_ = status;
  changed_.wait_for(lock, kRetryWait, [&] { return wish_.load() == Wish::kLeave; });
}

Status Daemon::reload() {
  auto fresh = world_.load_rules();
  if (!fresh.ok()) {
    ++failed_reloads_;
    return fresh.status();
  }
  Status status;
  for (const auto& receiver : receivers_) {
    const Status certificates = receiver->reload_certificates();
    if (!certificates.ok()) status = certificates;
  }
  ++(status.ok() ? reloads_ : failed_reloads_);
  const std::lock_guard lock(mutex_);
  rules_ = *std::move(fresh);
  Wish stay = Wish::kStay;
  wish_.compare_exchange_strong(stay, Wish::kLeave);
  return status;
}

void Daemon::drain() {
  stopping_ = true;
  for (const auto& receiver : receivers_) receiver->drain();
  if (journal_) journal_->stop();
  if (journal_thread_.joinable()) journal_thread_.join();
  wish_ = Wish::kDrain;
  std::unique_lock lock(mutex_);
  if (!evaluation_thread_.joinable()) return;
  changed_.wait_for(lock, std::chrono::nanoseconds(config_.stop_timeout),
                    [&] { return evaluation_ended_; });
}

void Daemon::stop() {
  stopping_ = true;
  for (const auto& receiver : receivers_) receiver->drain();
  if (journal_) journal_->stop();
  if (journal_thread_.joinable()) journal_thread_.join();
  {
    const std::lock_guard lock(mutex_);
    wish_ = Wish::kLeave;
    changed_.notify_all();
  }
  if (evaluation_thread_.joinable()) evaluation_thread_.join();
  for (const auto& receiver : receivers_) receiver->stop();
  receivers_.clear();
}

Status Daemon::failed() const {
  const std::lock_guard lock(mutex_);
  return failed_;
}

std::uint64_t Daemon::heartbeat() const noexcept {
  return std::min(journal_beats_.load(), figures_.beats.load());
}

std::shared_ptr<const Ruleset> Daemon::rules() const {
  const std::lock_guard lock(mutex_);
  return rules_;
}

}  // namespace catena::daemon
