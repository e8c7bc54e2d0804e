// SPDX-License-Identifier: Apache-2.0
// How work reaches the threads and results come back in order: the ring of batch_pipeline.h beside
// taking turns under a mutex, and beside two boost::lockfree::spsc_queue a worker with a thread
// between them that reads and applies. Arguments: events a batch, workers. An event costs about
// 0.25 us to read (serial), 2 us of work (parallel) and 20 ns to apply (serial), which is what a
// scan measures; every 4,096th event's apply takes 2 ms more, as the commit of an epoch does.
// items_per_second is events in wall time; CPU is that of all threads.
#include <atomic>
#include <boost/lockfree/spsc_queue.hpp>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>

#include "engine/pipeline/batch_pipeline.h"

namespace {

using namespace catena;

constexpr std::uint64_t kEvents = 65'536;
constexpr std::uint64_t kEpochEvents = 4'096;
// Steps of spend(), each about 1.3 ns.
constexpr std::uint64_t kReadSteps = 190;
constexpr std::uint64_t kWorkSteps = 1'500;
constexpr std::uint64_t kApplySteps = 15;
constexpr std::uint64_t kEpochSteps = 1'500'000;

std::uint64_t spend(std::uint64_t steps, std::uint64_t seed) {
  for (std::uint64_t i = 0; i < steps; ++i) seed = seed * 6364136223846793005ULL + 1;
  return seed;
}

struct Work {
  std::uint64_t events = 0;
  std::uint64_t value = 0;
  void clear() { *this = {}; }
};

// The serial ends, the same for all variants.
class Load {
 public:
  explicit Load(std::uint64_t batch_events) : batch_events_(batch_events) {}

  bool read(std::uint64_t& events) {
    if (read_ >= kEvents) return false;
    events = std::min(batch_events_, kEvents - read_);
    read_ += events;
    benchmark::DoNotOptimize(spend(kReadSteps * events, read_));
    return true;
  }
  static void work(Work& work, std::uint64_t events) {
    work.events = events;
    work.value = spend(kWorkSteps * events, events);
  }
  void apply(const Work& work) {
    const std::uint64_t epoch = applied_ / kEpochEvents;
    applied_ += work.events;
    benchmark::DoNotOptimize(spend(kApplySteps * work.events, work.value));
    if (applied_ / kEpochEvents != epoch) {
      benchmark::DoNotOptimize(spend(kEpochSteps, work.value));
    }
  }

 private:
  std::uint64_t batch_events_;
  std::uint64_t read_ = 0;
  std::uint64_t applied_ = 0;
};

void ring(Load& load, std::size_t threads) {
  pipeline::BatchStages<Work> stages;
  stages.read = [&](EventBatch& batch) -> Result<bool> { return load.read(batch.first_line); };
  stages.work = [](EventBatch& batch, Work& work, std::size_t) {
    Load::work(work, batch.first_line);
    return ok_status();
  };
  stages.apply = [&](Work& work) {
    load.apply(work);
    return ok_status();
  };
  if (!pipeline::run_batches(stages, threads).ok()) std::abort();
}

// Every thread waits for its turn to apply before it reads again.
void turns(Load& load, std::size_t threads) {
  std::mutex read_mutex;
  std::mutex mutex;
  std::condition_variable changed;
  std::uint64_t next_place = 0;
  std::uint64_t next_apply = 0;
  const auto body = [&](std::size_t) {
    Work work;
    while (true) {
      std::uint64_t events = 0;
      std::uint64_t place = 0;
      {
        const std::lock_guard lock(read_mutex);
        if (!load.read(events)) return;
        place = next_place++;
      }
      Load::work(work, events);
      {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return next_apply == place; });
      }
      load.apply(work);
      {
        const std::lock_guard lock(mutex);
        ++next_apply;
      }
      changed.notify_all();
    }
  };
  (void)pipeline::run_on_threads(threads, false, body, [] {});
}

// One more thread reads, deals out in turn, collects in turn and applies. It and the workers yield
// while they have nothing to do, which is what a queue without a blocking call leaves.
void spsc(Load& load, std::size_t threads) {
  constexpr std::size_t kQueued = pipeline::BatchOrder::kSlotsPerThread;
  using Queue = boost::lockfree::spsc_queue<Work, boost::lockfree::capacity<kQueued>>;
  struct Lane {
    Queue in;
    Queue out;
  };
  std::vector<std::unique_ptr<Lane>> lanes;
  for (std::size_t i = 0; i < threads; ++i) lanes.push_back(std::make_unique<Lane>());
  std::atomic<bool> ended{false};
  const auto worker = [&](std::size_t lane) {
    Work work;
    while (true) {
      if (lanes[lane]->in.pop(work)) {
        Load::work(work, work.events);
        while (!lanes[lane]->out.push(work)) std::this_thread::yield();
      } else if (ended.load()) {
        return;
      } else {
        std::this_thread::yield();
      }
    }
  };
  const auto deal = [&] {
    std::uint64_t dealt = 0;
    std::uint64_t collected = 0;
    Work next;
    bool have = load.read(next.events);
    while (have || collected < dealt) {
      bool moved = false;
      if (have && lanes[dealt % threads]->in.push(next)) {
        ++dealt;
        have = load.read(next.events);
        moved = true;
      }
      Work done;
      if (collected < dealt && lanes[collected % threads]->out.pop(done)) {
        load.apply(done);
        ++collected;
        moved = true;
      }
      if (!moved) std::this_thread::yield();
    }
    ended.store(true);
  };
  (void)pipeline::run_on_threads(
      threads + 1, false, [&](std::size_t i) { i == 0 ? deal() : worker(i - 1); }, [] {});
}

void run(benchmark::State& state, void (*variant)(Load&, std::size_t)) {
  for (auto _ : state) {
    Load load(static_cast<std::uint64_t>(state.range(0)));
    variant(load, static_cast<std::size_t>(state.range(1)));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kEvents));
}

void shapes(benchmark::internal::Benchmark* bench) {
  bench->ArgsProduct({{1, 32, 107, 256}, {1, 2}})
      ->ArgNames({"events", "workers"})
      ->MeasureProcessCPUTime()
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
}
BENCHMARK_CAPTURE(run, ring, ring)->Apply(shapes);
BENCHMARK_CAPTURE(run, turns, turns)->Apply(shapes);
BENCHMARK_CAPTURE(run, spsc, spsc)->Apply(shapes);

}  // namespace
