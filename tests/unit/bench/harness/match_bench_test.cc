// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/match_bench.h"

#include <gtest/gtest.h>

#include "engine/app/content.h"
#include "tests/support/bench_subject.h"

namespace catena::harness {
namespace {

class MatchBenchTest : public ::testing::Test {
 protected:
  MatchBenchTest() {
    auto loaded = LoadedEvents::load_text(
        tests::BenchSubject::stream(generator::Mix::kWindows, 1000), subject_.get(), {});
    events_ = *std::move(loaded);
    options_.repetitions = 2;
    options_.lane = "test";
  }
  BenchResult run() {
    auto result = run_match_bench(events_, subject_.get(), subject_.matcher(), options_);
    EXPECT_TRUE(result.ok());
    return *std::move(result);
  }
  tests::BenchSubject subject_;
  LoadedEvents events_;
  MatchBenchOptions options_;
};

TEST_F(MatchBenchTest, MeasuresEveryStage) {
  const BenchResult result = run();
  EXPECT_EQ(result.kind, "match");
  // Small streams are repeated until a repetition has events enough to be timed.
  EXPECT_EQ(result.events, kLeastEventsPerRepetition);
  EXPECT_EQ(result.bytes, events_.bytes() * 50);
  ASSERT_EQ(result.stages.size(), 3U);
  for (const StageTime& stage : result.stages)
    EXPECT_GT(stage.ns_per_event.median, 0) << stage.name;
  EXPECT_GT(result.walk_ratio.median, 1);
  EXPECT_GT(result.walked_share, 0.99);
  EXPECT_EQ(result.clock, "cpu");
  // Every attack of the stream is found, pass after pass.
  EXPECT_GE(result.counts.matches, 50U * 60);
  EXPECT_EQ(result.counts.matches % 50, 0U);
  EXPECT_GE(result.counts.candidates, result.counts.matches);
}

TEST_F(MatchBenchTest, ThreadsFindTheSame) {
  const BenchResult one = run();
  options_.threads = 3;
  const BenchResult three = run();
  EXPECT_EQ(three.counts.matches, one.counts.matches);
  EXPECT_EQ(three.clock, "wall");
}

TEST_F(MatchBenchTest, ParseOnlyDecodes) {
  options_.depth = Depth::kParse;
  const BenchResult result = run();
  EXPECT_EQ(result.kind, "parse");
  ASSERT_EQ(result.stages.size(), 1U);
  EXPECT_EQ(result.counts.matches, 0U);
}

TEST_F(MatchBenchTest, LatencyAtARateItCanTake) {
  options_.rate = 1000;
  options_.repetitions = 1;
  const BenchResult result = run();
  ASSERT_TRUE(result.latency);
  EXPECT_GE(result.latency->events, 1000U);
  EXPECT_LE(result.latency->p50, result.latency->p99);
  EXPECT_LE(result.latency->p99, result.latency->max);
}

TEST_F(MatchBenchTest, ARateBeyondItShowsInTheLatency) {
  options_.rate = 1e9;
  options_.repetitions = 1;
  const BenchResult result = run();
  ASSERT_TRUE(result.latency);
  // All is due at once, so the last events waited for all the others: no coordinated omission.
  EXPECT_GT(result.latency->p99, result.latency->p50);
  EXPECT_GT(result.latency->behind_seconds, 0);
}

TEST_F(MatchBenchTest, ARateMustBePositive) {
  options_.rate = 0;
  options_.repetitions = 1;
  EXPECT_FALSE(run_match_bench(events_, subject_.get(), subject_.matcher(), options_).ok());
}

}  // namespace
}  // namespace catena::harness
