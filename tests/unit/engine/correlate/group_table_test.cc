// SPDX-License-Identifier: Apache-2.0
#include "engine/correlate/group_table.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "tests/unit/engine/correlate/correlation_fixture.h"

namespace catena::correlate {
namespace {

constexpr std::size_t kBudget = 100'000;

class GroupTableTest : public testing::Test {
 protected:
  void see(GroupTable& table, const std::string& key, double time) {
    Group& group = table.find(key, rule_);
    group.window->add(member_at(time));
    group.last = member_at(time).event.time;
    table.touched(group);
  }
  bool has(GroupTable& table, const std::string& key) {
    return table.find(key, rule_).last != kNoTime;
  }

  plan::Correlation rule_ =
      correlation(plan::CorrelationType::kEventCount, {at_least(100)}, 1, kNanosPerHour);
};

TEST_F(GroupTableTest, ForgetsWhatTheWindowHasPassed) {
  GroupTable table(kBudget, 1);
  see(table, "a", 1);
  see(table, "b", 2);
  table.trim(2 * kNanosPerSecond);
  EXPECT_EQ(table.size(), 1U);
  EXPECT_EQ(table.evicted(), 0U);
  EXPECT_EQ(table.peak(), 2U);
}

TEST_F(GroupTableTest, NoiseDoesNotThrowOutASlowAttack) {
  GroupTable table(kBudget, 1);
  see(table, "attack", 1);
  see(table, "attack", 2);
  for (int i = 0; i < 50'000; ++i) {
    see(table, "noise " + std::to_string(i), 3 + i * 0.001);
    table.trim(0);
    ASSERT_LE(table.bytes(), kBudget);
  }
  EXPECT_GT(table.evicted(), 40'000U);
  EXPECT_TRUE(has(table, "attack"));
  EXPECT_FALSE(has(table, "noise 1"));  // the oldest of those with one event go first
  EXPECT_TRUE(has(table, "noise 49999"));
}

TEST_F(GroupTableTest, KeepsOneGroupWhateverItsSize) {
  GroupTable table(10, 1);
  see(table, "a", 1);
  table.trim(0);
  EXPECT_EQ(table.size(), 1U);
  see(table, "b", 2);
  table.trim(0);
  EXPECT_EQ(table.size(), 1U);
  EXPECT_TRUE(has(table, "b"));
}

TEST_F(GroupTableTest, IsTheSameForEverySeed) {
  std::set<std::size_t> sizes;
  for (const std::uint64_t seed : {0ULL, 1ULL, 0xFFFF'FFFF'FFFF'FFFFULL}) {
    GroupTable table(kBudget, seed);
    for (int i = 0; i < 3'000; ++i) {
      see(table, std::to_string(i % 1'700), i);
      table.trim(0);
    }
    EXPECT_TRUE(has(table, std::to_string(2'999 % 1'700)));  // the last one
    EXPECT_GT(table.evicted(), 1'000U);
    sizes.insert(table.size());
  }
  EXPECT_EQ(sizes.size(), 1U);
}

}  // namespace
}  // namespace catena::correlate
