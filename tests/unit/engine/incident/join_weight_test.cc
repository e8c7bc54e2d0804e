// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/join_weight.h"

#include <gtest/gtest.h>

namespace catena::incident {
namespace {

TEST(JoinWeight, HalvesOverOneHalfLifeAndNeverGrows) {
  const Timestamp half = 6 * kNanosPerHour;
  EXPECT_EQ(join_weight(EntityType::kProcess, 0), kFullWeight);
  EXPECT_EQ(join_weight(EntityType::kProcess, half), kFullWeight / 2);
  EXPECT_EQ(join_weight(EntityType::kProcess, 2 * half), kFullWeight / 4);
  std::uint32_t last = kFullWeight;
  for (Timestamp t = 0; t < 200 * kNanosPerHour; t += 7 * kNanosPerMinute) {
    const std::uint32_t weight = join_weight(EntityType::kIp, t);
    EXPECT_LE(weight, last);
    last = weight;
  }
  EXPECT_EQ(join_weight(EntityType::kIp, INT64_MAX), 0U);
}

TEST(JoinWeight, CombinesLikeIndependentReasons) {
  EXPECT_EQ(combine_weights(0, kFullWeight / 2), kFullWeight / 2);
  EXPECT_EQ(combine_weights(kFullWeight / 2, kFullWeight / 2), kFullWeight * 3 / 4);
  EXPECT_EQ(combine_weights(kFullWeight, 12345), kFullWeight);
}

}  // namespace
}  // namespace catena::incident
