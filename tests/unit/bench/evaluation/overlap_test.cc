// SPDX-License-Identifier: Apache-2.0
#include "bench/evaluation/overlap.h"

#include <gtest/gtest.h>

#include "tests/support/detection_fixture.h"

namespace catena::evaluation {
namespace {

// A campaign of some steps of one process, years after another one.
RecordedSet campaign(const std::string& name, std::int64_t start, const std::string& process) {
  RecordedSet set;
  set.name = name;
  set.first_event = start * kNanosPerMinute;
  pipeline::BatchOutcome& outcome = set.outcomes.emplace_back();
  outcome.position.source = name;
  for (int i = 0; i < 4; ++i) {
    outcome.detections.push_back(test::make_detection(
        start + i, name + std::to_string(i), {test::host("ws"), test::process("guid:" + process)}));
  }
  return set;
}

std::vector<Id128> all_steps(const RecordedSet& set) {
  std::vector<Id128> ids;
  for (const auto& detection : set.outcomes[0].detections) ids.push_back(detection.id);
  return ids;
}

OverlapScore score(const std::vector<RecordedSet>& sets,
                   OverlapStart start = OverlapStart::kSameMoment) {
  std::vector<OverlapSet> campaigns;
  for (const RecordedSet& set : sets) campaigns.push_back({&set, all_steps(set), {}});
  const auto found = score_overlap(campaigns, start);
  EXPECT_TRUE(found.ok());
  return *found;
}

TEST(Overlap, CampaignsOfTheirOwnProcessesStayApart) {
  const OverlapScore found =
      score({campaign("a", 10, "1"), campaign("b", 900'000, "2"), campaign("c", 5'000'000, "3")});
  EXPECT_EQ(found.campaigns, 3U);
  EXPECT_EQ(found.own_chain, 3U);
  EXPECT_EQ(found.mixed_chains, 0U);
  EXPECT_EQ(found.pure_steps, 12U);
  EXPECT_TRUE(found.lost.empty());
}

TEST(Overlap, WhatTheyShareIsNamed) {
  const OverlapScore found =
      score({campaign("a", 10, "1"), campaign("b", 900'000, "1"), campaign("c", 5'000'000, "1")});
  EXPECT_EQ(found.own_chain, 0U);
  EXPECT_EQ(found.over_mixed_chains, 1U);
  EXPECT_EQ(found.most_campaigns, 3U);
  ASSERT_EQ(found.lost.size(), 3U);
  EXPECT_EQ(found.lost[0].name, "a");
  EXPECT_EQ(found.lost[0].core, 4U);
  EXPECT_EQ(found.lost[0].kept, 4U);
  EXPECT_EQ(found.lost[0].own, 4U);
  EXPECT_EQ(found.lost[0].chain, 12U);
  EXPECT_EQ(found.lost[0].campaigns, 3U);
  ASSERT_FALSE(found.glue.empty());
  EXPECT_EQ(found.glue.front().first, "process guid:1");
}

// Two recordings of one place tell nothing of each other when they are minutes apart in the hour.
TEST(Overlap, ACampaignBeginsAtItsOwnMinute) {
  const auto with_host_only = [](const std::string& name, std::int64_t start) {
    RecordedSet set = campaign(name, start, name);
    for (auto& detection : set.outcomes[0].detections) {
      detection.entities = {test::host("ws")};
      detection.rule_id = "r";
    }
    return set;
  };
  const std::vector<RecordedSet> sets = {with_host_only("a", 60), with_host_only("b", 600'045)};
  EXPECT_EQ(score(sets, OverlapStart::kOwnMinute).mixed_chains, 0U);
  EXPECT_EQ(score(sets, OverlapStart::kSameMoment).mixed_chains, 4U);
}

}  // namespace
}  // namespace catena::evaluation
