// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/lineage.h"

#include <gtest/gtest.h>

namespace catena::incident {
namespace {

TEST(Lineage, WalksUpAndStopsBelowARoot) {
  Lineage lineage;
  lineage.observe({"services", "", true});
  lineage.observe({"a", "services", false});
  lineage.observe({"b", "a", false});
  lineage.observe({"c", "b", false});
  EXPECT_EQ(lineage.ancestors("c"), (std::vector<std::string>{"b", "a"}));
  EXPECT_TRUE(lineage.ancestors("a").empty());
  EXPECT_TRUE(lineage.ancestors("unknown").empty());
}

TEST(Lineage, GoesNoFurtherThanItsLimitAndSurvivesACircle) {
  Lineage lineage;
  for (int i = 1; i < 20; ++i) lineage.observe({std::to_string(i), std::to_string(i - 1), false});
  EXPECT_EQ(lineage.ancestors("19").size(), Lineage::kMaxAncestors);
  lineage.observe({"x", "y", false});
  lineage.observe({"y", "x", false});
  EXPECT_EQ(lineage.ancestors("x"), std::vector<std::string>{"y"});
}

}  // namespace
}  // namespace catena::incident
