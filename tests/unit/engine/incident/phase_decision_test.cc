// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/phase_decision.h"

#include <gtest/gtest.h>

#include "tests/support/detection_fixture.h"

namespace catena::incident {
namespace {

using attack::Phase;
using test::host;
using test::ip;
using test::make_detection;

Detection step(const std::string& technique, std::vector<Phase> phases,
               std::vector<Entity> entities) {
  Detection detection = make_detection(0, technique, std::move(entities));
  detection.techniques = {technique};
  detection.phases = std::move(phases);
  return detection;
}

const Entity kFromAfar = {EntityType::kRemote, "ws|alice"};

TEST(PhaseDecision, ATaskCreatedFromAnotherMachineIsMovement) {
  const std::vector<Phase> task = {Phase::kMaintainPersistence, Phase::kMoveLaterally};
  PhaseDecision decision;
  EXPECT_EQ(decision.next(step("T1053.005", task, {host("a")})), Phase::kMaintainPersistence);
  EXPECT_EQ(decision.next(step("T1053.005", task, {host("a"), kFromAfar})), Phase::kMoveLaterally);
}

TEST(PhaseDecision, GuessingPasswordsFromOutsideIsALaunch) {
  const std::vector<Phase> guess = {Phase::kInternalReconnaissance, Phase::kEscalatePrivileges};
  PhaseDecision decision;
  EXPECT_EQ(decision.next(step("T1110.001", guess, {host("a"), ip("203.0.113.9")})),
            Phase::kLaunchAttack);
  EXPECT_EQ(decision.next(step("T1110.001", guess, {host("a"), ip("10.0.0.9")})),
            Phase::kInternalReconnaissance);
}

TEST(PhaseDecision, AccessToAFurtherMachineIsMovement) {
  const std::vector<Phase> account = {Phase::kInitialCompromise, Phase::kMoveLaterally};
  PhaseDecision decision;
  EXPECT_EQ(decision.next(step("T1078", account, {host("a")})), Phase::kInitialCompromise);
  EXPECT_EQ(decision.next(step("T1078", account, {host("b")})), Phase::kMoveLaterally);
}

TEST(PhaseDecision, ASecondRemoteToolKeepsWhatTheFirstGave) {
  const std::vector<Phase> tool = {Phase::kEstablishFoothold, Phase::kMaintainPersistence};
  PhaseDecision decision;
  Detection second = step("T1219", tool, {host("a")});
  second.rule_id = "another tool";
  EXPECT_EQ(decision.next(step("T1219", tool, {host("a")})), Phase::kEstablishFoothold);
  EXPECT_EQ(decision.next(step("T1219", tool, {host("a")})), Phase::kEstablishFoothold);
  EXPECT_EQ(decision.next(second), Phase::kMaintainPersistence);
}

TEST(PhaseDecision, ContextualStepsAreLeftToTheirContext) {
  PhaseDecision decision;
  Detection execution = step("T1059", {Phase::kEstablishFoothold}, {host("a")});
  execution.contextual_phase = true;
  EXPECT_FALSE(decision.next(execution).has_value());
}

}  // namespace
}  // namespace catena::incident
