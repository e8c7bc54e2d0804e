// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/comparison.h"

#include <gtest/gtest.h>

namespace catena::harness {
namespace {

BenchResult with_ratio(double median, double mad) {
  BenchResult result;
  result.kind = "match";
  result.lane = "x";
  result.events = 1000;
  result.seconds = {1, 1, 1, 0};
  result.walk_ratio = {median, median - mad, median + mad, mad};
  result.walked_share = 1;
  return result;
}

TEST(Comparison, QuietRunsTellSmallDifferences) {
  const Comparison worse = compare(with_ratio(2.0, 0.005), with_ratio(2.1, 0.005));
  EXPECT_EQ(worse.verdict, Verdict::kWorse);
  EXPECT_NEAR(worse.change, 1.05, 1e-9);
  EXPECT_EQ(compare(with_ratio(2.1, 0.005), with_ratio(2.0, 0.005)).verdict, Verdict::kBetter);
}

TEST(Comparison, NoisyRunsDoNot) {
  EXPECT_EQ(compare(with_ratio(2.0, 0.1), with_ratio(2.1, 0.1)).verdict, Verdict::kSame);
  EXPECT_EQ(compare(with_ratio(2.0, 0.1), with_ratio(4.0, 0.1)).verdict, Verdict::kWorse);
}

TEST(Comparison, NeverBelievesLessThanTheLeastNoise) {
  EXPECT_EQ(compare(with_ratio(2.0, 0), with_ratio(2.03, 0)).verdict, Verdict::kSame);
  EXPECT_EQ(compare(with_ratio(2.0, 0), with_ratio(2.05, 0)).verdict, Verdict::kWorse);
}

// A machine twice as slow walks twice as slowly: the same.
TEST(Comparison, DriftOfTheMachineCancelsOut) {
  BenchResult slow = with_ratio(2.0, 0.01);
  slow.seconds = {2, 2, 2, 0};
  EXPECT_EQ(compare(with_ratio(2.0, 0.01), slow).verdict, Verdict::kSame);
}

TEST(Comparison, ComparesTimeWhereThereWasNoWalk) {
  BenchResult before = with_ratio(0, 0);
  BenchResult now = with_ratio(0, 0);
  now.seconds = {2, 2, 2, 0};
  const Comparison comparison = compare(before, now);
  EXPECT_FALSE(comparison.by_walk);
  EXPECT_EQ(comparison.verdict, Verdict::kWorse);
  // A walk that read next to nothing is no yardstick.
  before = with_ratio(90, 1);
  before.walked_share = 0.01;
  EXPECT_FALSE(compare(before, now).by_walk);
}

TEST(Comparison, AnEmptyResultIsTheSame) {
  EXPECT_EQ(compare(BenchResult(), BenchResult()).verdict, Verdict::kSame);
}

TEST(Comparison, FindsTheLastOfTheSameBenchmark) {
  std::vector<BenchResult> earlier = {with_ratio(1, 0), with_ratio(2, 0), with_ratio(3, 0)};
  earlier[2].threads = 2;
  const BenchResult* found = find_earlier(earlier, with_ratio(1, 0));
  ASSERT_NE(found, nullptr);
  EXPECT_DOUBLE_EQ(found->walk_ratio.median, 2);
  BenchResult other = with_ratio(1, 0);
  other.lane = "y";
  EXPECT_EQ(find_earlier(earlier, other), nullptr);
}

TEST(Comparison, SaysSoInWordsAndJson) {
  BenchResult now = with_ratio(4, 0.01);
  now.rules = 5;
  const BenchResult before = with_ratio(2, 0.01);
  const Comparison comparison = compare(before, now);
  EXPECT_NE(comparison_text(comparison, before, now).find("worse: 2.000 x"), std::string::npos);
  EXPECT_NE(comparison_text(comparison, before, now).find("not the same rules"), std::string::npos);
  EXPECT_NE(comparison_json(comparison, before, now).find(R"("verdict":"worse")"),
            std::string::npos);
}

}  // namespace
}  // namespace catena::harness
