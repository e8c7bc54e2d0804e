// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/story_ties.h"

#include <gtest/gtest.h>

#include "tests/support/detection_fixture.h"

namespace catena::incident {
namespace {

using test::host;
using test::make_detection;
using test::user;

// Stories written down: when and where they are, and how much they weigh.
class StoryTiesTest : public testing::Test {
 protected:
  std::size_t add(std::uint64_t weight, const std::vector<Detection>& detections) {
    Anchors& anchors = anchors_.emplace_back();
    for (const Detection& detection : detections) add_anchors(detection, anchors);
    const Detection& first = detections.front();
    stories_.push_back({nullptr, weight, detections.size(), first.time, first.id});
    return stories_.size() - 1;
  }

  std::vector<TiedStory> tie(std::size_t max_steps = 1000) {
    for (std::size_t i = 0; i < stories_.size(); ++i) stories_[i].anchors = &anchors_[i];
    return tie_stories(stories_, max_steps);
  }

  std::vector<Anchors> anchors_;
  std::vector<Story> stories_;
};

Entity remote(const std::string& value) { return {EntityType::kRemote, value}; }

TEST_F(StoryTiesTest, TwoOnAQuietHostAreOne) {
  const auto first = make_detection(0, "a", {host("h")});
  add(80, {first});
  add(60, {make_detection(4, "b", {host("h")})});
  const auto tied = tie();
  EXPECT_EQ(tied[1].group, 0U);
  EXPECT_EQ(tied[1].join.parent, first.id);
  EXPECT_EQ(tied[1].join.entity, host("h"));
  EXPECT_TRUE(tied[0].join.parent.is_zero());
}

TEST_F(StoryTiesTest, ThreeOfAKindStayApartAndADominantOneGathersTheRest) {
  for (int i = 0; i < 3; ++i) add(80, {make_detection(i, "r" + std::to_string(i), {host("h")})});
  auto tied = tie();
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(tied[i].group, i);
  add(400, {make_detection(5, "big", {host("h")})});
  tied = tie();
  for (const TiedStory& story : tied) EXPECT_EQ(story.group, 0U);
}

TEST_F(StoryTiesTest, TimeSeparates) {
  add(80, {make_detection(0, "a", {host("h")})});
  add(60, {make_detection(45, "b", {host("h")})});
  EXPECT_EQ(tie()[1].group, 1U);
}

TEST_F(StoryTiesTest, WhoWasThereForAWhileBeforeCouldBeMeantToo) {
  add(300, {make_detection(20, "a", {host("h")})});
  add(80, {make_detection(21, "b", {host("h")})});
  EXPECT_EQ(tie()[1].group, 0U);
  add(250, {make_detection(0, "c", {host("h")})});
  EXPECT_EQ(tie()[1].group, 1U);
}

TEST_F(StoryTiesTest, WhatHappenedInOtherSessionsIsNotTiedByTheHost) {
  const auto logon = [](const std::string& id) { return Entity{EntityType::kLogon, "h|" + id}; };
  add(300, {make_detection(0, "a", {host("h"), logon("0xa1")})});
  add(80, {make_detection(1, "b", {host("h"), logon("0xa2")})});
  EXPECT_EQ(tie()[1].group, 1U);
  add(70, {make_detection(1, "c", {host("h")})});
  EXPECT_EQ(tie()[2].group, 0U);
  add(60, {make_detection(1, "d", {host("h"), logon("0xa1"), logon("0xa3")})});
  EXPECT_EQ(tie()[3].join.entity, logon("0xa1"));
}

// Comparing sessions is bounded.
TEST_F(StoryTiesTest, AStoryOfManySessionsIsAtHomeInAll) {
  std::vector<Entity> entities = {host("h")};
  for (std::size_t i = 0; i < kMaxSessionsCompared; ++i) {
    entities.push_back({EntityType::kLogon, "h|0xa" + std::to_string(i)});
  }
  add(300, {make_detection(0, "a", entities)});
  add(80, {make_detection(1, "b", {host("h"), {EntityType::kLogon, "h|0xb"}})});
  EXPECT_EQ(tie()[1].group, 0U);
}

TEST_F(StoryTiesTest, AnAccountTellsMoreThanAHost) {
  add(80, {make_detection(0, "a", {host("h"), user("alice")})});
  add(80, {make_detection(1, "b", {host("h"), user("bob")})});
  add(20, {make_detection(2, "c", {host("h"), user("bob")})});
  EXPECT_EQ(tie()[2].join.entity, user("h|bob"));
}

TEST_F(StoryTiesTest, TheAddressOfAMachineLeadsToWhatHappenedOnIt) {
  const Entity address = {EntityType::kIp, "10.0.0.5"};
  add(300, {make_detection(0, "beacon", {host("ws"), address})});
  add(80, {make_detection(100, "flood", {host("web"), address})});
  EXPECT_EQ(tie()[1].group, 0U);
  EXPECT_EQ(tie()[1].join.entity, address);
}

TEST_F(StoryTiesTest, ALogonFromAnotherMachineLeadsBackToIt) {
  const auto origin = make_detection(0, "a", {host("ws"), user("alice")});
  add(300, {origin});
  add(80, {make_detection(1, "b", {host("srv"), remote("ws|alice")})});
  const auto tied = tie();
  EXPECT_EQ(tied[1].group, 0U);
  EXPECT_EQ(tied[1].join.parent, origin.id);
  EXPECT_EQ(tied[1].join.entity, remote("ws|alice"));
}

TEST_F(StoryTiesTest, ALogonThatCouldBeOfSeveralStoriesIsOfNone) {
  add(300, {make_detection(0, "a", {host("ws"), user("alice")})});
  add(250, {make_detection(1, "b", {host("ws"), user("alice")})});
  add(200, {make_detection(2, "c", {host("ws"), user("alice")})});
  add(80, {make_detection(3, "d", {host("srv"), remote("ws|alice")})});
  EXPECT_EQ(tie()[3].group, 3U);
}

TEST_F(StoryTiesTest, AGroupHasAMostLength) {
  add(80, {make_detection(0, "a", {host("h")}), make_detection(1, "a", {host("h")})});
  add(60, {make_detection(2, "b", {host("h")}), make_detection(3, "b", {host("h")})});
  EXPECT_EQ(tie(3)[1].group, 1U);
  EXPECT_EQ(tie(4)[1].group, 0U);
}

TEST_F(StoryTiesTest, TheOrderOfStoriesDoesNotMatter) {
  for (int i = 0; i < 12; ++i) {
    add(static_cast<std::uint64_t>(20 + 37 * i % 100),
        {make_detection(i * 7, "r" + std::to_string(i),
                        {host("h" + std::to_string(i % 3)), user("u" + std::to_string(i % 2))})});
  }
  const auto groups = [&] {
    const auto tied = tie();
    std::map<Id128, Id128> opener_of;
    for (std::size_t i = 0; i < tied.size(); ++i) {
      opener_of[stories_[i].opener] = stories_[tied[i].group].opener;
    }
    return opener_of;
  };
  const auto before = groups();
  std::reverse(anchors_.begin(), anchors_.end());
  std::reverse(stories_.begin(), stories_.end());
  EXPECT_EQ(groups(), before);
}

}  // namespace
}  // namespace catena::incident
