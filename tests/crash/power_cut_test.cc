// SPDX-License-Identifier: Apache-2.0
// The power fails at random moments, again and again. The journal is on a file system that forgets
// what was not synced; the store keeps whole epochs, as RocksDB promises of a synced batch, and one
// that is under way at the cut is there or not. CATENA_POWER_CUTS=10000 makes it long, SEED=n
// repeats it.
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "engine/app/content.h"
#include "engine/daemon/daemon.h"
#include "engine/pipeline/memory_incident_store.h"
#include "storage/journal/journal_reader.h"
#include "tests/support/crash_scale.h"
#include "tests/support/numbered_records.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/simulated_file_system.h"

namespace catena::tests {
namespace {

// The store of a machine: outlives the processes on it. After the cut nothing is committed.
class Disk {
 public:
  Status commit(const pipeline::Epoch& epoch) {
    const std::lock_guard lock(mutex_);
    if (!off_) return store_.commit(epoch);
    if (under_way_) return io_error("the power is off");
    under_way_ = true;
    const Status status = last_one_counts_ ? store_.commit(epoch) : ok_status();
    return status.ok() ? io_error("the power is off") : status;
  }
  void cut(bool last_one_counts) {
    const std::lock_guard lock(mutex_);
    off_ = true;
    under_way_ = false;
    last_one_counts_ = last_one_counts;
  }
  void on() {
    const std::lock_guard lock(mutex_);
    off_ = false;
  }
  [[nodiscard]] pipeline::MemoryIncidentStore& store() { return store_; }

 private:
  std::mutex mutex_;
  pipeline::MemoryIncidentStore store_;
  bool off_ = false;
  bool under_way_ = false;
  bool last_one_counts_ = false;
};

class DiskStore final : public pipeline::IncidentStore {
 public:
  explicit DiskStore(Disk& disk) : disk_(disk) {}
  Status commit(const pipeline::Epoch& epoch) override { return disk_.commit(epoch); }
  [[nodiscard]] Result<bool> has_detection(const Id128& id) const override {
    return disk_.store().has_detection(id);
  }
  [[nodiscard]] Result<std::optional<incident::Detection>> detection(
      const Id128& id) const override {
    return disk_.store().detection(id);
  }
  [[nodiscard]] Result<std::optional<incident::Chain>> chain(const Id128& id) const override {
    return disk_.store().chain(id);
  }
  [[nodiscard]] Result<std::optional<Id128>> chain_of(const Id128& id) const override {
    return disk_.store().chain_of(id);
  }
  Status for_each_chain(const std::function<bool(const incident::Chain&)>& visit) const override {
    return disk_.store().for_each_chain(visit);
  }
  [[nodiscard]] Result<std::vector<Id128>> chains_of_entity(
      const incident::Entity& entity) const override {
    return disk_.store().chains_of_entity(entity);
  }
  [[nodiscard]] Result<std::optional<pipeline::SourcePosition>> position(
      std::string_view source) const override {
    return disk_.store().position(source);
  }

 private:
  Disk& disk_;
};

class Machine {
 public:
  explicit Machine(std::uint64_t seed, bool sync)
      : random_(seed), files_(seed), sync_(sync), rules_(numbered_rules(scratch_.path())) {
    config_.state_folder = scratch_.path().string();
    config_.listeners.clear();
    config_.sinks = {{scratch_.inside("detections.jsonl"), true, true}};
    config_.threads = 1;
    config_.lateness = 2 * kNanosPerSecond;
    config_.journal_keep_bytes = std::uint64_t{1} << 40;  // the twin reads all of it
    config_.journal_max_bytes = std::uint64_t{1} << 42;
  }

  // A process starts, is sent records, and the power goes.
  void live_and_die() {
    auto process = start(std::make_unique<DiskStore>(disk_));
    const auto life = std::chrono::microseconds(random_() % 12'000);
    const auto end = std::chrono::steady_clock::now() + life;
    while (std::chrono::steady_clock::now() < end) {
      offer(*process);
      std::this_thread::sleep_for(std::chrono::microseconds(random_() % 400));
    }
    // From now on nothing reaches the disk; whoever waits is not answered with yes.
    files_.fail_at(1, SimulatedFileSystem::Fault::kInputOutput, ~std::uint64_t{0} / 2);
    disk_.cut(random_() % 2 == 0);
    process->stop();
    process.reset();
    files_.power_cut();
    disk_.on();
  }

  // Everything durable is evaluated.
  std::uint64_t finish() {
    auto process = start(std::make_unique<DiskStore>(disk_));
    process->drain();
    const std::uint64_t missing = process->figures().missing_records;
    process->stop();
    return missing;
  }

  [[nodiscard]] std::vector<std::string> problems(std::size_t& lost) {
    NumbersCheck check;
    check.read_sink(scratch_.inside("detections.jsonl"));
    check.read_store(disk_.store());
    const auto letters = storage::DeadLetterStore::open({.path = scratch_.inside("dead-letters")});
    check.read_letters(**letters);
    check.check_acknowledged(acknowledged_);
    lost = check.lost();
    return check.problems();
  }

  // The same journal evaluated without any interruption.
  [[nodiscard]] std::string uninterrupted() {
    Disk other;
    config_.sinks.clear();
    auto process = start(std::make_unique<DiskStore>(other));
    process->drain();
    process->stop();
    return everything_in(other.store());
  }

  [[nodiscard]] std::string stored() { return everything_in(disk_.store()); }
  [[nodiscard]] std::size_t acknowledged() const { return acknowledged_.size(); }
  [[nodiscard]] std::uint64_t offered() const { return next_number_ - 1; }

 private:
  std::unique_ptr<daemon::Daemon> start(std::unique_ptr<pipeline::IncidentStore> store) {
    auto held = std::make_shared<std::unique_ptr<pipeline::IncidentStore>>(std::move(store));
    daemon::Daemon::World world{
        files_,
        [held]() -> Result<std::unique_ptr<pipeline::IncidentStore>> {
          if (!*held) return io_error("the power is off");
          return std::move(*held);
        },
        [this] { return Result<std::shared_ptr<const daemon::Ruleset>>(rules_); },
        nullptr,
        [this] { return clock_ += kNanosPerMilli; },
        [] { return std::chrono::steady_clock::now(); },
        [](const std::string&) {},
        7,
        sync_};
    auto process = std::make_unique<daemon::Daemon>(config_, std::move(world));
    const Status started = process->start();
    if (!started.ok()) throw std::runtime_error(started.to_string());
    return process;
  }

  void offer(daemon::Daemon& process) {
    const std::uint64_t first = next_number_;
    const std::uint64_t count = 1 + random_() % 5;
    next_number_ += count;
    std::vector<std::string> texts;
    std::vector<pipeline::Record> records;
    for (std::uint64_t i = 0; i < count; ++i) texts.push_back(numbered_record(first + i));
    for (const std::string& text : texts) records.push_back({text, std::nullopt, false});
    process.journal().offer({"test", "", records}, [this, first, count](const auto& answer) {
      if (answer.outcome != pipeline::Outcome::kDurable) return;
      const std::lock_guard lock(mutex_);
      for (std::uint64_t i = 0; i < count; ++i) acknowledged_.insert(first + i);
    });
  }

  ScratchFolder scratch_;
  std::mt19937_64 random_;
  SimulatedFileSystem files_;
  bool sync_;
  std::shared_ptr<const daemon::Ruleset> rules_;
  daemon::DaemonConfig config_;
  Disk disk_;
  std::atomic<Timestamp> clock_{1'791'882'965 * kNanosPerSecond};
  std::uint64_t next_number_ = 1;
  std::mutex mutex_;
  std::set<std::uint64_t> acknowledged_;
};

TEST(PowerCut, LosesNothingAcknowledgedAndShowsNothingTwice) {
  const std::uint64_t seed = number_from("SEED", 20'261'124);
  const std::uint64_t cuts = number_from("CATENA_POWER_CUTS", 300 / kShare);
  Machine machine(seed, /*sync=*/true);
  for (std::uint64_t i = 0; i < cuts; ++i) machine.live_and_die();
  EXPECT_EQ(machine.finish(), 0U);
  std::size_t lost = 0;
  const auto problems = machine.problems(lost);
  std::cout << "SEED=" << seed << ": " << cuts << " power cuts, " << machine.offered()
            << " records offered, " << machine.acknowledged() << " acknowledged, " << lost
            << " lost, " << problems.size() - lost << " other problems\n";
  EXPECT_GT(machine.acknowledged(), cuts);
  EXPECT_TRUE(problems.empty()) << problems.size() << " problems, the first: " << problems[0];
  // As if nothing had happened.
  const std::string stored = machine.stored();
  EXPECT_NE(stored.find("\"correlation\":"), std::string::npos);
  EXPECT_TRUE(stored == machine.uninterrupted());
}

// The test of the test: without the sync, the same cuts lose what was acknowledged.
TEST(PowerCut, WithoutTheSyncItLosesWhatWasAcknowledged) {
  Machine machine(number_from("SEED", 20'261'124), /*sync=*/false);
  for (int i = 0; i < 30; ++i) machine.live_and_die();
  machine.finish();
  std::size_t lost = 0;
  (void)machine.problems(lost);
  EXPECT_GT(lost, 0U);
}

}  // namespace
}  // namespace catena::tests
