// SPDX-License-Identifier: Apache-2.0
#include "engine/match/rule_quarantine.h"

#include <gtest/gtest.h>

namespace catena::match {
namespace {

constexpr QuarantineLimits kLimits = {.work_per_event = 100, .window_events = 10};

TEST(RuleQuarantine, TakesOutWhatAsksForMoreThanItsShare) {
  RuleQuarantine quarantine(3, kLimits);
  const std::vector<RuleWork> work = {{0, 500}, {2, 501}};
  quarantine.add(0, 5, work);
  EXPECT_TRUE(quarantine.cases().empty());  // the window is not full
  quarantine.add(1, 5, std::vector<RuleWork>{{0, 500}, {2, 509}});
  ASSERT_EQ(quarantine.cases().size(), 1U);
  EXPECT_EQ(quarantine.cases()[0].rule, 2U);
  EXPECT_EQ(quarantine.cases()[0].work_per_event, 101U);
  EXPECT_EQ(quarantine.cases()[0].events_before, 10U);
  EXPECT_FALSE(quarantine.is_out(2, RuleQuarantine::kDelay));
  EXPECT_TRUE(quarantine.is_out(2, 1 + RuleQuarantine::kDelay));
  EXPECT_FALSE(quarantine.is_out(0, 1 + RuleQuarantine::kDelay));
}

TEST(RuleQuarantine, ForgetsAWindowWhenItIsOver) {
  RuleQuarantine quarantine(1, kLimits);
  for (std::uint64_t batch = 0; batch < 100; ++batch) {
    quarantine.add(batch, 10, std::vector<RuleWork>{{0, 1000}});
  }
  EXPECT_TRUE(quarantine.cases().empty());
}

TEST(RuleQuarantine, ReportsARuleOnceAndKeepsItOut) {
  RuleQuarantine quarantine(1, kLimits);
  for (std::uint64_t batch = 0; batch < 5; ++batch) {
    quarantine.add(batch, 10, std::vector<RuleWork>{{0, 9000}});
  }
  EXPECT_EQ(quarantine.cases().size(), 1U);
  EXPECT_TRUE(quarantine.is_out(0, 1'000'000));
}

TEST(RuleQuarantine, DoesNotWaitForTheEndOfAWindowThatIsSpent) {
  RuleQuarantine quarantine(1, kLimits);
  quarantine.add(0, 1, std::vector<RuleWork>{{0, 1000}});
  EXPECT_TRUE(quarantine.cases().empty());
  quarantine.add(1, 1, std::vector<RuleWork>{{0, 1}});
  ASSERT_EQ(quarantine.cases().size(), 1U);
  EXPECT_EQ(quarantine.cases()[0].work_per_event, 500U);
  EXPECT_TRUE(quarantine.is_out(0, 1 + RuleQuarantine::kDelay));
}

TEST(RuleQuarantine, NoLimitTakesNothingOut) {
  RuleQuarantine quarantine(1, {.work_per_event = 0, .window_events = 1});
  quarantine.add(0, 1, std::vector<RuleWork>{{0, ~std::uint64_t{0}}});
  EXPECT_TRUE(quarantine.cases().empty());
}

}  // namespace
}  // namespace catena::match
