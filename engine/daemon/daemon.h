// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/daemon/daemon_config.h"
#include "engine/daemon/detection_sink.h"
#include "engine/daemon/live_evaluation.h"
#include "engine/daemon/live_figures.h"
#include "engine/pipeline/receiver.h"
#include "storage/dead_letter/dead_letter_store.h"
#include "storage/journal/journal.h"

// Daemon is `catena serve` without the process around it: it starts and stops the parts in a fixed
// order, loads rules anew, and begins a new life of the evaluation after a failure. It knows no
// protocol, no signal and no service manager.
//
//   receivers ─▶ journal (its thread) ─▶ answers
//                   └─▶ evaluation (its threads) ─▶ dead letters, sinks, store with the cursor
//
// Start: folders, rules, store, journal, dead letters, journal thread, evaluation, receivers.
// Stop: receivers take nothing new; the journal writes and answers what it has; everything durable
// is evaluated (at most stop_timeout, the next start does the rest); receivers end; all closes.
// Threads: start(), reload(), drain(), stop() from one; figures from any.
// Errors: of start() as they are; later ones are logged, counted, and end in a new life. After
// kMaxFailures in a row, or when the first life fails, failed() says why the daemon cannot go on.
namespace catena::daemon {

// What judges events, and whatever keeps it alive.
struct Ruleset {
  std::shared_ptr<const void> content;
  pipeline::Detectors detectors;
  std::uint64_t rules = 0;
  std::uint64_t refused = 0;
};

class Daemon {
 public:
  using StoreFactory = std::function<Result<std::unique_ptr<pipeline::IncidentStore>>()>;
  using RulesFactory = std::function<Result<std::shared_ptr<const Ruleset>>()>;
  using ReceiverFactory = std::function<Result<std::unique_ptr<pipeline::Receiver>>(
      const ListenerConfig&, pipeline::ReceiverPort&)>;

  // Where the daemon touches the world.
  struct World {
    storage::FileSystem& files;
    StoreFactory open_store;
    RulesFactory load_rules;
    ReceiverFactory make_receiver;
    std::function<Timestamp()> wall_clock;
    LiveEvaluation::SteadyClock steady_clock;
    std::function<void(const std::string&)> log;  // a line for people; any thread
    std::uint64_t seed = 0;                       // unknown to who writes the logs
    bool sync_journal = true;                     // false only in the test of the power cut
  };

  static constexpr std::uint64_t kMaxFailures = 10;
  static constexpr std::chrono::milliseconds kRetryWait{500};

  Daemon(DaemonConfig config, World world);
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;
  ~Daemon();

  Status start();
  // Loads rules and certificates. On an error everything stays as it was.
  Status reload();
  // Nothing new is taken; returns when everything durable is evaluated or the time is over.
  void drain();
  // Ends all threads. Without drain() before it, what is durable waits for the next start.
  void stop();

  [[nodiscard]] bool ready() const noexcept { return figures_.ready.load() && !stopping_.load(); }
  // Not ok: it cannot go on.
  [[nodiscard]] Status failed() const;
  // Grows while all threads get on; for a watchdog.
  [[nodiscard]] std::uint64_t heartbeat() const noexcept;

  [[nodiscard]] const LiveFigures& figures() const noexcept { return figures_; }
  [[nodiscard]] storage::Journal& journal() noexcept { return *journal_; }
  [[nodiscard]] storage::DeadLetterStore& dead_letters() noexcept { return *dead_letters_; }
  [[nodiscard]] const std::vector<std::unique_ptr<pipeline::Receiver>>& receivers() const noexcept {
    return receivers_;
  }
  [[nodiscard]] std::shared_ptr<const Ruleset> rules() const;
  [[nodiscard]] std::uint64_t reloads() const noexcept { return reloads_.load(); }
  [[nodiscard]] std::uint64_t failed_reloads() const noexcept { return failed_reloads_.load(); }

 private:
  Status make_folders();
  Status open_store();
  Status open_journal();
  Status open_dead_letters();
  void start_journal();
  void start_evaluation();
  Status start_receivers();
  void write_journal();
  void evaluate();
  Status live();
  void give_up_or_wait(const Status& status);

  DaemonConfig config_;
  World world_;
  LiveFigures figures_;
  std::unique_ptr<storage::Journal> journal_;
  std::unique_ptr<pipeline::IncidentStore> store_;  // of the evaluation after start()
  std::unique_ptr<storage::DeadLetterStore> dead_letters_;
  std::vector<std::unique_ptr<JsonLinesSink>> sinks_;
  std::vector<JsonLinesSink*> sink_views_;
  std::vector<std::unique_ptr<pipeline::Receiver>> receivers_;
  std::thread journal_thread_;
  std::thread evaluation_thread_;
  std::atomic<Wish> wish_{Wish::kStay};
  std::atomic<bool> stopping_{false};
  std::atomic<std::uint64_t> journal_beats_{0};
  std::atomic<std::uint64_t> reloads_{0};
  std::atomic<std::uint64_t> failed_reloads_{0};
  std::uint64_t failures_in_a_row_ = 0;  // of the evaluation

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::shared_ptr<const Ruleset> rules_;
  bool evaluation_ended_ = false;
  Status failed_;
};

}  // namespace catena::daemon
