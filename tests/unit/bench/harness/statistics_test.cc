// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/statistics.h"

#include <gtest/gtest.h>

namespace catena::harness {
namespace {

TEST(Statistics, SummariseIsRobust) {
  const Summary summary = summarise({5, 1, 3, 2, 100});
  EXPECT_DOUBLE_EQ(summary.median, 3);
  EXPECT_DOUBLE_EQ(summary.min, 1);
  EXPECT_DOUBLE_EQ(summary.max, 100);
  EXPECT_DOUBLE_EQ(summary.mad, 2);
  EXPECT_DOUBLE_EQ(summary.relative_spread(), 2.0 / 3);
}

TEST(Statistics, EvenNumberOfSamples) {
  EXPECT_DOUBLE_EQ(summarise({1, 2, 3, 10}).median, 2.5);
  EXPECT_DOUBLE_EQ(summarise({7}).mad, 0);
  EXPECT_DOUBLE_EQ(summarise({}).median, 0);
  EXPECT_DOUBLE_EQ(summarise({}).relative_spread(), 0);
}

TEST(LatencyHistogram, PercentilesAreCloseFromAbove) {
  LatencyHistogram histogram;
  for (std::uint64_t i = 1; i <= 100'000; ++i) histogram.add(i * 1000);
  for (const double share : {0.5, 0.9, 0.99, 0.999}) {
    const double exact = share * 100'000 * 1000;
    const auto value = static_cast<double>(histogram.percentile(share));
    EXPECT_GE(value, exact) << share;
    EXPECT_LE(value, exact * (1 + 1.0 / 32)) << share;
  }
  EXPECT_EQ(histogram.percentile(1), 100'000'000U);
  EXPECT_EQ(histogram.max(), 100'000'000U);
}

TEST(LatencyHistogram, TakesEverything) {
  LatencyHistogram histogram;
  EXPECT_EQ(histogram.percentile(0.5), 0U);
  histogram.add(0);
  EXPECT_EQ(histogram.percentile(1), 0U);
  histogram.add(~std::uint64_t{0}, 3);
  EXPECT_EQ(histogram.count(), 4U);
  EXPECT_EQ(histogram.percentile(0.99), ~std::uint64_t{0});
}

TEST(LatencyHistogram, Adds) {
  LatencyHistogram a, b;
  a.add(10, 99);
  b.add(5000, 1);
  a.add(b);
  EXPECT_EQ(a.count(), 100U);
  EXPECT_EQ(a.percentile(0.99), 10U);
  EXPECT_EQ(a.max(), 5000U);
}

}  // namespace
}  // namespace catena::harness
