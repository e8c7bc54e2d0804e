// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/chain_builder.h"

#include <random>
#include <set>
#include <span>

#include <gtest/gtest.h>

#include "engine/incident/json_lines.h"
#include "tests/support/detection_fixture.h"

namespace catena::incident {
namespace {

using test::ancestor;
using test::host;
using test::ip;
using test::make_detection;
using test::process;
using test::user;

std::vector<Chain> build(std::vector<Detection> detections) {
  std::sort(detections.begin(), detections.end(), [](const Detection& a, const Detection& b) {
    return std::tie(a.time, a.id) < std::tie(b.time, b.id);
  });
  ChainBuilder builder;
  for (const Detection& detection : detections) builder.add(detection);
  return builder.take().chains;
}

TEST(ChainBuilder, KeepsALoneDetectionAsAChainOfOneStep) {
  const auto chains = build({make_detection(1, "r", {host("a")})});
  ASSERT_EQ(chains.size(), 1U);
  EXPECT_EQ(chains[0].steps.size(), 1U);
  EXPECT_TRUE(chains[0].steps[0].join.parent.is_zero());
}

TEST(ChainBuilder, JoinsAProcessTreeAndSaysWhy) {
  const auto first = make_detection(1, "parent", {host("a"), process("guid:p")});
  const auto second =
      make_detection(200, "child", {host("a"), process("guid:c"), ancestor("guid:p")});
  const auto chains = build({second, first});
  ASSERT_EQ(chains.size(), 1U);
  ASSERT_EQ(chains[0].steps.size(), 2U);
  EXPECT_EQ(chains[0].steps[1].join.parent, first.id);
  EXPECT_EQ(chains[0].steps[1].join.entity, ancestor("guid:p"));
}

TEST(ChainBuilder, AHostAloneJoinsForMinutes) {
  EXPECT_EQ(
      build({make_detection(0, "x", {host("a")}), make_detection(5, "y", {host("a")})}).size(), 1U);
  EXPECT_EQ(
      build({make_detection(0, "x", {host("a")}), make_detection(60, "y", {host("a")})}).size(),
      2U);
  EXPECT_EQ(
      build({make_detection(0, "x", {host("a")}), make_detection(1, "y", {host("b")})}).size(), 2U);
}

// Among several on a busy host: what two rules say of one technique at the same time is one thing.
TEST(ChainBuilder, TheSameFindingByTwoRulesIsOneStory) {
  std::vector<Detection> detections;
  for (const std::string technique : {"T1001", "T1002", "T1003"}) {
    for (const std::string rule : {"a", "b"}) {
      detections.push_back(make_detection(0, rule + technique, {host("a")}));
      detections.back().techniques = {technique};
    }
  }
  const auto chains = build(detections);
  ASSERT_EQ(chains.size(), 3U);
  for (const Chain& chain : chains) EXPECT_EQ(chain.techniques.size(), 1U);
}

TEST(ChainBuilder, ABusyHostIsNoReasonToJoin) {
  std::vector<Detection> detections;
  for (int i = 0; i < 6; ++i) {
    const std::string name = std::to_string(i % 3);
    detections.push_back(make_detection(i, "r" + name, {host("a"), process("guid:" + name)}));
  }
  EXPECT_EQ(build(detections).size(), 3U);
}

TEST(ChainBuilder, LooseEndsGoToTheStoryThatDominatesTheHost) {
  std::vector<Detection> detections;
  for (int i = 0; i < 4; ++i) {
    detections.push_back(
        make_detection(i, "r" + std::to_string(i), {host("a"), process("guid:1")}));
  }
  detections.push_back(make_detection(5, "x", {host("a"), process("guid:2")}));
  detections.push_back(make_detection(6, "y", {host("a"), process("guid:3")}));
  const auto chains = build(detections);
  ASSERT_EQ(chains.size(), 1U);
  EXPECT_EQ(chains[0].steps[4].join.entity, host("a"));
}

TEST(ChainBuilder, TheSameRuleAgainOnAHostIsTheSameStory) {
  std::vector<Detection> detections;
  for (int i = 0; i < 20; ++i) {
    detections.push_back(make_detection(0, i % 2 == 0 ? "even" : "odd", {host("a")}));
    detections.push_back(make_detection(0, "third", {host("a"), process("guid:1")}));
    for (Detection& detection : std::span(detections).last(2)) {
      detection.time += i * 10 * kNanosPerSecond;
      detection.id = hash128(std::to_string(i) + detection.rule_id);
    }
  }
  EXPECT_EQ(build(detections).size(), 3U);
}

TEST(ChainBuilder, ABackgroundRuleWeighsLittle) {
  // The same rule on the same host for three days; then something else beside two of its kind.
  std::vector<Detection> detections;
  for (int i = 0; i < 12; ++i) {
    detections.push_back(make_detection(i * 360, "noise", {host("a"), ip("203.0.113.1")}));
  }
  const std::int64_t now = 12 * 360;
  detections.push_back(make_detection(now, "noise", {host("a"), process("guid:1")}));
  detections.push_back(make_detection(now + 1, "x", {host("a"), process("guid:2")}));
  detections.push_back(make_detection(now + 2, "y", {host("a"), process("guid:3")}));
  const auto chains = build(detections);
  // Three of the same weight would stay apart.
  const auto holder = std::find_if(chains.begin(), chains.end(), [&](const Chain& chain) {
    return chain.steps.size() == 3 && chain.first == now * kNanosPerMinute;
  });
  ASSERT_NE(holder, chains.end());
  EXPECT_TRUE(holder->steps[0].background);
  EXPECT_FALSE(holder->steps[1].background);
}

TEST(ChainBuilder, AUserAloneNeverJoins) {
  const auto chains = build({make_detection(0, "x", {host("a"), user("alice")}),
                             make_detection(1, "y", {host("b"), user("alice")})});
  EXPECT_EQ(chains.size(), 2U);
}

TEST(ChainBuilder, AnAddressJoinsHostsWhateverItsRole) {
  const auto chains = build({make_detection(0, "x", {host("a"), ip("203.0.113.9")}),
                             make_detection(60, "y", {host("b"), ip("203.0.113.9")})});
  ASSERT_EQ(chains.size(), 1U);
  EXPECT_EQ(chains[0].hosts, (std::vector<std::string>{"a", "b"}));
}

TEST(ChainBuilder, StaticHubsJoinNothing) {
  const auto chains = build({make_detection(0, "x", {host("a"), ip("127.0.0.1"), user("system")}),
                             make_detection(1, "y", {host("b"), ip("127.0.0.1"), user("system")})});
  EXPECT_EQ(chains.size(), 2U);
}

TEST(ChainBuilder, AnAddressOnTooManyHostsIsInfrastructure) {
  std::vector<Detection> detections;
  for (std::size_t i = 0; i <= ChainBuilder::kMaxHostsPerEntity + 5; ++i) {
    detections.push_back(make_detection(static_cast<std::int64_t>(i), "r" + std::to_string(i),
                                        {host("h" + std::to_string(i)), ip("203.0.113.53")}));
  }
  EXPECT_GT(build(detections).size(), 1U);
}

TEST(ChainBuilder, MergesTwoChainsThatOneDetectionTiesStrongly) {
  const auto a = make_detection(0, "a", {host("x"), process("guid:1")});
  const auto b = make_detection(10, "b", {host("y"), process("guid:2")});
  const auto tie = make_detection(20, "t", {host("z"), process("guid:1"), process("guid:2")});
  const auto chains = build({a, b, tie});
  ASSERT_EQ(chains.size(), 1U);
  EXPECT_EQ(chains[0].steps.size(), 3U);
  EXPECT_EQ(chains[0].steps[1].detection, b.id);
  EXPECT_EQ(chains[0].steps[1].join.parent, tie.id);
}

TEST(ChainBuilder, AHostWithTwoStoriesJoinsNeither) {
  // Two processes on one host, two stories of the same weight (they are an hour apart); a third one
  // is near to the second alone.
  const auto chains = build({make_detection(0, "a", {host("x"), process("guid:1")}),
                             make_detection(55, "b", {host("x"), process("guid:2")}),
                             make_detection(56, "c", {host("x")})});
  EXPECT_EQ(chains.size(), 2U);
}

TEST(ChainBuilder, AChainHasAMostLength) {
  ChainBuilder builder;
  for (std::size_t i = 0; i < ChainBuilder::kMaxSteps + 100; ++i) {
    builder.add(make_detection(static_cast<std::int64_t>(i), "r", {host("a"), process("guid:1")}));
  }
  const auto chains = builder.take().chains;
  ASSERT_EQ(chains.size(), 2U);
  EXPECT_EQ(chains[0].steps.size() + chains[1].steps.size(), ChainBuilder::kMaxSteps + 100);
  EXPECT_LE(std::max(chains[0].steps.size(), chains[1].steps.size()), ChainBuilder::kMaxSteps);
}

TEST(ChainBuilder, IdsComeFromContentAndNotFromTheRun) {
  const auto a = make_detection(0, "a", {host("x")});
  const auto b = make_detection(5, "b", {host("x")});
  EXPECT_EQ(build({a})[0].id, build({a, b})[0].id);
}

TEST(ChainBuilder, AMergeEndsTheIdOfTheYoungerChain) {
  ChainBuilder builder;
  builder.add(make_detection(0, "a", {host("x"), process("guid:1")}));
  const Id128 older = builder.take().chains.front().id;
  builder.add(make_detection(10, "b", {host("y"), process("guid:2")}));
  const Id128 younger = builder.take().chains.front().id;
  builder.add(make_detection(20, "t", {host("z"), process("guid:1"), process("guid:2")}));
  const auto after = builder.take();
  ASSERT_EQ(after.chains.size(), 1U);
  EXPECT_EQ(after.chains[0].id, older);
  EXPECT_EQ(after.merged_away, std::vector<Id128>{younger});
}

// Every detection is in exactly one chain, and the result does not depend on how the epochs are
// cut.
TEST(ChainBuilderProperty, LosesNothingAndDependsOnNoEpochBorder) {
  for (std::uint32_t seed = 1; seed <= 30; ++seed) {
    std::mt19937 random(seed);
    std::vector<Detection> detections;
    for (int i = 0; i < 120; ++i) {
      std::vector<Entity> entities = {host("h" + std::to_string(random() % 6))};
      if (random() % 2 == 0) entities.push_back(process("guid:" + std::to_string(random() % 25)));
      if (random() % 3 == 0) entities.push_back(ip("198.51.100." + std::to_string(random() % 9)));
      detections.push_back(make_detection(static_cast<std::int64_t>(random() % 3000),
                                          "r" + std::to_string(i), std::move(entities)));
    }
    std::sort(detections.begin(), detections.end(), [](const Detection& a, const Detection& b) {
      return std::tie(a.time, a.id) < std::tie(b.time, b.id);
    });
    ChainBuilder whole;
    ChainBuilder cut;
    std::map<Id128, Chain> whole_chains;
    std::map<Id128, Chain> cut_chains;
    const auto apply = [](ChainBuilder& builder, std::map<Id128, Chain>& chains) {
      auto changes = builder.take();
      for (const Id128& gone : changes.merged_away) chains.erase(gone);
      for (Chain& chain : changes.chains) chains[chain.id] = chain;
    };
    for (const Detection& detection : detections) {
      whole.add(detection);
      cut.add(detection);
      if (random() % 10 == 0) apply(cut, cut_chains);
    }
    apply(whole, whole_chains);
    apply(cut, cut_chains);
    std::multiset<Id128> members;
    for (const auto& [id, chain] : whole_chains) {
      for (const Step& step : chain.steps) members.insert(step.detection);
    }
    EXPECT_EQ(members.size(), detections.size()) << "SEED=" << seed;
    EXPECT_EQ(std::set<Id128>(members.begin(), members.end()).size(), detections.size());
    EXPECT_EQ(whole_chains, cut_chains) << "SEED=" << seed;
  }
}

}  // namespace
}  // namespace catena::incident
