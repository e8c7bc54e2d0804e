// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/detection_builder.h"

#include <gtest/gtest.h>

#include "tests/support/event_fixture.h"

namespace catena::incident {
namespace {

class DetectionBuilderTest : public testing::Test {
 protected:
  DetectionBuilderTest() {
    plan::Predicate predicate;
    predicate.op = plan::Op::kEquals;
    predicate.field = fields_.intern("EventID");
    predicate.text = "29";
    rules_.predicates = {predicate};
    rules_.nodes = {{plan::Node::Kind::kPredicate, 0, 0}};
    plan::Rule rule;
    rule.id = "r1";
    rule.title = "Executable created";
    rule.level = plan::Level::kMedium;
    rules_.rules = {rule};
    fields_.intern("TargetFilename");
    windows_ = log_sources_.intern({"windows", {"file_executable_detected"}, {"sysmon"}});
  }

  Detection build(const std::vector<test::EventFixture::Value>& values) {
    const DetectionBuilder builder({rules_, fields_, log_sources_, entities_, sources_}, attack_);
    Event event = events_.make(values, windows_);
    event.origin.line = 7;
    return builder.build(event, 0);
  }

  FieldCatalog fields_;
  EntityExtractor entities_{fields_};
  LogSourceCatalog log_sources_;
  plan::RuleSet rules_;
  attack::AttackCatalog attack_;
  std::vector<std::string> sources_ = {"a.jsonl"};
  test::EventFixture events_{fields_};
  LogSourceId windows_ = 0;
};

TEST_F(DetectionBuilderTest, CarriesWhatAnAnalystNeeds) {
  const Detection detection = build({{"EventID", "29", ValueKind::kNumber}, {"Computer", "WS1"}});
  EXPECT_EQ(detection.rule_id, "r1");
  EXPECT_EQ(detection.id, detection_id(detection.event_id, "r1"));
  EXPECT_EQ(detection.origin.source, "a.jsonl");
  EXPECT_EQ(detection.origin.line, 7U);
  EXPECT_EQ(detection.product, "windows");
  EXPECT_EQ(detection.entities, (std::vector<Entity>{{EntityType::kHost, "ws1"}}));
  ASSERT_EQ(detection.telling.size(), 1U);
  EXPECT_EQ(detection.telling[0].name, "EventID");
}

TEST_F(DetectionBuilderTest, ShowsWhatHappenedWhereTheRuleOnlyNamesTheKindOfEvent) {
  const Detection detection =
      build({{"EventID", "29", ValueKind::kNumber}, {"TargetFilename", "C:\\x\\a.exe"}});
  ASSERT_EQ(detection.telling.size(), 2U);
  EXPECT_EQ(detection.telling[0].name, "TargetFilename");
  EXPECT_EQ(detection.telling[1].name, "EventID");
}

TEST_F(DetectionBuilderTest, CutsLongValuesBetweenCharacters) {
  std::string name(TellingField::kMaxValueBytes - 1, 'a');
  name += "\u00e4\u00e4";
  const Detection detection =
      build({{"EventID", "29", ValueKind::kNumber}, {"TargetFilename", name}});
  EXPECT_EQ(detection.telling[0].value.size(), TellingField::kMaxValueBytes - 1);
  EXPECT_LE(detection.evidence.size(), Detection::kMaxEvidenceBytes);
}

}  // namespace
}  // namespace catena::incident
