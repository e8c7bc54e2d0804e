// SPDX-License-Identifier: Apache-2.0
#include "engine/attack/phase_views.h"

#include <set>

#include <gtest/gtest.h>

namespace catena::attack {
namespace {

TEST(PhaseViews, EveryStageOfTheModelsIsReachedBySomePhase) {
  std::set<std::size_t> kill_chain;
  std::set<std::size_t> life_cycle;
  for (const PhaseInfo& info : all_phases()) {
    for (const std::size_t stage : kill_chain_of(info.phase)) kill_chain.insert(stage);
    for (const std::size_t stage : life_cycle_of(info.phase)) life_cycle.insert(stage);
  }
  EXPECT_EQ(kill_chain.size(), kill_chain_stages().size());
  EXPECT_EQ(*kill_chain.rbegin(), kill_chain_stages().size() - 1);
  EXPECT_EQ(life_cycle.size(), life_cycle_stages().size());
  EXPECT_EQ(*life_cycle.rbegin(), life_cycle_stages().size() - 1);
}

TEST(PhaseViews, SaysWhatTheModelsSay) {
  const auto c2 = kill_chain_of(Phase::kEstablishFoothold);
  ASSERT_EQ(c2.size(), 2U);
  EXPECT_EQ(kill_chain_stages()[c2[1]], "Command and Control");
  EXPECT_TRUE(kill_chain_of(Phase::kDefenseEvasion).empty());
  EXPECT_EQ(life_cycle_stages()[life_cycle_of(Phase::kMoveLaterally)[0]], "Move Laterally");
}

}  // namespace
}  // namespace catena::attack
