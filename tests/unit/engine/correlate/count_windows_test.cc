// SPDX-License-Identifier: Apache-2.0
#include "engine/correlate/count_windows.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/unit/engine/correlate/correlation_fixture.h"

namespace catena::correlate {
namespace {

using plan::CorrelationType;

TEST(EventCountWindow, HoldsBothEndsOfTheSpan) {
  const auto rule = correlation(CorrelationType::kEventCount, {at_least(2)});
  EventCountWindow window(rule);
  EXPECT_FALSE(step(window, member_at(0)));
  EXPECT_TRUE(step(window, member_at(10)));       // [0, 10]
  EXPECT_FALSE(step(window, member_at(20.001)));  // 10 is out
  EXPECT_EQ(measure_text(window), "1");
}

TEST(EventCountWindow, CountsNoFurtherThanTheConditionAsks) {
  const auto rule = correlation(CorrelationType::kEventCount,
                                {{plan::Comparator::kEqual, Decimal::whole(2'000)}});
  EventCountWindow window(rule);
  for (int i = 1; i <= 5'000; ++i) {
    EXPECT_EQ(step(window, member_at(i * 0.001)), i == 2'000) << i;
  }
  EXPECT_EQ(measure_text(window), ">=2001");
  EXPECT_LT(window.bytes(), 100'000U);
  // The newest that was not kept is older than the window now: the count is exact again.
  EXPECT_FALSE(step(window, member_at(13.001)));
  EXPECT_EQ(measure_text(window), "2001");
}

TEST(DistinctCountWindow, CountsAValueUntilItsNewestSightingLeaves) {
  const auto rule = correlation(CorrelationType::kValueCount, {at_least(2)});
  DistinctCountWindow window(rule);
  const auto see = [&](double time, const char* value) {
    Member member = member_at(time);
    member.value_key = hash128(value);
    return step(window, member);
  };
  EXPECT_FALSE(see(0, "a"));
  EXPECT_TRUE(see(1, "b"));
  EXPECT_TRUE(see(9, "a"));
  EXPECT_FALSE(see(11.5, "a"));  // b has left
  EXPECT_TRUE(see(12, "b"));
  for (int i = 0; i < 10'000; ++i) see(12.5, "a");
  EXPECT_LT(window.bytes(), 20'000U);  // sightings of one value are not kept
}

TEST(DistinctCountWindow, IsExactWithTheNewestValuesAlone) {
  const auto rule = correlation(CorrelationType::kValueCount, {at_least(1'500)});
  DistinctCountWindow window(rule);
  for (int i = 1; i <= 4'000; ++i) {
    Member member = member_at(i * 0.001);
    member.value_key = hash128(std::to_string(i));
    EXPECT_EQ(step(window, member), i >= 1'500) << i;
  }
  EXPECT_EQ(measure_text(window), ">=1501");
}

TEST(DistinctCountWindow, SamplesBeyondItsSizeWithTheStatedError) {
  constexpr std::uint64_t kExact = 4'096;
  const auto rule = correlation(CorrelationType::kValueCount, {at_least(100'000)});
  DistinctCountWindow window(rule, kExact);
  bool held = false;
  for (int i = 1; i <= 120'000; ++i) {
    Member member = member_at(5);
    member.value_key = hash128(std::to_string(i));
    held = step(window, member);
    if (i == 4'096) {
      EXPECT_EQ(measure_text(window), "4096");
    }
  }
  EXPECT_TRUE(held);
  const double count = static_cast<double>(
      static_cast<std::int64_t>(window.measure().value / Decimal::kUnitsPerOne));
  // Four times the standard error.
  EXPECT_NEAR(count, 120'000, 120'000 * 4 / std::sqrt(static_cast<double>(kExact) / 2));
  EXPECT_LT(window.bytes(), 1'000'000U);
  Member late = member_at(100);
  late.value_key = hash128("x");
  window.expire(late.event.time - 10 * kNanosPerSecond);
  EXPECT_EQ(measure_text(window), "0");
}

}  // namespace
}  // namespace catena::correlate
