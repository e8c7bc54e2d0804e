// SPDX-License-Identifier: Apache-2.0
#include "bench/evaluation/set_score.h"

#include <gtest/gtest.h>

#include "tests/support/detection_fixture.h"

namespace catena::evaluation {
namespace {

using incident::Detection;

Detection finding(std::int64_t minute, const std::string& rule, const std::string& technique,
                  const std::string& host, const std::string& process) {
  Detection detection =
      test::make_detection(minute, rule, {test::host(host), test::process("guid:" + process)});
  detection.techniques = {technique};
  return detection;
}

// A set with these detections and this label, and its chains.
std::pair<RecordedSet, JoinedSet> made(const std::vector<std::string>& label,
                                       std::vector<Detection> detections) {
  RecordedSet set;
  set.name = "set";
  set.label.techniques = label;
  set.first_event = kNanosPerMinute;
  pipeline::BatchOutcome& outcome = set.outcomes.emplace_back();
  outcome.detections = std::move(detections);
  outcome.position.source = "log";
  auto joined = join_set(set.outcomes);
  EXPECT_TRUE(joined.ok());
  return {std::move(set), *std::move(joined)};
}

TEST(SetScore, CountsLabelsExactlyAndByParent) {
  const auto [set, joined] =
      made({"T1003.001", "T1021.002", "T1490"},
           {finding(1, "a", "T1003.001", "ws", "1"), finding(2, "b", "T1021.006", "ws", "1"),
            finding(900, "c", "T1490", "srv", "2")});
  const SetScore score = score_set(set, joined);
  EXPECT_EQ(score.detections, 3U);
  EXPECT_EQ(score.chains, 2U);
  EXPECT_EQ(score.hosts, 2U);
  EXPECT_EQ(score.top_chain_hosts, 1U);
  EXPECT_EQ(score.exact.labelled, 3U);
  EXPECT_EQ(score.exact.detected, 2U);
  EXPECT_EQ(score.exact.in_first, 1U);
  EXPECT_EQ(score.parent.detected, 3U);
  EXPECT_EQ(score.parent.in_first, 2U);
  EXPECT_EQ(score.parent.in_first_two, 2U);
}

TEST(SetScore, SaysWhenTheFirstIncidentIsReached) {
  std::vector<Detection> steps;
  for (const auto phase :
       {attack::Phase::kEscalatePrivileges, attack::Phase::kMoveLaterally,
        attack::Phase::kMaintainPersistence, attack::Phase::kInternalReconnaissance}) {
    const auto minute = static_cast<std::int64_t>(steps.size()) + 1;
    steps.push_back(finding(minute, "r" + std::to_string(minute), "T1003", "ws", "1"));
    steps.back().phases = {phase};
  }
  const auto [set, joined] = made({"T1003"}, steps);
  const SetScore score = score_set(set, joined);
  EXPECT_EQ(score.high_chains, 1U);
  EXPECT_GT(score.seconds_to_incident, 60.0);
  EXPECT_LE(score.seconds_to_incident, 180.0);
}

TEST(SetScore, NoDetectionsNoChains) {
  const auto [set, joined] = made({"T1003"}, {});
  const SetScore score = score_set(set, joined);
  EXPECT_EQ(score.chains, 0U);
  EXPECT_EQ(score.exact.detected, 0U);
  EXPECT_LT(score.seconds_to_incident, 0);
}

}  // namespace
}  // namespace catena::evaluation
