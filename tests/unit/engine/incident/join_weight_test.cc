// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/join_weight.h"

#include <gtest/gtest.h>

namespace catena::incident {
namespace {

TEST(JoinWeight, HalvesOverOneHalfLifeAndNeverGrows) {
  const Timestamp half = 6 * kNanosPerHour;
  const Entity process{EntityType::kProcess, "ws|pid:42"};
  const Entity address{EntityType::kIp, "203.0.113.9"};
  EXPECT_EQ(join_weight(process, 0), kFullWeight);
  EXPECT_EQ(join_weight(process, half), kFullWeight / 2);
  EXPECT_EQ(join_weight(process, 2 * half), kFullWeight / 4);
  std::uint32_t last = kFullWeight;
  for (Timestamp t = 0; t < 200 * kNanosPerHour; t += 7 * kNanosPerMinute) {
    const std::uint32_t weight = join_weight(address, t);
    EXPECT_LE(weight, last);
    last = weight;
  }
  EXPECT_EQ(join_weight(address, INT64_MAX), 0U);
}

TEST(JoinWeight, AProcessWithANameOfItsOwnStaysTheSame) {
  for (const char* name : {"guid:3ddc5665-e7f3-5f51-dc00-000000000400", "ws|pid:42@1600000000"}) {
    const Entity process{EntityType::kAncestor, name};
    EXPECT_EQ(join_weight(process, 3 * 24 * kNanosPerHour), kFullWeight);
    EXPECT_EQ(join_weight(process, 8 * 24 * kNanosPerHour), 0U);
  }
}

TEST(JoinWeight, PlacesWhereEverythingMeetsAreWeak) {
  EXPECT_EQ(join_class({EntityType::kIp, "203.0.113.9"}), JoinClass::kMedium);
  EXPECT_EQ(join_class({EntityType::kIp, "10.0.0.9"}), JoinClass::kWeak);
  EXPECT_EQ(join_class({EntityType::kRemote, "ws|alice"}), JoinClass::kWeak);
  EXPECT_EQ(join_class({EntityType::kRemote, "ws|0x1a2b"}), JoinClass::kStrong);
  EXPECT_EQ(join_class({EntityType::kRemote, "ws|pid:42@1600000000"}), JoinClass::kStrong);
  EXPECT_EQ(join_class({EntityType::kHost, "ws"}), JoinClass::kWeak);
}

TEST(JoinWeight, CombinesLikeIndependentReasons) {
  EXPECT_EQ(combine_weights(0, kFullWeight / 2), kFullWeight / 2);
  EXPECT_EQ(combine_weights(kFullWeight / 2, kFullWeight / 2), kFullWeight * 3 / 4);
  EXPECT_EQ(combine_weights(kFullWeight, 12345), kFullWeight);
}

}  // namespace
}  // namespace catena::incident
