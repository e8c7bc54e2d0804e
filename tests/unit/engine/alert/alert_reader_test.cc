// SPDX-License-Identifier: Apache-2.0
#include "engine/alert/alert_reader.h"

#include <gtest/gtest.h>

namespace catena::alert {
namespace {

using incident::Entity;
using incident::EntityType;
using plan::Level;

class AlertReaderTest : public testing::Test {
 protected:
  AlertReaderTest() {
    attack_.add_tactic({"TA0043", "reconnaissance", "Reconnaissance", false});
    attack_.add_technique({"T1595", "Active Scanning", {"reconnaissance"}, {}, "", false});
    attack_.add_technique({"T1190", "Exploit", {"initial-access"}, {}, "", false});
    AlertEngine engine;
    engine.name = "gate";
    engine.product = "gate";
    engine.when = {{{"kind", {"alert"}}}};
    engine.ignored = {{{"kind", {"flow"}}}};
    engine.time = {"time"};
    engine.title = {"title"};
    engine.host = {"host"};
    engine.own_address = {"to", "from"};
    engine.techniques = {"mitre"};
    engine.entities = {{EntityType::kIp, {"from", "to"}}, {EntityType::kProcess, {"pid"}}};
    engine.level.paths = {"severity"};
    engine.level.at_least = {{0, Level::kLow}, {10, Level::kCritical}};
    engine.level.otherwise = Level::kInformational;
    engine.trust = Level::kHigh;
    engine.signatures = {{{"*scan*"}, {"attack.t1595"}, Level::kMedium}};
    mapping_.engines.push_back(engine);
    engine.name = "other";
    engine.when = {};
    engine.ignored = {};
    engine.trust = Level::kLow;
    engine.signatures = {{{"*"}, {"attack.t1190"}, Level::kHigh}};
    mapping_.engines.push_back(engine);
    mapping_.engines[0].speakers = {{"O: ", "other"}, {"O", "gate"}};
  }

  AlertReader::Outcome read(std::vector<AlertField> fields) {
    fields.push_back({"kind", "alert"});
    fields.push_back({"time", "2026-03-02T10:00:00Z"});
    return reader_.read({std::move(fields), "text"}, {"f", 1, 0});
  }

  AlertMapping mapping_;
  attack::AttackCatalog attack_;
  AlertReader reader_{mapping_, attack_};
};

TEST_F(AlertReaderTest, TheAlertSpeaksBeforeTheTable) {
  auto found = read({{"title", "A Scan"}}).detection;
  EXPECT_EQ(found.techniques, std::vector<std::string>{"T1595"});
  EXPECT_EQ(found.level, Level::kMedium);
  EXPECT_EQ(found.rule_id, "gate:A Scan");
  found = read({{"title", "A Scan"}, {"mitre", "attack.t1190"}, {"severity", "3"}}).detection;
  EXPECT_EQ(found.techniques, std::vector<std::string>{"T1190"});
  EXPECT_EQ(found.level, Level::kLow);
}

TEST_F(AlertReaderTest, TrustCapsTheLevel) {
  EXPECT_EQ(read({{"title", "x"}, {"severity", "15"}}).detection.level, Level::kHigh);
  EXPECT_EQ(read({{"title", "x"}}).detection.level, Level::kInformational);
}

TEST_F(AlertReaderTest, TheStartOfTheTitleNamesTheSpeaker) {
  const auto found = read({{"title", "O: thing"}, {"severity", "15"}}).detection;
  EXPECT_EQ(found.rule_id, "other:thing");
  EXPECT_EQ(found.rule_title, "thing");
  EXPECT_EQ(found.level, Level::kLow);
  EXPECT_EQ(found.techniques, std::vector<std::string>{"T1190"});
}

TEST_F(AlertReaderTest, ReadsTacticsByAnyName) {
  for (const char* name : {"TA0043", "reconnaissance", "mitre_reconnaissance", "Reconnaissance"}) {
    EXPECT_EQ(read({{"title", "x"}, {"mitre", name}}).detection.tactics,
              std::vector<std::string>{"TA0043"})
        << name;
  }
  EXPECT_TRUE(read({{"title", "x"}, {"mitre", "shell"}}).detection.tactics.empty());
}

TEST_F(AlertReaderTest, EntitiesHaveTheFormsOfEvents) {
  const auto found = read({{"title", "x"},
                           {"host", "WS-7.shop.example"},
                           {"pid", "4711"},
                           {"from", "::ffff:1.2.3.4"}})
                         .detection.entities;
  EXPECT_EQ(found, (std::vector<Entity>{{EntityType::kProcess, "ws-7|pid:4711"},
                                        {EntityType::kIp, "1.2.3.4"},
                                        {EntityType::kHost, "ws-7"}}));
}

TEST_F(AlertReaderTest, APrivateAddressStandsForTheHost) {
  const auto found = read({{"title", "x"}, {"from", "10.0.0.5"}, {"to", "8.8.8.8"}}).detection;
  EXPECT_TRUE(std::find(found.entities.begin(), found.entities.end(),
                        Entity{EntityType::kHost, "10.0.0.5"}) != found.entities.end());
}

TEST_F(AlertReaderTest, RefusesWhatHasNoFormNoTimeOrNoTitle) {
  EXPECT_EQ(reader_.read({{{"a", "b"}}, "t"}, {}).kind, AlertReader::Kind::kRefused);
  EXPECT_EQ(
      reader_.read({{{"kind", "alert"}, {"title", "x"}, {"time", "yesterday"}}, "t"}, {}).kind,
      AlertReader::Kind::kRefused);
  EXPECT_EQ(read({{"severity", "1"}}).kind, AlertReader::Kind::kRefused);
  EXPECT_EQ(reader_.read({{{"kind", "FLOW"}}, "t"}, {}).kind, AlertReader::Kind::kIgnored);
}

TEST_F(AlertReaderTest, LongTextsAreCut) {
  const auto found = read({{"title", std::string(100'000, 'x')}}).detection;
  EXPECT_EQ(found.rule_title.size(), AlertReader::kMaxTitleBytes);
  EXPECT_LE(found.rule_id.size(), AlertReader::kMaxTitleBytes + 8);
}

TEST(FitsPattern, StarIsAnyText) {
  EXPECT_TRUE(fits_pattern("et scan nmap", "et scan *"));
  EXPECT_FALSE(fits_pattern("et scan", "et scan *"));
  EXPECT_TRUE(fits_pattern("abcbcd", "a*bcd"));
  EXPECT_TRUE(fits_pattern("", "*"));
  EXPECT_TRUE(fits_pattern("x", "*x*"));
  EXPECT_FALSE(fits_pattern("x", ""));
}

}  // namespace
}  // namespace catena::alert
