// SPDX-License-Identifier: Apache-2.0
#include "engine/attack/attack_text.h"

#include <gtest/gtest.h>

namespace catena::attack {
namespace {

AttackCatalog catalog_of_three() {
  AttackCatalog catalog;
  catalog.set_version("18.1+19");
  catalog.add_tactic({"TA0006", "credential-access", "Credential Access", false});
  catalog.add_tactic({"TA0005", "defense-evasion", "Defense Evasion", true});
  catalog.add_technique(
      {"T1003", "OS Credential Dumping", {"credential-access"}, {"Linux", "Windows"}, "", false});
  catalog.add_technique(
      {"T1003.001", "LSASS Memory", {"credential-access"}, {"Windows"}, "T1003", false});
  catalog.add_technique({"T1500", "Old Name", {"credential-access"}, {}, "", false});
  catalog.add_forward("T1500", "T1003.001");
  catalog.set_technique_phases("T1003", {{Phase::kEscalatePrivileges}, false});
  return catalog;
}

TEST(AttackText, ShowsATechnique) {
  const auto text = describe(catalog_of_three(), "t1003.001");
  ASSERT_TRUE(text.ok());
  EXPECT_EQ(*text,
            "T1003.001  LSASS Memory\n"
            "  tactics           Credential Access (TA0006)\n"
            "  IRIS phases       Escalate privileges (E3)\n"
            "  platforms         Windows\n"
            "  sub-technique of  T1003 OS Credential Dumping\n"
            "  formerly          T1500\n"
            "  ATT&CK            18.1+19\n");
}

TEST(AttackText, ShowsWhereAnOldIdWent) {
  const auto text = describe(catalog_of_three(), "t1500");
  ASSERT_TRUE(text.ok());
  EXPECT_EQ(text->substr(0, text->find("\n  tactics")),
            "T1500  Old Name\n  now               T1003.001\nT1003.001  LSASS Memory");
}

TEST(AttackText, ListsSubTechniquesOfAParent) {
  const auto text = describe(catalog_of_three(), "T1003");
  ASSERT_TRUE(text.ok());
  EXPECT_NE(text->find("  sub-techniques    T1003.001 LSASS Memory\n"), std::string::npos);
}

TEST(AttackText, ShowsTacticAndPhase) {
  const auto tactic = describe(catalog_of_three(), "defense_evasion");
  ASSERT_TRUE(tactic.ok());
  EXPECT_NE(tactic->find("TA0005  Defense Evasion\n"), std::string::npos);
  EXPECT_NE(tactic->find("legacy"), std::string::npos);
  const auto phase = describe(catalog_of_three(), "e9");
  ASSERT_TRUE(phase.ok());
  EXPECT_NE(phase->find("iris.execute-objective"), std::string::npos);
}

TEST(AttackText, UnknownIdIsNotFoundWithABoundedEcho) {
  const auto text = describe(catalog_of_three(), std::string(10'000, 'x'));
  ASSERT_FALSE(text.ok());
  EXPECT_EQ(text.status().code(), StatusCode::kNotFound);
  EXPECT_LT(text.status().message().size(), 200U);
}

TEST(AttackText, PhasesTextSaysWhenTheContextDecides) {
  EXPECT_EQ(phases_text({}), "none");
  EXPECT_EQ(phases_text({{}, true}), "from the surrounding steps");
  EXPECT_EQ(phases_text({{Phase::kMoveLaterally}, true}),
            "from the surrounding steps, else Move laterally (E4)");
}

}  // namespace
}  // namespace catena::attack
