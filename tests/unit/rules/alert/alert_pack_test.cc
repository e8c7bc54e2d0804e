// SPDX-License-Identifier: Apache-2.0
#include "rules/alert/alert_pack.h"

#include <gtest/gtest.h>

namespace catena::rules {
namespace {

constexpr std::string_view kPack =
    "alerts: 1\nname: gate\nwhen: [{kind: alert, id: '*'}]\ntime: [time]\ntitle: [title]\n"
    "level: {paths: [sev], words: {High: high}, at_least: {12: critical}, otherwise: low}\n"
    "trust: medium\nentities: {ip: [a, b]}\n"
    "signatures: [{match: ['ET Scan *'], techniques: [T1595], phases: [P2], level: low}]\n"
    "verdict_columns: [label]\n";

TEST(AlertPack, IsReadAsWritten) {
  alert::AlertMapping mapping;
  ASSERT_TRUE(load_alert_pack(kPack, "p.yml", mapping).ok());
  const alert::AlertEngine* gate = mapping.find("gate");
  ASSERT_NE(gate, nullptr);
  EXPECT_EQ(gate->product, "gate");
  ASSERT_EQ(gate->when.size(), 1U);
  EXPECT_EQ(gate->when[0][0].values, std::vector<std::string>{"alert"});
  EXPECT_TRUE(gate->when[0][1].values.empty());
  EXPECT_EQ(gate->level.words.at("high"), plan::Level::kHigh);
  EXPECT_EQ(gate->level.at_least.at(12), plan::Level::kCritical);
  EXPECT_EQ(gate->trust, plan::Level::kMedium);
  EXPECT_EQ(gate->signatures[0].patterns, std::vector<std::string>{"et scan *"});
  EXPECT_EQ(gate->signatures[0].tags,
            (std::vector<std::string>{"iris.external-reconnaissance", "attack.t1595"}));
  EXPECT_EQ(mapping.verdict_columns, std::vector<std::string>{"label"});
}

TEST(AlertPack, AKnownNameIsReplaced) {
  alert::AlertMapping mapping;
  ASSERT_TRUE(load_alert_pack(kPack, "p.yml", mapping).ok());
  ASSERT_TRUE(load_alert_pack("alerts: 1\nname: gate\n", "q.yml", mapping).ok());
  ASSERT_EQ(mapping.engines.size(), 1U);
  EXPECT_TRUE(mapping.engines[0].when.empty());
}

std::string refusal(const std::string& text) {
  alert::AlertMapping mapping;
  return load_alert_pack(text, "p.yml", mapping).message();
}

TEST(AlertPack, SaysWhereItIsWrong) {
  const std::string head = "alerts: 1\nname: gate\n";
  EXPECT_EQ(refusal(head + "colour: red\n").substr(0, 10), "p.yml:3:1:");
  EXPECT_NE(refusal("alerts: 2\nname: gate\n").find("p.yml:1:9: unknown version 2"),
            std::string::npos);
  EXPECT_NE(refusal(head + "trust: much\n").find("'much' is no level"), std::string::npos);
  EXPECT_NE(refusal(head + "entities: {colour: [a]}\n").find("is no type of entity"),
            std::string::npos);
  EXPECT_NE(refusal(head + "when: [{a: b}]\n").find("needs 'time' and 'title'"), std::string::npos);
  EXPECT_NE(refusal(head + "signatures: [{match: [a], phases: [E77]}]\n").find("'E77' is no phase"),
            std::string::npos);
  EXPECT_NE(refusal(head + "level: {at_least: {x: low}}\n").find("expected a whole number"),
            std::string::npos);
}

TEST(AlertPack, BoundsEverything) {
  const std::string head = "alerts: 1\nname: gate\n";
  EXPECT_NE(refusal(head + "telling: ['" + std::string(600, 'x') + "']\n").find("512 bytes"),
            std::string::npos);
  EXPECT_NE(
      refusal(head + "signatures: [{match: ['*a*a*a*a*a*a*a*a*a*']}]\n").find("more than 8 '*'"),
      std::string::npos);
  std::string many = head + "telling: [";
  for (std::size_t i = 0; i <= kMaxAlertItems; ++i) many += "a,";
  EXPECT_NE(refusal(many + "a]\n").find("more than 4096 items"), std::string::npos);
}

}  // namespace
}  // namespace catena::rules
