// SPDX-License-Identifier: Apache-2.0
#include "engine/correlate/temporal_windows.h"

#include <gtest/gtest.h>

#include "tests/unit/engine/correlate/correlation_fixture.h"

namespace catena::correlate {
namespace {

using plan::CorrelationType;
using Kind = plan::PresenceNode::Kind;

constexpr std::uint64_t kA = 1;
constexpr std::uint64_t kB = 2;
constexpr std::uint64_t kC = 4;

TEST(TemporalWindow, CountsRulesNotEvents) {
  const auto rule = correlation(CorrelationType::kTemporal, {at_least(2)}, 3);
  TemporalWindow window(rule);
  EXPECT_FALSE(step(window, member_at(0, kA)));
  EXPECT_FALSE(step(window, member_at(1, kA)));
  EXPECT_TRUE(step(window, member_at(2, kC)));
  EXPECT_TRUE(step(window, member_at(11, kC)));  // the newest a is at 1
  EXPECT_FALSE(step(window, member_at(11.5, kC)));
  EXPECT_TRUE(step(window, member_at(30, kA | kB)));  // one event, two rules
}

TEST(TemporalWindow, EvaluatesABooleanCondition) {
  auto rule = correlation(CorrelationType::kTemporal, {}, 2);
  rule.presence = {{Kind::kInput, 0, {}},
                   {Kind::kInput, 1, {}},
                   {Kind::kNot, 0, {1}},
                   {Kind::kAnd, 0, {0, 2}}};  // a and not b
  TemporalWindow window(rule);
  EXPECT_TRUE(step(window, member_at(0, kA)));
  EXPECT_FALSE(step(window, member_at(1, kB)));
  EXPECT_FALSE(step(window, member_at(2, kA)));
  EXPECT_TRUE(step(window, member_at(11.5, kA)));
}

plan::Correlation in_order(std::size_t steps) {
  auto rule = correlation(CorrelationType::kTemporalOrdered, {}, steps);
  rule.terms.emplace_back();
  for (std::uint32_t i = 0; i < steps; ++i) rule.terms[0].steps.push_back(i);
  return rule;
}

TEST(OrderedWindow, WantsTheOrder) {
  const auto rule = in_order(3);
  OrderedWindow window(rule);
  EXPECT_FALSE(step(window, member_at(0, kC)));
  EXPECT_FALSE(step(window, member_at(1, kB)));
  EXPECT_FALSE(step(window, member_at(2, kA)));
  EXPECT_FALSE(step(window, member_at(3, kC)));
  EXPECT_FALSE(step(window, member_at(4, kB)));
  EXPECT_EQ(window.progress(), 2U);  // a, b
  EXPECT_TRUE(step(window, member_at(5, kC)));
  std::vector<MemberReference> members;
  ASSERT_TRUE(window.list(members));
  ASSERT_EQ(members.size(), 3U);
  EXPECT_EQ(members[0].event.time, 2 * kNanosPerSecond);
  EXPECT_EQ(members[2].event.time, 5 * kNanosPerSecond);
  EXPECT_EQ(members[1].input, 1U);
}

TEST(OrderedWindow, BeginsAgainWithALaterStart) {
  const auto rule = in_order(2);
  OrderedWindow window(rule);
  EXPECT_FALSE(step(window, member_at(0, kA)));
  EXPECT_FALSE(step(window, member_at(8, kA)));
  EXPECT_TRUE(step(window, member_at(15, kB)));  // from 8, not from 0
  EXPECT_FALSE(step(window, member_at(18.5, kB)));
}

TEST(OrderedWindow, FillsOneStepWithOneEvent) {
  const auto rule = in_order(2);
  OrderedWindow window(rule);
  EXPECT_FALSE(step(window, member_at(0, kA | kB)));
  EXPECT_TRUE(step(window, member_at(1, kA | kB)));
}

TEST(OrderedWindow, KeepsWhatMustBeAbsentApart) {
  auto rule = in_order(2);
  rule.inputs.resize(3);
  rule.terms[0].absent = kC;
  OrderedWindow window(rule);
  EXPECT_FALSE(step(window, member_at(0, kC)));
  EXPECT_FALSE(step(window, member_at(5, kA)));
  EXPECT_FALSE(step(window, member_at(6, kB)));
  EXPECT_TRUE(step(window, member_at(10.5, kB)));
}

TEST(OrderedWindow, CostsTheStepsAndNotTheWays) {
  // 16 a, then 16 b, …: 16^12 ways, which trying one after the other would take for ever.
  constexpr std::size_t kSteps = 12;
  const auto rule = in_order(kSteps);
  OrderedWindow window(rule);
  bool held = false;
  for (std::size_t i = 0; i < kSteps; ++i) {
    for (int j = 0; j < 16; ++j) held = step(window, member_at(5, std::uint64_t{1} << i));
  }
  EXPECT_TRUE(held);
  EXPECT_LT(window.bytes(), 30'000U);
}

}  // namespace
}  // namespace catena::correlate
