// SPDX-License-Identifier: Apache-2.0
#include "bench/generator/random.h"

#include <array>

#include <gtest/gtest.h>

namespace catena::generator {
namespace {

// The published algorithms, so that a stream is the same on every machine and for ever.
TEST(Random, GivesTheNumbersOfItsSeed) {
  Random random(1);
  EXPECT_EQ(random.next(), 0xb3f2af6d0fc710c5ULL);
  EXPECT_EQ(random.next(), 0x853b559647364ceaULL);
}

TEST(Random, StaysBelowTheBound) {
  Random random(7);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_LT(random.below(3), 3U);
    const std::uint64_t value = random.between(5, 6);
    EXPECT_TRUE(value == 5 || value == 6);
  }
  EXPECT_EQ(random.below(1), 0U);
}

TEST(Random, ChanceIsPerMillion) {
  Random random(7);
  int hits = 0;
  for (int i = 0; i < 10'000; ++i) hits += random.chance(100'000) ? 1 : 0;
  EXPECT_NEAR(hits, 1000, 150);
  EXPECT_FALSE(random.chance(0));
  EXPECT_TRUE(random.chance(1'000'000));
}

TEST(Random, WeightsDecideHowOften) {
  struct Item {
    std::uint32_t weight;
    char name;
  };
  constexpr std::array<Item, 3> kItems = {{{1, 'a'}, {0, 'b'}, {9, 'c'}}};
  Random random(7);
  int a = 0;
  for (int i = 0; i < 1000; ++i) {
    const char name = random.pick_weighted(kItems).name;
    EXPECT_NE(name, 'b');
    a += name == 'a' ? 1 : 0;
  }
  EXPECT_NEAR(a, 100, 40);
}

TEST(Random, WritesHexAndGuids) {
  Random random(7);
  EXPECT_EQ(random.hex(40, true).size(), 40U);
  EXPECT_EQ(random.hex(40, true).find_first_not_of("0123456789ABCDEF"), std::string::npos);
  const std::string guid = random.guid();
  EXPECT_EQ(guid.size(), 36U);
  EXPECT_EQ(guid[8], '-');
}

}  // namespace
}  // namespace catena::generator
