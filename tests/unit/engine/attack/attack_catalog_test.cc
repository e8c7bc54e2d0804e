// SPDX-License-Identifier: Apache-2.0
#include "engine/attack/attack_catalog.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace catena::attack {
namespace {

using Texts = std::vector<std::string>;
using Phases = std::vector<Phase>;

// A small catalog with one of everything.
AttackCatalog small_catalog() {
  AttackCatalog catalog;
  catalog.add_tactic({"TA0002", "execution", "Execution", false});
  catalog.add_tactic({"TA0003", "persistence", "Persistence", false});
  catalog.add_tactic({"TA0005", "defense-evasion", "Defense Evasion", true});
  catalog.add_tactic({"TA0005", "stealth", "Stealth", false});
  catalog.add_tactic({"TA0112", "defense-impairment", "Defense Impairment", false});
  catalog.add_tactic({"TA0006", "credential-access", "Credential Access", false});
  catalog.add_technique({"T1003", "OS Credential Dumping", {"credential-access"}, {}, "", false});
  catalog.add_technique({"T1003.001", "LSASS Memory", {"credential-access"}, {}, "T1003", false});
  catalog.add_technique({"T1047", "WMI", {"execution"}, {}, "", false});
  catalog.add_technique({"T1053", "Scheduled Task", {"persistence", "execution"}, {}, "", false});
  catalog.add_technique({"T1059", "Interpreter", {"execution"}, {}, "", false});
  catalog.add_technique({"T1562.001", "Old Tools", {"defense-evasion"}, {}, "T1562", false});
  catalog.add_technique({"T1685", "Disable Tools", {"defense-impairment"}, {}, "", false});
  catalog.add_forward("T1562.001", "T1685");
  catalog.add_forward("T1089", "T1562.001");
  catalog.set_tactic_phases("execution", {{}, true});
  catalog.set_tactic_phases("persistence", {{Phase::kMaintainPersistence}, false});
  catalog.set_tactic_phases("stealth", {{Phase::kDefenseEvasion}, false});
  catalog.set_tactic_phases("defense-impairment", {{Phase::kDefenseEvasion}, false});
  catalog.set_tactic_phases("credential-access", {{Phase::kEscalatePrivileges}, false});
  catalog.set_technique_phases(
      "T1003", {{Phase::kEscalatePrivileges, Phase::kInternalReconnaissance}, false});
  catalog.set_technique_phases("T1047", {{Phase::kMoveLaterally}, true});
  return catalog;
}

TEST(AttackCatalog, ForwardsOldIdsToTheNewest) {
  const AttackCatalog catalog = small_catalog();
  EXPECT_EQ(catalog.canonical("t1089"), "T1685");
  EXPECT_EQ(catalog.canonical("T1562.001"), "T1685");
  EXPECT_EQ(catalog.canonical("T1003.001"), "T1003.001");
  EXPECT_EQ(catalog.canonical("T9999"), "T9999");
}

TEST(AttackCatalog, ForwardCircleEnds) {
  AttackCatalog catalog;
  catalog.add_forward("T0001", "T0002");
  catalog.add_forward("T0002", "T0001");
  EXPECT_FALSE(catalog.canonical("T0001").empty());
}

TEST(AttackCatalog, FindsTacticByIdSlugAndOldSpelling) {
  const AttackCatalog catalog = small_catalog();
  ASSERT_NE(catalog.tactic("TA0005"), nullptr);
  EXPECT_EQ(catalog.tactic("ta0005")->shortname, "stealth");  // the newest bearer of the id
  ASSERT_NE(catalog.tactic("defense_evasion"), nullptr);
  EXPECT_TRUE(catalog.tactic("Defense-Evasion")->legacy);
  EXPECT_EQ(catalog.tactic("evasion"), nullptr);
}

TEST(AttackCatalog, LaterEntryReplaces) {
  AttackCatalog catalog = small_catalog();
  catalog.add_technique({"T1059", "Renamed", {"execution"}, {}, "", false});
  catalog.add_tactic({"TA0003", "persistence", "Staying", false});
  EXPECT_EQ(catalog.technique("T1059")->name, "Renamed");
  EXPECT_EQ(catalog.tactic("persistence")->name, "Staying");
  EXPECT_EQ(catalog.tactics()[1].name, "Staying");
}

TEST(AttackCatalog, PhasesComeFromOwnEntryThenParentThenFirstTactic) {
  const AttackCatalog catalog = small_catalog();
  EXPECT_EQ(catalog.technique_phases("T1003.001").phases,
            (Phases{Phase::kEscalatePrivileges, Phase::kInternalReconnaissance}));
  // Catalog order decides which tactic is the first, not the order that the technique was given.
  EXPECT_TRUE(catalog.technique_phases("T1053").contextual);
  EXPECT_EQ(catalog.technique_phases("T1685").phases, Phases{Phase::kDefenseEvasion});
  EXPECT_TRUE(catalog.technique_phases("T9999").phases.empty());
  EXPECT_FALSE(catalog.technique_phases("T9999").contextual);
}

TEST(AttackResolve, TechniqueBeatsTacticForPhases) {
  const RuleTags tags = small_catalog().resolve({"attack.persistence", "attack.t1003.001"});
  EXPECT_EQ(tags.techniques, Texts{"T1003.001"});
  EXPECT_EQ(tags.phases.phases,
            (Phases{Phase::kEscalatePrivileges, Phase::kInternalReconnaissance}));
  EXPECT_EQ(tags.tactics, Texts{"TA0003"});  // the rule says so
  EXPECT_TRUE(tags.unknown.empty());
}

TEST(AttackResolve, IrisTagBeatsBoth) {
  const AttackCatalog catalog = small_catalog();
  const RuleTags tags =
      catalog.resolve({"attack.t1003", "iris.launch_attack", "iris.E2", "iris.launch-attack"});
  EXPECT_EQ(tags.phases.phases, (Phases{Phase::kLaunchAttack, Phase::kEstablishFoothold}));
  EXPECT_FALSE(tags.phases.contextual);
  EXPECT_EQ(tags.techniques, Texts{"T1003"});
}

TEST(AttackResolve, OldIdIsForwardedAndKeptRaw) {
  const RuleTags tags = small_catalog().resolve({"attack.T1562.001", "attack.t1685"});
  EXPECT_EQ(tags.techniques, Texts{"T1685"});
  EXPECT_EQ(tags.raw_techniques, (Texts{"T1562.001", "T1685"}));
  EXPECT_EQ(tags.tactics, Texts{"TA0112"});  // no tactic tag: the technique's own
  EXPECT_EQ(tags.phases.phases, Phases{Phase::kDefenseEvasion});
}

TEST(AttackResolve, TacticTagsInBothSpellingsGiveOneId) {
  const RuleTags tags =
      small_catalog().resolve({"attack.stealth", "attack.defense_evasion", "attack.execution"});
  EXPECT_EQ(tags.tactics, (Texts{"TA0002", "TA0005"}));
  EXPECT_EQ(tags.phases.phases, Phases{Phase::kDefenseEvasion});
  EXPECT_FALSE(tags.phases.contextual);
}

TEST(AttackResolve, ContextualOnlyWhenEveryTechniqueIs) {
  const AttackCatalog catalog = small_catalog();
  const RuleTags execution = catalog.resolve({"attack.t1059", "attack.t1047"});
  EXPECT_TRUE(execution.phases.contextual);
  EXPECT_EQ(execution.phases.phases, Phases{Phase::kMoveLaterally});
  const RuleTags mixed = catalog.resolve({"attack.t1047", "attack.t1003"});
  EXPECT_FALSE(mixed.phases.contextual);
  EXPECT_EQ(mixed.phases.phases, (Phases{Phase::kEscalatePrivileges, Phase::kInternalReconnaissance,
                                         Phase::kMoveLaterally}));
}

TEST(AttackResolve, FirstChoicesOfAllTechniquesComeFirst) {
  const RuleTags tags = small_catalog().resolve({"attack.t1003", "attack.t1685"});
  EXPECT_EQ(tags.phases.phases, (Phases{Phase::kEscalatePrivileges, Phase::kDefenseEvasion,
                                        Phase::kInternalReconnaissance}));
}

TEST(AttackResolve, OtherNamespacesAndObjectsPass) {
  const RuleTags tags = small_catalog().resolve(
      {"car.2013-05-009", "cve.2021-44228", "detection.emerging-threats", "tlp.amber",
       "attack.g0016", "attack.s0002", "attack.ds0005", "attack.c0001", "attack", ""});
  EXPECT_TRUE(tags.unknown.empty());
  EXPECT_TRUE(tags.techniques.empty());
  EXPECT_TRUE(tags.tactics.empty());
  EXPECT_TRUE(tags.phases.phases.empty());
  EXPECT_FALSE(tags.phases.contextual);
}

TEST(AttackResolve, UnknownTagsAreListedAndUnknownIdsKept) {
  const RuleTags tags = small_catalog().resolve(
      {"attack.t9999", "attack.nonsense", "iris.nonsense", "attack.persistence", "attack."});
  EXPECT_EQ(tags.unknown, (Texts{"attack.nonsense", "iris.nonsense", "attack.", "attack.t9999"}));
  EXPECT_EQ(tags.techniques, Texts{"T9999"});
  EXPECT_EQ(tags.phases.phases, Phases{Phase::kMaintainPersistence});  // the tactic's
}

TEST(AttackResolve, NoTagsGiveNothing) {
  const RuleTags tags = small_catalog().resolve({});
  EXPECT_TRUE(tags.techniques.empty());
  EXPECT_TRUE(tags.phases.phases.empty());
  EXPECT_FALSE(tags.phases.contextual);
}

}  // namespace
}  // namespace catena::attack
