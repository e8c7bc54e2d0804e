// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/pipeline_bench.h"

#include <gtest/gtest.h>

#include "bench/harness/memory_file.h"
#include "engine/app/content.h"
#include "engine/pipeline/memory_incident_store.h"
#include "tests/support/bench_subject.h"

namespace catena::harness {
namespace {

class PipelineBenchTest : public ::testing::Test {
 protected:
  PipelineBenchTest() {
    options_.files = {file_->path()};
    options_.repetitions = 2;
    options_.make_store = [this]() -> Result<std::unique_ptr<pipeline::IncidentStore>> {
      ++stores_;
      return std::unique_ptr<pipeline::IncidentStore>(
          std::make_unique<pipeline::MemoryIncidentStore>());
    };
  }
  tests::BenchSubject subject_;
  Result<MemoryFile> file_ =
      MemoryFile::create(tests::BenchSubject::stream(generator::Mix::kAll, 2000));
  PipelineBenchOptions options_;
  int stores_ = 0;
};

TEST_F(PipelineBenchTest, RunsFromReadToStore) {
  const auto result = run_pipeline_bench(subject_.get(), subject_.matcher(), options_);
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(result->kind, "pipeline");
  EXPECT_GE(result->events, 2000U);
  EXPECT_GT(result->counts.matches, 100U);
  ASSERT_EQ(result->stages.size(), 6U);
  for (const StageTime& stage : result->stages)
    EXPECT_GT(stage.ns_per_event.median, 0) << stage.name;
  EXPECT_EQ(stores_, 3);  // a warm-up and two repetitions, each with an empty store
}

TEST_F(PipelineBenchTest, ThreadsFindTheSame) {
  const auto one = run_pipeline_bench(subject_.get(), subject_.matcher(), options_);
  options_.threads = 2;
  const auto two = run_pipeline_bench(subject_.get(), subject_.matcher(), options_);
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_EQ(one->counts.matches, two->counts.matches);
}

TEST_F(PipelineBenchTest, StoreIsMeasuredPerDetection) {
  const auto result = run_store_bench(subject_.get(), subject_.matcher(), options_);
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(result->kind, "store");
  EXPECT_EQ(result->events, result->counts.matches);
  EXPECT_EQ(result->stages.size(), 2U);
}

TEST_F(PipelineBenchTest, FilesThatCannotBeReadAreErrors) {
  options_.files = {"/nonexistent/file"};
  EXPECT_FALSE(run_pipeline_bench(subject_.get(), subject_.matcher(), options_).ok());
  EXPECT_FALSE(run_store_bench(subject_.get(), subject_.matcher(), options_).ok());
  options_.files = {"/dev/null"};
  EXPECT_FALSE(run_pipeline_bench(subject_.get(), subject_.matcher(), options_).ok());
  EXPECT_FALSE(run_store_bench(subject_.get(), subject_.matcher(), options_).ok());
}

}  // namespace
}  // namespace catena::harness
