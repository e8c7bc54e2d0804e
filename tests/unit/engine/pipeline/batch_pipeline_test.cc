// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/batch_pipeline.h"

#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include <gtest/gtest.h>

namespace catena::pipeline {
namespace {

struct Number {
  std::uint64_t value = 0;
  void clear() { value = 0; }
};

// Delays that differ from batch to batch and from seed to seed: nothing, a yield, or some
// microseconds of sleep.
void delay(std::uint64_t seed, std::uint64_t place) {
  std::uint64_t mixed = (place + 1) * 0x9E3779B97F4A7C15ULL ^ (seed * 0xC2B2AE3D27D4EB4FULL);
  mixed ^= mixed >> 29;
  switch (mixed % 8) {
    case 0:
      std::this_thread::sleep_for(std::chrono::microseconds(mixed / 8 % 200));
      break;
    case 1:
      std::this_thread::yield();
      break;
    default:
      break;
  }
}

// Reads 0 … count-1, doubles them, and collects them as applied.
struct Doubling {
  // Seed 0: no delays.
  explicit Doubling(std::uint64_t batches, std::uint64_t delays = 0)
      : count(batches), seed(delays) {}

  std::uint64_t count;
  std::uint64_t seed;
  std::uint64_t next = 0;
  std::vector<std::uint64_t> applied;
  std::atomic<int> reading{0};
  std::atomic<int> applying{0};

  BatchStages<Number> stages() {
    BatchStages<Number> stages;
    stages.read = [this](EventBatch& batch) -> Result<bool> {
      EXPECT_EQ(reading.fetch_add(1), 0) << "two threads read";
      if (seed != 0) delay(seed, next);
      const bool more = next != count;
      if (more) batch.first_line = next++;
      reading.fetch_sub(1);
      return more;
    };
    stages.work = [this](EventBatch& batch, Number& number, std::size_t) {
      EXPECT_EQ(number.value, 0U) << "an outcome was not cleared";
      if (seed != 0) delay(seed + 1, batch.first_line);
      number.value = batch.first_line * 2;
      return ok_status();
    };
    stages.apply = [this](Number& number) {
      EXPECT_EQ(applying.fetch_add(1), 0) << "two threads apply";
      if (seed != 0) delay(seed + 2, number.value);
      applied.push_back(number.value);
      applying.fetch_sub(1);
      return ok_status();
    };
    return stages;
  }

  std::vector<std::uint64_t> run(std::size_t threads) {
    EXPECT_TRUE(run_batches(stages(), threads).ok());
    return applied;
  }
};

std::vector<std::uint64_t> doubles(std::uint64_t count) {
  std::vector<std::uint64_t> out;
  for (std::uint64_t i = 0; i < count; ++i) out.push_back(i * 2);
  return out;
}

TEST(BatchPipeline, AppliesInInputOrderForAnyNumberOfThreads) {
  for (const std::size_t threads : {1U, 2U, 3U, 8U, 32U}) {
    EXPECT_EQ(Doubling(500).run(threads), doubles(500)) << threads;
    EXPECT_TRUE(Doubling(0).run(threads).empty());
    EXPECT_EQ(Doubling(1).run(threads), doubles(1));
  }
}

// Also run under the thread sanitizer: lost wake-ups hang it, lost outcomes fail it.
TEST(BatchPipeline, StandsDelaysInEveryStage) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    for (const std::size_t threads : {2U, 3U, 8U}) {
      EXPECT_EQ((Doubling(400, seed).run(threads)), doubles(400)) << seed << " " << threads;
    }
  }
}

TEST(BatchPipeline, ManyShortRunsEnd) {
  for (std::uint64_t i = 0; i < 300; ++i) {
    EXPECT_EQ(Doubling(i % 20).run(4), doubles(i % 20));
  }
}

TEST(BatchPipeline, ASlowApplyDoesNotStopTheOthersUntilTheRingIsFull) {
  constexpr std::size_t kThreads = 2;
  constexpr std::uint64_t kSlots = kThreads * BatchOrder::kSlotsPerThread;
  std::atomic<std::uint64_t> worked{0};
  std::uint64_t next = 0;
  BatchStages<Number> stages;
  stages.read = [&](EventBatch& batch) -> Result<bool> {
    batch.first_line = next;
    return next++ < 100;
  };
  stages.work = [&](EventBatch&, Number&, std::size_t) {
    ++worked;
    return ok_status();
  };
  std::uint64_t applied = 0;
  stages.apply = [&](Number&) {
    if (applied++ != 0) return ok_status();
    // The first apply waits for the other thread to fill the ring, which its own slot is part of.
    while (worked.load() < kSlots) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    EXPECT_EQ(worked.load(), kSlots) << "more batches than slots";
    return ok_status();
  };
  EXPECT_TRUE(run_batches(stages, kThreads).ok());
  EXPECT_EQ(applied, 100U);
}

// Spins for the precision, and gives way where there is one processor.
void await(const std::atomic<int>& counter, int value) {
  for (int spin = 0; counter.load() != value; ++spin) {
    if (spin > 2000) std::this_thread::yield();
  }
}

// The thread that applies may look at a slot just before it is completed, and give up its role just
// after the other thread saw it taken. Whoever comes last must notice.
TEST(BatchOrder, TwoThatCompleteAtOnceLoseNoOutcome) {
  constexpr int kRounds = 60'000;
  std::unique_ptr<BatchOrder> order;
  std::atomic<int> round{0};
  std::atomic<int> completed{0};
  std::thread other([&] {
    for (int i = 1; i <= kRounds; ++i) {
      await(round, i);
      order->complete(1, ok_status());
      completed.store(i);
    }
  });
  int lost = 0;
  for (int i = 1; i <= kRounds; ++i) {
    std::atomic<int> applied{0};
    order = std::make_unique<BatchOrder>(2, [&](std::size_t) {
      ++applied;
      return ok_status();
    });
    for (std::uint64_t place = 0; place < 2; ++place) {
      EXPECT_EQ(order->read([] { return Result<bool>(true); }), place);
    }
    round.store(i);
    // Differently long, so that all places of the two meet.
    for (int spin = 0; spin < i % 64; ++spin) std::atomic_signal_fence(std::memory_order_seq_cst);
    order->complete(0, ok_status());
    await(completed, i);
    lost += applied.load() != 2;
  }
  other.join();
  EXPECT_EQ(lost, 0);
}

// What fails where, for a run of 100 batches.
struct Failing {
  std::uint64_t read_at = 1000;
  std::uint64_t work_at = 1000;
  std::uint64_t apply_at = 1000;

  std::string run(std::size_t threads, std::vector<std::uint64_t>& applied) const {
    Doubling source(100, 7);
    BatchStages<Number> stages = source.stages();
    const auto read = stages.read;
    stages.read = [&](EventBatch& batch) -> Result<bool> {
      if (source.next == read_at) return io_error("read");
      return read(batch);
    };
    const auto work = stages.work;
    stages.work = [&](EventBatch& batch, Number& number, std::size_t worker) {
      if (batch.first_line == work_at) return io_error("work");
      return work(batch, number, worker);
    };
    const auto apply = stages.apply;
    stages.apply = [&](Number& number) {
      if (number.value == apply_at * 2) return io_error("apply");
      return apply(number);
    };
    const Status status = run_batches(stages, threads);
    applied = source.applied;
    return status.message();
  }
};

TEST(BatchPipeline, AFailureTakesEffectAtItsPlaceForAnyNumberOfThreads) {
  for (const std::size_t threads : {1U, 2U, 4U, 8U}) {
    std::vector<std::uint64_t> applied;
    EXPECT_EQ((Failing{20, 1000, 1000}.run(threads, applied)), "read");
    EXPECT_EQ(applied, doubles(20)) << threads;
    EXPECT_EQ((Failing{1000, 30, 1000}.run(threads, applied)), "work");
    EXPECT_EQ(applied, doubles(30)) << threads;
    EXPECT_EQ((Failing{1000, 1000, 40}.run(threads, applied)), "apply");
    EXPECT_EQ(applied, doubles(40)) << threads;
    // Of several the first in the input counts, not the first in time.
    EXPECT_EQ((Failing{33, 31, 30}.run(threads, applied)), "apply");
    EXPECT_EQ(applied, doubles(30)) << threads;
  }
}

TEST(BatchPipeline, AFailureStopsReading) {
  for (const std::size_t threads : {1U, 4U}) {
    std::uint64_t reads = 0;
    BatchStages<Number> stages;
    stages.read = [&](EventBatch& batch) -> Result<bool> {
      batch.first_line = reads++;
      return true;
    };
    stages.work = [](EventBatch& batch, Number&, std::size_t) {
      return batch.first_line == 20 ? io_error("disk on fire") : ok_status();
    };
    stages.apply = [](Number&) { return ok_status(); };
    EXPECT_EQ(run_batches(stages, threads).message(), "disk on fire");
    EXPECT_LE(reads, 21 + threads * BatchOrder::kSlotsPerThread);
  }
}

TEST(BatchPipeline, StartRunsOnceOnEveryThreadAndNotOnTheCallers) {
  std::mutex mutex;
  std::set<std::size_t> workers;
  std::set<std::thread::id> threads;
  Doubling source(50);
  BatchStages<Number> stages = source.stages();
  stages.start = [&](std::size_t worker) {
    const std::lock_guard lock(mutex);
    EXPECT_TRUE(workers.insert(worker).second);
    threads.insert(std::this_thread::get_id());
    return ok_status();
  };
  EXPECT_TRUE(run_batches(stages, 3).ok());
  EXPECT_EQ(workers, (std::set<std::size_t>{0, 1, 2}));
  EXPECT_FALSE(threads.contains(std::this_thread::get_id()));
  EXPECT_EQ(source.applied, doubles(50));

  Doubling other(50);
  stages = other.stages();
  stages.start = [](std::size_t worker) {
    return worker == 1 ? io_error("no such processor") : ok_status();
  };
  EXPECT_EQ(run_batches(stages, 3).message(), "no such processor");
}

TEST(BatchPipeline, WaitingForInputBurnsNoProcessor) {
  const auto cpu_milliseconds = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
           (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
  };
  Doubling source(4);
  BatchStages<Number> stages = source.stages();
  const auto read = stages.read;
  stages.read = [&](EventBatch& batch) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    return read(batch);
  };
  const auto before = cpu_milliseconds();
  EXPECT_TRUE(run_batches(stages, 4).ok());
  EXPECT_LT(cpu_milliseconds() - before, 250);  // of 500 in which four threads wait
  EXPECT_EQ(source.applied, doubles(4));
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define CATENA_TEST_SANITIZED 1
#endif
#endif
#ifndef CATENA_TEST_SANITIZED  // a sanitizer's own memory does not fit into the limit
TEST(BatchPipeline, ThreadsThatCannotBeStartedAreAnError) {
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_AS, &limit), 0);
  int gave_up = 0;
  std::atomic<bool> stop{false};
  // No address space is left for a thread's stack.
  const rlimit nothing{1, limit.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_AS, &nothing), 0);
  const Status status = run_on_threads(
      64, true,
      [&](std::size_t) {
        for (int i = 0; i < 2000 && !stop.load(); ++i) {
          std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
      },
      [&] {
        ++gave_up;
        stop.store(true);
      });
  ASSERT_EQ(setrlimit(RLIMIT_AS, &limit), 0);
  EXPECT_EQ(status.code(), StatusCode::kIo) << status.message();
  EXPECT_EQ(gave_up, 1);
}
#endif

}  // namespace
}  // namespace catena::pipeline
