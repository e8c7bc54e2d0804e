// SPDX-License-Identifier: Apache-2.0
#include "engine/report/attack_flow.h"

#include <gtest/gtest.h>

#include "engine/report/stix_object.h"
#include "tests/support/story_fixture.h"

namespace catena::report {
namespace {

using attack::Phase;

std::string action(const Story& story, std::size_t step) {
  return stix_id("attack-action", story.chain.id.hex() + "\n" + story.detections[step].id.hex());
}

// A line without a technique is left out; what joined it hangs on what it had joined.
TEST(AttackFlow, LeadsOverLinesWithoutATechnique) {
  const Story story = test::make_story({
      test::with_technique(test::make_detection(1, "a", {}), "T1190", Phase::kLaunchAttack),
      test::make_detection(2, "b", {}),
      test::with_technique(test::make_detection(3, "c", {}), "T1059", Phase::kInitialCompromise),
  });
  const attack::AttackCatalog attack;
  const std::string flow = attack_flow(StoryView(story, attack));
  EXPECT_NE(flow.find("\"start_refs\":[\"" + action(story, 0) + "\"]"), std::string::npos);
  EXPECT_NE(flow.find("\"effect_refs\":[\"" + action(story, 2) + "\"]"), std::string::npos);
  EXPECT_EQ(flow.find(action(story, 1)), std::string::npos);
}

// Two stories that met late may be joined at a later step of the first one.
TEST(AttackFlow, NeverTurnsInACircle) {
  Story story = test::make_story({
      test::with_technique(test::make_detection(1, "a", {}), "T1190", Phase::kLaunchAttack),
      test::with_technique(test::make_detection(2, "b", {}), "T1059", Phase::kInitialCompromise),
      test::with_technique(test::make_detection(3, "a", {}), "T1190", Phase::kLaunchAttack),
  });
  story.chain.steps[0].join.parent = story.detections[1].id;
  const attack::AttackCatalog attack;
  const std::string flow = attack_flow(StoryView(story, attack));
  EXPECT_NE(flow.find("\"start_refs\":[\"" + action(story, 0) + "\"]"), std::string::npos);
  EXPECT_NE(flow.find("\"effect_refs\":[\"" + action(story, 1) + "\"]"), std::string::npos);
}

}  // namespace
}  // namespace catena::report
