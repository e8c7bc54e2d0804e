// SPDX-License-Identifier: Apache-2.0
#include "engine/report/story.h"

#include <gtest/gtest.h>

#include "tests/support/story_fixture.h"

namespace catena::report {
namespace {

using attack::Phase;

class StoryTest : public testing::Test {
 protected:
  Story story_ = test::make_story({
      test::with_technique(test::make_detection(1, "scan", {test::host("a"), test::user("eve")}),
                           "T1595.002", Phase::kExternalReconnaissance),
      test::with_technique(test::make_detection(2, "scan", {test::host("a")}), "T1595.002",
                           Phase::kExternalReconnaissance),
      test::with_technique(test::make_detection(3, "scan", {test::host("b")}), "T1595.002",
                           Phase::kExternalReconnaissance),
      test::make_detection(4, "other", {}),
  });
  attack::AttackCatalog attack_;
  StoryView view_{story_, attack_};
};

TEST_F(StoryTest, FoldsOneRuleOnOneHostInOnePhase) {
  ASSERT_EQ(view_.lines().size(), 3U);
  EXPECT_EQ(view_.lines()[0].steps, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(view_.lines()[0].last, 2 * kNanosPerMinute);
  EXPECT_EQ(view_.lines()[0].user, "eve");
  EXPECT_EQ(view_.lines()[1].host, "b");
  EXPECT_EQ(view_.lines()[2].host, "");
  EXPECT_EQ(view_.line_of(1), 0U);
  EXPECT_EQ(view_.rule_count(), 2U);
}

TEST_F(StoryTest, SaysWhyAStepBelongs) {
  EXPECT_EQ(view_.reason(0), "opens the chain");
  EXPECT_EQ(view_.reason(2), "shares host h with \"scan\" at 00:02:00");
  EXPECT_EQ(view_.parent_of(2), std::optional<std::size_t>(1));
  EXPECT_FALSE(view_.parent_of(0));
  story_.chain.steps[3].join.parent = hash128("gone");
  EXPECT_EQ(view_.reason(3), "shares host h");
}

TEST_F(StoryTest, NamesTechniquesWithTheirParents) {
  attack_.add_technique({"T1003", "Dumping", {}, {}, "", false});
  attack_.add_technique({"T1003.001", "LSASS", {}, {}, "T1003", false});
  EXPECT_EQ(view_.technique_name("T1003.001"), "T1003.001 Dumping: LSASS");
  EXPECT_EQ(view_.technique_name("T9999"), "T9999");
}

}  // namespace
}  // namespace catena::report
