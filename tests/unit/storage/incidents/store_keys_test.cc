// SPDX-License-Identifier: Apache-2.0
#include "storage/incidents/store_keys.h"

#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace catena::storage {
namespace {

const std::vector<Timestamp> kTimesInOrder = {
    std::numeric_limits<Timestamp>::min(), -1, 0, 1, 1'599'204'585'114'000'000,
    std::numeric_limits<Timestamp>::max()};

TEST(StoreKeys, StepsSortByTimeThenDetection) {
  const Id128 chain = hash128("c");
  std::string before;
  for (const Timestamp time : kTimesInOrder) {
    for (const Id128& detection : {Id128{0, 1}, Id128{1, 0}}) {
      incident::Step step;
      step.time = time;
      step.detection = detection;
      const std::string key = step_key(chain, step);
      EXPECT_LT(before, key);
      before = key;
      const auto parsed = parse_step_key(key);
      ASSERT_TRUE(parsed.has_value());
      EXPECT_EQ(parsed->time, time);
      EXPECT_EQ(parsed->detection, detection);
    }
  }
}

TEST(StoreKeys, TimeIndexSortsNewestFirstThenById) {
  std::string after(64, '\xff');
  for (const Timestamp time : kTimesInOrder) {
    for (const Id128& chain : {Id128{1, 0}, Id128{0, 1}}) {
      const std::string key = time_key(time, chain);
      EXPECT_LT(key, after);
      after = key;
      EXPECT_EQ(parse_time_key(key), chain);
    }
  }
}

TEST(StoreKeys, EntityHashTellsTypesApartButNotAncestors) {
  using incident::EntityType;
  EXPECT_EQ(entity_hash({EntityType::kProcess, "a"}), entity_hash({EntityType::kAncestor, "a"}));
  EXPECT_NE(entity_hash({EntityType::kProcess, "a"}), entity_hash({EntityType::kHost, "a"}));
  EXPECT_NE(entity_hash({EntityType::kHost, "a"}), entity_hash({EntityType::kHost, "b"}));
}

// The worked example of storage/FORMAT.md.
TEST(StoreKeys, WorkedExampleOfTheFormat) {
  incident::Step step;
  step.time = 1'599'204'585'114'000'000;  // 2020-09-04T07:29:45.114Z
  EXPECT_EQ(step_key({}, step).substr(16, 8), "\x96\x31\x84\x18\xe2\xe5\x5a\x80");
}

TEST(StoreKeys, RefuseKeysOfAnotherSize) {
  for (std::size_t size = 0; size < 64; ++size) {
    const std::string key(size, 'k');
    EXPECT_EQ(parse_step_key(key).has_value(), size == 40);
    EXPECT_EQ(parse_time_key(key).has_value(), size == 24);
    EXPECT_EQ(parse_second_of_pair(key).has_value(), size == 32);
    EXPECT_EQ(parse_id(key).has_value(), size == 16);
  }
}

TEST(StoreKeys, PrintableKeyIsHexadecimalAndBounded) {
  EXPECT_EQ(printable_key(std::string("\0\xff", 2)), "00ff");
  EXPECT_LT(printable_key(std::string(10'000, 'x')).size(), 110U);
}

TEST(StoreKeys, EveryFamilyHasAName) { EXPECT_EQ(family_names().size(), kPositionFamily + 1U); }

}  // namespace
}  // namespace catena::storage
