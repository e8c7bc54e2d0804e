// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/score.h"

#include <gtest/gtest.h>

#include "engine/incident/chain_builder.h"
#include "tests/support/detection_fixture.h"

namespace catena::incident {
namespace {

using attack::Phase;
using test::host;
using test::make_detection;

Chain score(const std::vector<std::pair<std::string, Phase>>& steps) {
  std::vector<Detection> detections;
  std::int64_t minute = 0;
  for (const auto& [rule, phase] : steps) {
    detections.push_back(make_detection(minute++, rule, {host("a")}));
    detections.back().phases = {phase};
  }
  std::vector<ChainMember> members;
  for (const Detection& detection : detections) members.push_back({&detection, {}});
  return assemble_chain(Id128{1, 1}, members);
}

TEST(Score, RepetitionDoesNotInflate) {
  const Chain once = score({{"a", Phase::kMoveLaterally}});
  const Chain often = score(
      {{"a", Phase::kMoveLaterally}, {"a", Phase::kMoveLaterally}, {"a", Phase::kMoveLaterally}});
  EXPECT_EQ(once.score, often.score);
  EXPECT_EQ(once.score, 40U);  // 8 points, halved for a single rule
  EXPECT_EQ(once.severity, Severity::kLow);
}

TEST(Score, MorePhasesAndRulesWeighMore) {
  const Chain two = score({{"a", Phase::kMoveLaterally}, {"b", Phase::kEscalatePrivileges}});
  const Chain three = score({{"a", Phase::kMoveLaterally},
                             {"b", Phase::kEscalatePrivileges},
                             {"c", Phase::kMaintainPersistence}});
  EXPECT_GT(three.score, two.score);
  EXPECT_EQ(two.severity, Severity::kLow);
  EXPECT_EQ(three.severity, Severity::kMedium);  // 24 points, half as much again, an eighth off
}

TEST(Score, AnObjectiveReachedAfterAccessIsCritical) {
  const Chain chain = score({{"a", Phase::kInitialCompromise}, {"b", Phase::kExecuteObjective}});
  EXPECT_EQ(chain.severity, Severity::kCritical);
}

}  // namespace
}  // namespace catena::incident
