// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/correlation_detection.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/incident/json_lines.h"

namespace catena::incident {
namespace {

class CorrelationDetectionsTest : public testing::Test {
 protected:
  CorrelationDetectionsTest() {
    rules_.rules.resize(1);
    rules_.rules[0].id = "rule-id";
    rules_.correlation.rules = {{0, false, {}}};
    plan::Correlation correlation;
    correlation.id = "corr-id";
    correlation.title = "Spray";
    correlation.level = plan::Level::kHigh;
    correlation.type = plan::CorrelationType::kValueCount;
    correlation.span = 10 * kNanosPerMinute;
    correlation.group_names = {"Ip", "Host"};
    correlation.value_names = {"User"};
    correlation.condition = ">= 3";
    correlation.inputs.emplace_back();
    rules_.correlation.correlations = {correlation};
    result_.event = {hash128("last"), 90 * kNanosPerSecond, {1, 500, 0}, 9};
    result_.first = kNanosPerSecond;
    result_.group = {"10.0.0.1", "dc"};
    result_.measure = {Decimal::whole(3).units, 1, true};
    result_.member_count = 1'024;
    result_.member_count_is_floor = true;
    result_.members = {{{hash128("one"), kNanosPerSecond, {0, 7, 0}, 2}, 0}, {result_.event, 0}};
    result_.traits = {{static_cast<std::uint8_t>(EntityType::kIp), "10.0.0.1"},
                      {static_cast<std::uint8_t>(EntityType::kHost), "dc"}};
    result_.key = hash128("group");
  }

  Detection build() const {
    return CorrelationDetections({rules_, sources_, names_}, attack_).build(result_);
  }

  plan::RuleSet rules_;
  LogSourceCatalog sources_;
  std::vector<std::string> names_ = {"a.log", "b.log"};
  attack::AttackCatalog attack_;
  correlate::Result result_;
};

TEST_F(CorrelationDetectionsTest, SaysWhatTheRuleAndTheEventsSay) {
  const Detection detection = build();
  EXPECT_EQ(detection.rule_id, "corr-id");
  EXPECT_EQ(detection.rule_title, "Spray");
  EXPECT_EQ(detection.level, plan::Level::kHigh);
  EXPECT_EQ(detection.time, result_.event.time);
  EXPECT_EQ(detection.event_id, hash128("last"));
  EXPECT_EQ(detection.origin.source, "b.log");
  EXPECT_EQ(detection.origin.line, 9U);
  ASSERT_EQ(detection.entities.size(), 2U);
  EXPECT_EQ(detection.entities[0].type, EntityType::kIp);
  EXPECT_EQ(detection.evidence, "at least 1024 events: b.log:9 a.log:2");
  ASSERT_EQ(detection.telling.size(), 3U);
  EXPECT_EQ(detection.telling[2].name, "value_count of User");
  EXPECT_EQ(detection.telling[2].value, "at least 3 (>= 3 within 600 s)");
}

TEST_F(CorrelationDetectionsTest, ItsIdNamesTheFinding) {
  const Id128 id = build().id;
  EXPECT_EQ(build().id, id);
  result_.first += 1;
  EXPECT_NE(build().id, id);
  result_.first -= 1;
  result_.key = hash128("another group");
  EXPECT_NE(build().id, id);
}

TEST_F(CorrelationDetectionsTest, IsAJsonObject) {
  const std::string json = detection_json(build(), hash128("chain"), nullptr);
  EXPECT_NE(
      json.find(
          "\"correlation\":{\"type\":\"value_count\",\"condition\":\">= 3\",\"fields\":[\"User\"],"
          "\"timespan_seconds\":600,\"group\":{\"Ip\":\"10.0.0.1\",\"Host\":\"dc\"},"
          "\"value\":3,\"value_is_floor\":true,\"first\":\"1970-01-01T00:00:01.000Z\","
          "\"event_count\":1024,\"event_count_is_floor\":true,\"events\":[{\"id\":"),
      json.npos)
      << json;
  EXPECT_NE(json.find("\"rule\":\"rule-id\",\"time\":\"1970-01-01T00:01:30.000Z\",\"source\":"
                      "\"b.log\",\"line\":9,\"offset\":500}]}"),
            json.npos)
      << json;
}

TEST_F(CorrelationDetectionsTest, CutsWhatIsLong) {
  result_.group[0] = std::string(5'000, 'x');
  result_.members.assign(64, {result_.event, 0});
  names_[1] = std::string(200, 'n');
  const Detection detection = build();
  EXPECT_LE(detection.telling[0].value.size(), TellingField::kMaxValueBytes);
  EXPECT_LE(detection.evidence.size(), Detection::kMaxEvidenceBytes);
  EXPECT_EQ(detection.correlation->events.size(), 64U);
}

}  // namespace
}  // namespace catena::incident
