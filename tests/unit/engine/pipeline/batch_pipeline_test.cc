// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/batch_pipeline.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

namespace catena::pipeline {
namespace {

struct Number {
  std::uint64_t value = 0;
  void clear() { value = 0; }
};

// Reads 0 … count-1, doubles them with uneven delays, and collects them as applied.
std::vector<std::uint64_t> run(std::size_t threads, std::uint64_t count) {
  std::uint64_t next = 0;
  std::vector<std::uint64_t> applied;
  BatchStages<Number> stages;
  stages.read = [&](EventBatch& batch) -> Result<bool> {
    if (next == count) return false;
    batch.first_line = next++;
    return true;
  };
  stages.work = [](EventBatch& batch, Number& number, std::size_t) {
    if (batch.first_line % 7 == 0) std::this_thread::yield();
    number.value = batch.first_line * 2;
    return ok_status();
  };
  stages.apply = [&](Number& number) {
    applied.push_back(number.value);
    return ok_status();
  };
  EXPECT_TRUE(run_batches(stages, threads).ok());
  return applied;
}

TEST(BatchPipeline, AppliesInInputOrderForAnyNumberOfThreads) {
  const auto expected = run(1, 500);
  ASSERT_EQ(expected.size(), 500U);
  for (const std::size_t threads : {2U, 3U, 8U}) EXPECT_EQ(run(threads, 500), expected);
  EXPECT_TRUE(run(4, 0).empty());
}

TEST(BatchPipeline, TheFirstFailureStopsEveryThread) {
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
    EXPECT_LT(reads, 40U);
  }
}

}  // namespace
}  // namespace catena::pipeline
