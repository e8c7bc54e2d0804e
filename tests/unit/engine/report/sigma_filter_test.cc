// SPDX-License-Identifier: Apache-2.0
#include "engine/report/sigma_filter.h"

#include <gtest/gtest.h>

#include "tests/support/story_fixture.h"

namespace catena::report {
namespace {

TEST(SigmaLiteral, MeansJustTheText) { EXPECT_EQ(sigma_literal("C:\\a*b?"), "C:\\\\a\\*b\\?"); }

class SigmaFilterTest : public testing::Test {
 protected:
  static incident::Detection seen(std::int64_t minute, const std::string& rule,
                                  std::vector<incident::TellingField> telling) {
    auto detection = test::make_detection(minute, rule, {test::host("h")});
    detection.product = "windows";
    detection.telling = std::move(telling);
    return detection;
  }
  attack::AttackCatalog attack_;
};

TEST_F(SigmaFilterTest, KeepsWhatAllDetectionsOfARuleShow) {
  const Story story = test::make_story({
      seen(1, "r1", {{"Image", "C:\\it's.exe"}, {"CommandLine", "one"}}),
      seen(2, "r1", {{"Image", "C:\\it's.exe"}, {"CommandLine", "two"}, {"User", "bob"}}),
  });
  const auto filters = sigma_filters(StoryView(story, attack_));
  EXPECT_EQ(filters.filters, 1U);
  EXPECT_NE(filters.text.find("'Image':\n      - 'C:\\\\it''s.exe'\n"), std::string::npos)
      << filters.text;
  EXPECT_NE(filters.text.find("      - 'one'\n      - 'two'\n"), std::string::npos);
  EXPECT_EQ(filters.text.find("User"), std::string::npos);
  EXPECT_NE(filters.text.find("rules:\n    - 'r1'\n"), std::string::npos);
}

TEST_F(SigmaFilterTest, SaysWhichRulesGetNone) {
  const std::string cut(incident::TellingField::kMaxValueBytes, 'x');
  const Story story = test::make_story(
      {seen(1, "keyword", {{"", "text"}}), seen(2, "cut", {{"CommandLine", cut}}),
       seen(3, "hostile", {{"CommandLine", "a\nb: c"}}), seen(4, "suricata:1", {{"Image", "a"}}),
       seen(5, "fine", {{"Image", "a"}})});
  const auto filters = sigma_filters(StoryView(story, attack_));
  EXPECT_EQ(filters.filters, 1U);
  EXPECT_EQ(filters.without, (std::vector<std::string>{"keyword", "cut", "hostile", "suricata:1"}));
}

TEST_F(SigmaFilterTest, ManyValuesAreNothingInCommon) {
  std::vector<incident::Detection> detections;
  for (std::int64_t i = 0; i <= static_cast<std::int64_t>(kMaxFilterValues); ++i) {
    detections.push_back(seen(i + 1, "r", {{"Image", std::to_string(i)}}));
  }
  const Story story = test::make_story(detections);
  EXPECT_EQ(sigma_filters(StoryView(story, attack_)).filters, 0U);
}

}  // namespace
}  // namespace catena::report
