// SPDX-License-Identifier: Apache-2.0
#include "engine/correlate/value_windows.h"

#include <gtest/gtest.h>

#include "tests/unit/engine/correlate/correlation_fixture.h"

namespace catena::correlate {
namespace {

using plan::CorrelationType;

TEST(SumWindow, AddsAndTakesAway) {
  const auto rule = correlation(CorrelationType::kValueSum, {at_least(10)});
  SumWindow window(rule);
  EXPECT_FALSE(step(window, member_at(0, 1, 4)));
  EXPECT_TRUE(step(window, member_at(5, 1, 6)));
  EXPECT_FALSE(step(window, member_at(10.5, 1, 3)));
  EXPECT_EQ(measure_text(window), "9");
}

TEST(SumWindow, AveragesExactly) {
  const auto rule = correlation(CorrelationType::kValueAverage,
                                {{plan::Comparator::kEqual, *parse_decimal("1.5")}});
  SumWindow window(rule);
  EXPECT_FALSE(step(window, member_at(0, 1, 1)));
  EXPECT_TRUE(step(window, member_at(1, 1, 2)));
  EXPECT_FALSE(step(window, member_at(2, 1, 2)));
  EXPECT_EQ(measure_text(window), "1.666666666");
}

TEST(SumWindow, JoinsNeighboursBeyondItsSizeAndLosesNothing) {
  const auto rule = correlation(CorrelationType::kValueSum, {at_least(1)});
  constexpr std::size_t kExact = 64;
  SumWindow window(rule, kExact);
  for (int i = 0; i < 10'000; ++i) step(window, member_at(i * 0.001, 1, 1));
  EXPECT_EQ(measure_text(window), "10000");
  EXPECT_LT(window.bytes(), 20'000U);
  // Half of the window leaves, but for one part at most.
  window.expire(5 * kNanosPerSecond);
  const auto sum = static_cast<std::int64_t>(window.measure().value / Decimal::kUnitsPerOne);
  EXPECT_GE(sum, 5'000);
  EXPECT_LE(sum, 5'000 + 4 * 10'000 / static_cast<std::int64_t>(kExact));
}

TEST(PercentileWindow, InterpolatesBetweenRanks) {
  auto rule = correlation(CorrelationType::kValuePercentile, {at_least(1)});
  const auto percentile = [&](std::uint32_t thousandths, const std::vector<int>& numbers) {
    rule.percentile = thousandths;
    PercentileWindow window(rule);
    for (const int number : numbers) step(window, member_at(1, 1, number));
    return measure_text(window);
  };
  EXPECT_EQ(percentile(0, {3, 1, 2}), "1");
  EXPECT_EQ(percentile(100'000, {3, 1, 2}), "3");
  EXPECT_EQ(percentile(50'000, {3, 1, 2, 10}), "2.5");
  EXPECT_EQ(percentile(90'000, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}), "9.1");
  EXPECT_EQ(percentile(99'900, {7}), "7");
}

TEST(PercentileWindow, TestsItsConditionAndForgets) {
  auto rule = correlation(CorrelationType::kValueMedian,
                          {{plan::Comparator::kLessEqual, Decimal::whole(5)}});
  PercentileWindow window(rule);
  EXPECT_FALSE(step(window, member_at(0, 1, 9)));
  EXPECT_FALSE(step(window, member_at(1, 1, 2)));     // 5.5
  EXPECT_TRUE(step(window, member_at(2, 1, 3)));      // 3
  EXPECT_FALSE(step(window, member_at(11.5, 1, 8)));  // 3 and 8: 5.5
  EXPECT_EQ(measure_text(window), "5.5");
}

TEST(PercentileWindow, LooksAtTheNewestNumbersBeyondItsSize) {
  auto rule = correlation(CorrelationType::kValueMedian, {at_least(1)});
  PercentileWindow window(rule, 3);
  for (const int number : {100, 100, 100, 1, 2, 3}) step(window, member_at(1, 1, number));
  EXPECT_EQ(measure_text(window), "2");
}

}  // namespace
}  // namespace catena::correlate
