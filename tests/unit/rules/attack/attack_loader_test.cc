// SPDX-License-Identifier: Apache-2.0
#include "rules/attack/attack_loader.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace catena::rules {
namespace {

using attack::AttackCatalog;
using attack::Phase;

constexpr std::string_view kTactics =
    "tactic\tshortname\tname\tsince\tuntil\n"
    "TA0002\texecution\tExecution\t\t\n"
    "TA0005\tdefense-evasion\tDefense Evasion\t\t18\n"
    "TA0006\tcredential-access\tCredential Access\t\t\n";
constexpr std::string_view kTechniques =
    "technique\tname\ttactics\tplatforms\tparent\tstatus\n"
    "T1003\tOS Credential Dumping\tcredential-access\tLinux,Windows\t\tcurrent\n"
    "T1003.001\tLSASS Memory\tcredential-access\tWindows\tT1003\tcurrent\n";

Status load(const std::vector<std::string>& texts, AttackCatalog& catalog) {
  std::vector<AttackTable> tables;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    tables.push_back({"t" + std::to_string(i), texts[i]});
  }
  return load_attack_tables(tables, catalog);
}

// The message of loading `text` on top of the tactics and techniques above.
std::string refusal(const std::string& text) {
  AttackCatalog catalog;
  EXPECT_TRUE(load({std::string(kTactics), std::string(kTechniques)}, catalog).ok());
  const Status status = load({text}, catalog);
  EXPECT_FALSE(status.ok()) << text;
  EXPECT_EQ(catalog.techniques().size(), 2U);  // unchanged
  return status.message();
}

TEST(AttackLoader, ReadsTablesInAnyOrder) {
  AttackCatalog catalog;
  const Status status =
      load({"# comment\r\niris\tphases\r\nT1003\tE3,E5\r\nexecution\tCTX\r\n",
            "forward\tsuccessor\nT1000\tT1003\n\nattack_version\n19\n", std::string(kTechniques),
            "attack_version\n18.1\n", std::string(kTactics),
            "rename\tname\nT1003\tDumping\nretactic\ttactics\nT1003.001\texecution\n"},
           catalog);
  ASSERT_TRUE(status.ok()) << status.message();
  EXPECT_EQ(catalog.version(), "18.1+19");
  EXPECT_EQ(catalog.canonical("T1000"), "T1003");
  EXPECT_EQ(catalog.technique("T1003")->name, "Dumping");
  EXPECT_EQ(catalog.technique("T1003")->platforms.size(), 2U);
  EXPECT_EQ(catalog.technique("T1003.001")->tactics, std::vector<std::string>{"execution"});
  EXPECT_EQ(catalog.technique_phases("T1003.001").phases.size(), 2U);
  EXPECT_TRUE(catalog.tactic_phases("execution").contextual);
  EXPECT_TRUE(catalog.tactic("defense-evasion")->legacy);
}

TEST(AttackLoader, ContextAsSecondChoiceLeavesThePrimary) {
  AttackCatalog catalog;
  ASSERT_TRUE(load({std::string(kTactics), std::string(kTechniques),
                    "iris\tphases\nT1003\tCTX,E4\nT1003.001\tE4,CTX\n"},
                   catalog)
                  .ok());
  EXPECT_TRUE(catalog.technique_phases("T1003").contextual);
  EXPECT_EQ(catalog.technique_phases("T1003").phases, std::vector<Phase>{Phase::kMoveLaterally});
  EXPECT_FALSE(catalog.technique_phases("T1003.001").contextual);
}

TEST(AttackLoader, LaterCallReplaces) {
  AttackCatalog catalog;
  ASSERT_TRUE(load({std::string(kTactics), std::string(kTechniques)}, catalog).ok());
  const std::string overlay =
      "attack_version\n20\n"
      "technique\tname\ttactics\tplatforms\tparent\tstatus\n"
      "T1003\tNewer\texecution\t\t\tcurrent\n";
  ASSERT_TRUE(load({overlay}, catalog).ok());
  ASSERT_TRUE(load({overlay}, catalog).ok());
  EXPECT_EQ(catalog.technique("T1003")->name, "Newer");
  EXPECT_EQ(catalog.version(), "20");
}

TEST(AttackLoader, RefusesBadLinesWithTheirPlace) {
  EXPECT_EQ(refusal("T1003\tE3\n"), "t0:1: expected a table's header line");
  EXPECT_EQ(refusal("iris\tphases\n\n# c\nT1003\n"),
            "t0:4: expected 2 tab-separated fields, found 1");
  EXPECT_EQ(refusal("iris\tphases\nT1003\tE3\tx\n"),
            "t0:2: expected 2 tab-separated fields, found 3");
  EXPECT_EQ(refusal("iris\tphases\nT1003\tE3\n\nT1003\tE4\n"), "t0:4: 'T1003' is given twice");
  EXPECT_EQ(refusal("iris\tphases\nT1003\tE10\n"), "t0:2: no phase is called 'E10'");
  EXPECT_EQ(refusal("iris\tphases\nT1003\tE3,E3\n"), "t0:2: phase 'E3' is given twice");
  EXPECT_EQ(refusal("iris\tphases\nT1003\t\n"), "t0:2: row names no phase");
  EXPECT_EQ(refusal("iris\tphases\nT1004\tE3\n"), "t0:2: no technique or tactic is called 'T1004'");
  EXPECT_EQ(refusal("iris\tphases\nT1003\tE3,\n"), "t0:2: list has an empty item");
  EXPECT_EQ(refusal("iris\tphases\n\tE3\n"), "t0:2: first field is empty");
  EXPECT_EQ(refusal("rename\tname\nT1003\t\n"), "t0:2: technique has no name");
  EXPECT_EQ(refusal("rename\tname\nT1004\tx\n"), "t0:2: no technique is called 'T1004'");
  EXPECT_EQ(refusal("retactic\ttactics\nT1003\tflying\n"),
            "t0:2: no tactic has the short name 'flying'");
  EXPECT_EQ(refusal("iris\tphases\nT1003\tE3\x01\n"), "t0:2: line has a control character");
  EXPECT_EQ(refusal("iris\tphases\nT1003\tE3\xff\n"), "t0:2: line is not UTF-8");
}

TEST(AttackLoader, RefusesBadTacticsAndTechniques) {
  const std::string tactic = "tactic\tshortname\tname\tsince\tuntil\n";
  EXPECT_EQ(refusal(tactic + "TA1\tx\tX\t\t\n"), "t0:2: 'TA1' is not a tactic id");
  EXPECT_EQ(refusal(tactic + "TA0001\tX y\tX\t\t\n"), "t0:2: 'X y' is not a tactic short name");
  EXPECT_EQ(refusal(tactic + "TA0001\tx\t\t\t\n"), "t0:2: tactic has no name");
  const std::string technique = "technique\tname\ttactics\tplatforms\tparent\tstatus\n";
  EXPECT_EQ(refusal(technique + "1003\tx\t\t\t\tcurrent\n"), "t0:2: '1003' is not a technique id");
  EXPECT_EQ(refusal(technique + "T1003.01\tx\t\t\tT1003\tcurrent\n"),
            "t0:2: 'T1003.01' is not a technique id");
  EXPECT_EQ(refusal(technique + "T1004.001\tx\t\t\tT1003\tcurrent\n"),
            "t0:2: 'T1003' is not the parent of T1004.001");
  EXPECT_EQ(refusal(technique + "T1004.001\tx\t\t\tT1004\tcurrent\n"),
            "t0:2: no technique is called 'T1004'");
  EXPECT_EQ(refusal(technique + "T1004\tx\t\t\t\told\n"),
            "t0:2: status is neither current nor deprecated");
}

TEST(AttackLoader, RefusesForwardsThatLeadNowhere) {
  const std::string header = "forward\tsuccessor\n";
  EXPECT_EQ(refusal(header + "T1001\tT1002\nT1002\tT1001\n"),
            "t0:2: successors of 'T1001' form a circle or a chain of more than 8");
  EXPECT_EQ(refusal(header + "T1001\tT1001\n"),
            "t0:2: successors of 'T1001' form a circle or a chain of more than 8");
  EXPECT_EQ(refusal(header + "T1001\tT9999\n"), "t0:2: no technique is called 'T9999'");
  std::string chain = header;
  for (int i = 0; i < 9; ++i) {
    chain +=
        "T000" + std::to_string(i) + "\t" + (i == 8 ? "T1003" : "T000" + std::to_string(i + 1));
    chain += "\n";
  }
  EXPECT_NE(refusal(chain).find("chain of more than 8"), std::string::npos);
}

TEST(AttackLoader, EnforcesItsLimits) {
  const std::string big(kMaxAttackTableBytes + 1, '#');
  AttackCatalog catalog;
  EXPECT_EQ(load({big}, catalog).code(), StatusCode::kLimit);
  EXPECT_NE(refusal("rename\tname\nT1003\t" + std::string(kMaxAttackFieldBytes + 1, 'x') + "\n")
                .find("field is too long"),
            std::string::npos);
  EXPECT_NE(refusal("rename\tname\n" + std::string(10 * kMaxAttackFieldBytes, 'x') + "\n")
                .find("line is too long"),
            std::string::npos);
  std::string list = "technique\tname\ttactics\tplatforms\tparent\tstatus\nT1004\tx\t\tp0";
  for (std::size_t i = 1; i <= kMaxAttackListItems; ++i) list += ",p" + std::to_string(i);
  EXPECT_NE(refusal(list + "\t\tcurrent\n").find("too many items"), std::string::npos);
  std::string rows = "attack_version\n";
  for (std::size_t i = 0; i <= kMaxAttackRows; ++i) rows += "1\n";
  EXPECT_EQ(load({rows}, catalog).code(), StatusCode::kLimit);
}

TEST(AttackLoader, EmptyTablesAreFine) {
  AttackCatalog catalog;
  EXPECT_TRUE(load({"", "# nothing\n", std::string(kTactics)}, catalog).ok());
  EXPECT_TRUE(load({}, catalog).ok());
  EXPECT_EQ(catalog.version(), "");
}

}  // namespace
}  // namespace catena::rules
