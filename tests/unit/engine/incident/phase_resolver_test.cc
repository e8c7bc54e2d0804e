// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/phase_resolver.h"

#include <gtest/gtest.h>

#include "engine/incident/chain_builder.h"
#include "tests/support/detection_fixture.h"

namespace catena::incident {
namespace {

using attack::Phase;
using test::host;
using test::make_detection;
using test::process;

Chain resolve(const std::vector<Detection>& detections) {
  std::vector<ChainMember> members;
  for (const Detection& detection : detections) members.push_back({&detection, {}});
  return assemble_chain(Id128{1, 1}, members);
}

Detection with_phases(Detection detection, std::vector<Phase> phases, bool contextual = false) {
  detection.phases = std::move(phases);
  detection.contextual_phase = contextual;
  return detection;
}

TEST(PhaseResolver, ExecutionTakesThePhaseOfItsProcessTree) {
  const Chain chain =
      resolve({with_phases(make_detection(0, "exec", {host("a"), process("p")}), {}, true),
               with_phases(make_detection(2, "dump", {host("a"), process("p")}),
                           {Phase::kEscalatePrivileges})});
  EXPECT_EQ(chain.steps[0].phase, Phase::kEscalatePrivileges);
  EXPECT_FALSE(chain.steps[0].inferred);
}

TEST(PhaseResolver, ExecutionWithoutRelativesIsAnInferredFoothold) {
  const Chain chain =
      resolve({with_phases(make_detection(0, "exec", {host("a"), process("p")}), {}, true),
               with_phases(make_detection(20, "dump", {host("a"), process("p")}),
                           {Phase::kEscalatePrivileges})});
  EXPECT_EQ(chain.steps[0].phase, Phase::kEstablishFoothold);
  EXPECT_TRUE(chain.steps[0].inferred);
  EXPECT_EQ(chain.phases[static_cast<std::size_t>(Phase::kEstablishFoothold)].state,
            PhaseState::kInferred);
}

TEST(PhaseResolver, ValidAccountsAreCompromiseFirstAndMovementAfterwards) {
  const std::vector<Phase> valid_accounts = {Phase::kInitialCompromise, Phase::kMoveLaterally};
  const Chain chain =
      resolve({with_phases(make_detection(0, "logon", {host("a")}), valid_accounts),
               with_phases(make_detection(9, "logon2", {host("b")}), valid_accounts)});
  EXPECT_EQ(chain.steps[0].phase, Phase::kInitialCompromise);
  EXPECT_EQ(chain.steps[1].phase, Phase::kMoveLaterally);
}

TEST(PhaseResolver, OrderNeverGates) {
  const Chain chain =
      resolve({with_phases(make_detection(0, "clear", {host("a")}), {Phase::kDefenseEvasion}),
               with_phases(make_detection(5, "open", {host("a")}), {Phase::kInitialCompromise})});
  EXPECT_EQ(chain.steps[0].phase, Phase::kDefenseEvasion);
  EXPECT_EQ(chain.steps[1].phase, Phase::kInitialCompromise);
}

}  // namespace
}  // namespace catena::incident
