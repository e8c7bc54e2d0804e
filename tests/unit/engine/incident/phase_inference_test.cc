// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/phase_inference.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "engine/incident/chain_builder.h"
#include "tests/support/detection_fixture.h"

namespace catena::incident {
namespace {

using attack::Phase;
using test::host;
using test::ip;
using test::make_detection;
using test::process;

Detection step(std::int64_t minute, const std::string& rule, Phase phase,
               std::vector<Entity> entities = {host("a")},
               std::vector<std::string> techniques = {}) {
  Detection detection = make_detection(minute, rule, std::move(entities));
  detection.phases = {phase};
  detection.techniques = std::move(techniques);
  return detection;
}

Chain assemble(const std::vector<Detection>& detections) {
  std::vector<ChainMember> members;
  for (const Detection& detection : detections) members.push_back({&detection, {}});
  return assemble_chain(Id128{1, 1}, members);
}

const PhaseInference* find(const Chain& chain, InferenceRule rule) {
  const auto found =
      std::find_if(chain.inferences.begin(), chain.inferences.end(),
                   [&](const PhaseInference& inference) { return inference.rule == rule; });
  return found == chain.inferences.end() ? nullptr : &*found;
}

PhaseState state(const Chain& chain, Phase phase) {
  return chain.phases[static_cast<std::size_t>(phase)].state;
}

TEST(PhaseInference, TheObjectiveIsToldByTheEffect) {
  const std::vector<Detection> steps = {step(0, "a", Phase::kInitialCompromise),
                                        step(5, "b", Phase::kExecuteObjective)};
  const Chain chain = assemble(steps);
  const PhaseInference* found = find(chain, InferenceRule::kObjectiveFromEffect);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->witness, steps[1].id);
  EXPECT_EQ(state(chain, Phase::kDetermineObjective), PhaseState::kInferred);
  EXPECT_EQ(find(assemble({steps[0]}), InferenceRule::kObjectiveFromEffect), nullptr);
}

TEST(PhaseInference, ALaunchAtWhatWasScoutedIsTailored) {
  const std::vector<Detection> steps = {
      step(0, "scan", Phase::kExternalReconnaissance, {host("web")}),
      step(90, "exploit", Phase::kLaunchAttack, {host("web")})};
  const Chain chain = assemble(steps);
  const PhaseInference* found = find(chain, InferenceRule::kTailoredLaunch);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->witness, steps[1].id);
  EXPECT_EQ(found->second_witness, steps[0].id);
  EXPECT_EQ(find(assemble({steps[0], step(90, "exploit", Phase::kLaunchAttack, {host("mail")})}),
                 InferenceRule::kTailoredLaunch),
            nullptr);
}

TEST(PhaseInference, SeveralForeignAddressesHideOne) {
  std::vector<Detection> steps;
  for (int i = 0; i < 3; ++i) {
    steps.push_back(step(i, "scan", Phase::kExternalReconnaissance,
                         {host("web"), ip("203.0.113." + std::to_string(i + 1))}));
  }
  EXPECT_NE(find(assemble(steps), InferenceRule::kRotatedSources), nullptr);
  steps.pop_back();
  EXPECT_EQ(find(assemble(steps), InferenceRule::kRotatedSources), nullptr);
}

TEST(PhaseInference, AnotherLaunchByAnotherTechniqueIsPreparationRevised) {
  const Detection first = step(0, "a", Phase::kLaunchAttack, {host("a")}, {"T1190"});
  EXPECT_NE(find(assemble({first, step(60, "b", Phase::kLaunchAttack, {host("a")}, {"T1566"})}),
                 InferenceRule::kChangedLaunch),
            nullptr);
  EXPECT_EQ(find(assemble({first, step(60, "a", Phase::kLaunchAttack, {host("a")}, {"T1190"})}),
                 InferenceRule::kChangedLaunch),
            nullptr);
}

TEST(PhaseInference, WhatFollowsALaunchShowsThatItWorked) {
  const Chain chain = assemble(
      {step(0, "mail", Phase::kLaunchAttack), step(30, "beacon", Phase::kEstablishFoothold)});
  EXPECT_EQ(state(chain, Phase::kInitialCompromise), PhaseState::kInferred);
  EXPECT_EQ(chain.launch, LaunchOutcome::kSuccess);
  EXPECT_EQ(assemble({step(0, "mail", Phase::kLaunchAttack)}).launch, LaunchOutcome::kUnknown);
  EXPECT_EQ(assemble({step(0, "x", Phase::kDefenseEvasion)}).launch, LaunchOutcome::kNone);
}

TEST(PhaseInference, ControlThatGoesOnIsAFoothold) {
  const std::vector<Entity> entities = {host("a"), process("guid:1")};
  const Detection access = step(0, "open", Phase::kInitialCompromise, entities);
  EXPECT_NE(find(assemble({access, step(12, "look", Phase::kInternalReconnaissance, entities)}),
                 InferenceRule::kSustainedControl),
            nullptr);
  EXPECT_EQ(find(assemble({access, step(2, "look", Phase::kInternalReconnaissance, entities)}),
                 InferenceRule::kSustainedControl),
            nullptr);
  EXPECT_NE(find(assemble({access, step(2, "run key", Phase::kMaintainPersistence)}),
                 InferenceRule::kPersistenceAsFoothold),
            nullptr);
}

TEST(PhaseInference, WhatWasObservedIsNotInferred) {
  const Chain chain = assemble({step(0, "open", Phase::kInitialCompromise),
                                step(2, "run key", Phase::kMaintainPersistence),
                                step(3, "beacon", Phase::kEstablishFoothold)});
  EXPECT_EQ(find(chain, InferenceRule::kPersistenceAsFoothold), nullptr);
  EXPECT_EQ(state(chain, Phase::kEstablishFoothold), PhaseState::kObserved);
}

TEST(PhaseInference, ComingBackAfterAQuietTimeIsFeedback) {
  const Detection open = step(0, "open", Phase::kInitialCompromise);
  const Detection move = step(5, "move", Phase::kMoveLaterally);
  EXPECT_NE(find(assemble({open, move, step(50, "open", Phase::kInitialCompromise)}),
                 InferenceRule::kReturn),
            nullptr);
  EXPECT_EQ(find(assemble({open, move, step(10, "open", Phase::kInitialCompromise)}),
                 InferenceRule::kReturn),
            nullptr);
}

TEST(PhaseInference, AnotherTechniqueForTheSamePurposeLaterIsFeedback) {
  const Detection first = step(0, "c2", Phase::kEstablishFoothold, {host("a")}, {"T1071.001"});
  EXPECT_NE(find(assemble({first,
                           step(60, "dns", Phase::kEstablishFoothold, {host("a")}, {"T1071.004"})}),
                 InferenceRule::kChangedTechnique),
            nullptr);
  EXPECT_EQ(
      find(assemble({first, step(60, "c2", Phase::kEstablishFoothold, {host("a")}, {"T1071.001"})}),
           InferenceRule::kChangedTechnique),
      nullptr);
}

TEST(PhaseInference, WithoutRecoveryTheObjectiveIsImminentUntilItComes) {
  const Detection prepare = step(0, "shadow", Phase::kExecuteObjective, {host("a")}, {"T1490"});
  EXPECT_TRUE(assemble({prepare}).objective_imminent);
  EXPECT_FALSE(
      assemble({prepare, step(3, "encrypt", Phase::kExecuteObjective, {host("a")}, {"T1486"})})
          .objective_imminent);
}

}  // namespace
}  // namespace catena::incident
