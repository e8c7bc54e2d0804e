// SPDX-License-Identifier: Apache-2.0
#include "engine/report/time_axis.h"

#include <gtest/gtest.h>

namespace catena::report {
namespace {

constexpr Timestamp kStart = 1'772'445'600 * kNanosPerSecond;  // 2026-03-02 10:00:00

TEST(TimeAxis, CutsLongSilenceAndKeepsOrder) {
  const TimeAxis axis({kStart, kStart + kNanosPerMinute, kStart + 100 * kNanosPerHour,
                       kStart + 100 * kNanosPerHour + kNanosPerMinute},
                      100, 500);
  ASSERT_EQ(axis.breaks().size(), 1U);
  EXPECT_EQ(axis.breaks()[0].length, 100 * kNanosPerHour - kNanosPerMinute);
  EXPECT_DOUBLE_EQ(axis.x(kStart), 100);
  EXPECT_LT(axis.x(kStart + kNanosPerMinute), axis.breaks()[0].x);
  EXPECT_GT(axis.x(kStart + 100 * kNanosPerHour), axis.breaks()[0].x);
  EXPECT_NEAR(axis.x(kStart + 100 * kNanosPerHour + kNanosPerMinute), 500, 0.001);
  ASSERT_GE(axis.ticks().size(), 2U);
  EXPECT_EQ(axis.ticks().front().day, "2026-03-02");
  EXPECT_EQ(axis.ticks().front().text, "10:00");
}

TEST(TimeAxis, OneMomentIsInTheMiddle) {
  const TimeAxis axis({kStart, kStart}, 0, 100);
  EXPECT_DOUBLE_EQ(axis.x(kStart), 50);
  EXPECT_TRUE(axis.breaks().empty());
}

TEST(TimeAxis, TicksStayInsideAndApart) {
  std::vector<Timestamp> times;
  for (int i = 0; i < 1000; ++i) times.push_back(kStart + i * 17 * kNanosPerMinute);
  const TimeAxis axis(times, 200, 1000);
  EXPECT_TRUE(axis.breaks().empty());
  for (std::size_t i = 1; i < axis.ticks().size(); ++i) {
    EXPECT_GE(axis.ticks()[i].x - axis.ticks()[i - 1].x, TimeAxis::kTickSpacing / 2);
  }
  EXPECT_GE(axis.ticks().size(), 5U);
  EXPECT_LE(axis.ticks().back().x, 1000);
}

}  // namespace
}  // namespace catena::report
