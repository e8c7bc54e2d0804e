// SPDX-License-Identifier: Apache-2.0
#include "engine/attack/phase.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace catena::attack {
namespace {

TEST(Phase, HasSeventeenPhasesWithDistinctNames) {
  std::set<std::string_view> codes;
  std::set<std::string_view> slugs;
  std::set<std::string_view> names;
  for (const PhaseInfo& info : all_phases()) {
    codes.insert(info.code);
    slugs.insert(info.slug);
    names.insert(info.name);
  }
  EXPECT_EQ(codes.size(), kPhaseCount);
  EXPECT_EQ(slugs.size(), kPhaseCount);
  EXPECT_EQ(names.size(), kPhaseCount);
}

TEST(Phase, HasEightOfPreparationAndNineOfExecution) {
  for (const PhaseInfo& info : all_phases()) {
    const bool preparation = info.phase <= Phase::kLaunchAttack;
    EXPECT_EQ(info.framework, preparation ? "preparation" : "execution") << info.slug;
    EXPECT_EQ(info.code[0], preparation ? 'P' : 'E') << info.slug;
  }
}

TEST(Phase, StagesAreThoseOfTheFrameworks) {
  EXPECT_EQ(phase_info(Phase::kPrepareTools).stage, "prepare-attack");
  EXPECT_EQ(phase_info(Phase::kOperationalSecurity).stage, "continuous-preparation");
  EXPECT_EQ(phase_info(Phase::kEstablishFoothold).stage, "access-environment");
  EXPECT_EQ(phase_info(Phase::kMaintainPersistence).stage, "expand-access");
  EXPECT_EQ(phase_info(Phase::kDefenseEvasion).stage, "continuous-attack");
}

TEST(Phase, ParsesCodeAndSlugInAnyCase) {
  for (const PhaseInfo& info : all_phases()) {
    EXPECT_EQ(parse_phase(info.code), info.phase);
    EXPECT_EQ(parse_phase(info.slug), info.phase);
  }
  EXPECT_EQ(parse_phase("e7"), Phase::kDefenseEvasion);
  EXPECT_EQ(parse_phase("Launch-Attack"), Phase::kLaunchAttack);
}

TEST(Phase, RefusesOtherTexts) {
  for (const std::string_view text : {"", "P9", "E0", "E10", "P", "launch", "launch-attack "}) {
    EXPECT_FALSE(parse_phase(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace catena::attack
