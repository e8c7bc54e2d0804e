// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/hit_builder.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace catena::incident {
namespace {

using correlate::FieldState;

class HitBuilderTest : public testing::Test {
 protected:
  HitBuilderTest() {
    rules_.rules.resize(3);
    rules_.correlation.rules = {{1, false, {1, 2, 3}}, {2, true, {}}};
    rules_.correlation.correlations.resize(1);
  }

  std::vector<correlate::CapturedValue> captured(const std::vector<Field>& fields) {
    Event event;
    event.fields = fields;
    event.raw = "raw";
    event.time = 5;
    event.origin = {1, 7, 100};
    const std::vector<Entity> entities = {{EntityType::kHost, "h"}};
    hit_ = HitBuilder(rules_, ranks_).build(event, 9, 1, entities);
    std::vector<correlate::CapturedValue> values;
    hit_.payload.read(values, traits_);
    return values;
  }

  plan::RuleSet rules_;
  std::vector<std::uint32_t> ranks_ = {1, 0};
  correlate::Hit hit_;
  std::vector<correlate::TraitView> traits_;
};

TEST_F(HitBuilderTest, KnowsInputsAndWhatAlerts) {
  const HitBuilder builder(rules_, ranks_);
  EXPECT_FALSE(builder.is_input(0));
  EXPECT_TRUE(builder.alerts(0));
  EXPECT_TRUE(builder.is_input(1));
  EXPECT_FALSE(builder.alerts(1));
  EXPECT_TRUE(builder.alerts(2));
}

TEST_F(HitBuilderTest, TakesOneValueOfEachField) {
  const auto values = captured({{1, ValueKind::kString, false, "a"},
                                {2, ValueKind::kString, false, "x"},
                                {2, ValueKind::kString, false, "y"},
                                {3, ValueKind::kNull, false, ""}});
  ASSERT_EQ(values.size(), 3U);
  EXPECT_EQ(values[0].state, FieldState::kOne);
  EXPECT_EQ(values[0].text, "a");
  EXPECT_EQ(values[1].state, FieldState::kSeveral);
  EXPECT_EQ(values[2].state, FieldState::kMissing);
  ASSERT_EQ(traits_.size(), 1U);
  EXPECT_EQ(traits_[0].text, "h");
  EXPECT_EQ(hit_.event.place.source, 0U);  // the rank of source 1
  EXPECT_EQ(hit_.event.place.offset, 100U);
  EXPECT_EQ(hit_.event.place.number, 9U);
  EXPECT_EQ(hit_.event.line, 7U);
}

TEST_F(HitBuilderTest, EqualValuesAreOneAndObjectsAreNone) {
  const auto values = captured({{1, ValueKind::kString, false, "Ann"},
                                {1, ValueKind::kNull, false, ""},
                                {1, ValueKind::kString, false, "ann"},
                                {2, ValueKind::kComposite, false, "{}"},
                                {3, ValueKind::kString, false, ""}});
  EXPECT_EQ(values[0].text, "Ann");
  EXPECT_EQ(values[0].state, FieldState::kOne);
  EXPECT_EQ(values[1].state, FieldState::kSeveral);
  EXPECT_EQ(values[2].state, FieldState::kOne);  // empty is a value
}

TEST_F(HitBuilderTest, ShortensLongValuesWithoutMixingThemUp) {
  const std::string a = std::string(5'000, 'x') + "a";
  const std::string b = std::string(5'000, 'x') + "b";
  const auto text = [&](const std::string& value) {
    return std::string(captured({{1, ValueKind::kString, false, value}})[0].text);
  };
  EXPECT_LE(text(a).size(), HitBuilder::kMaxValueBytes);
  EXPECT_NE(text(a), text(b));
  EXPECT_EQ(text(a).back() == '#', false);
}

}  // namespace
}  // namespace catena::incident
