// SPDX-License-Identifier: Apache-2.0
#include "rules/sigma/detection_parser.h"

#include <string>

#include <gtest/gtest.h>

#include "rules/sigma/rule_parser.h"
#include "rules/yaml/yaml_reader.h"

namespace catena::sigma {
namespace {

yaml::YamlNode root_of(const std::string& text) {
  auto documents = yaml::read_yaml(text, "r.yml");
  EXPECT_TRUE(documents.ok()) << documents.status().message();
  return documents.ok() && !documents->empty() ? (*documents)[0].root : yaml::YamlNode();
}

std::string outcome(const std::string& text, Rule* rule = nullptr) {
  Rule own;
  const auto problem = parse_detection(root_of(text), rule != nullptr ? *rule : own);
  if (!problem) return "ok";
  return std::to_string(problem->place.line) + ":" + std::to_string(problem->place.column) + ": " +
         problem->message + " [" + std::string(diagnostic_code_name(problem->code)) + "]";
}

TEST(DetectionParser, KeepsShapeKindsAndPlaces) {
  Rule rule;
  ASSERT_EQ(outcome("sel:\n  - Image|endswith|cased: ['\\a.exe', 5]\n    Null: ~\n  - kw1\n"
                    "  - 7\n  - Flag: true\ncondition: sel\n",
                    &rule),
            "ok");
  ASSERT_EQ(rule.identifiers.size(), 1u);
  const auto& alternatives = rule.identifiers[0].alternatives;
  ASSERT_EQ(alternatives.size(), 3u);
  ASSERT_EQ(alternatives[0].size(), 2u);
  const DetectionItem& image = alternatives[0][0];
  EXPECT_EQ(image.field, "Image");
  ASSERT_EQ(image.modifiers.size(), 2u);
  EXPECT_EQ(image.modifiers[0].modifier, Modifier::kEndsWith);
  EXPECT_EQ(image.modifiers[1].place.line, 2u);
  EXPECT_EQ(image.modifiers[1].place.column, 20u);
  EXPECT_TRUE(image.is_list);
  EXPECT_EQ(image.values[0].text, "\\a.exe");
  EXPECT_EQ(image.values[1].kind, Value::Kind::kNumber);
  EXPECT_EQ(image.values[1].place.column, 38u);
  EXPECT_EQ(alternatives[0][1].values[0].kind, Value::Kind::kNull);
  ASSERT_TRUE(alternatives[1][0].is_keyword());  // neighbouring keywords are one item
  ASSERT_EQ(alternatives[1][0].values.size(), 2u);
  EXPECT_EQ(alternatives[1][0].values[1].text, "7");
  EXPECT_EQ(alternatives[2][0].values[0].kind, Value::Kind::kBool);
}

TEST(DetectionParser, RefusesWithPlaceAndReason) {
  const std::pair<const char*, const char*> table[] = {
      {"x", "1:1: 'detection' is not a mapping [schema]"},
      {"s: {F: x}", "1:1: 'detection' has no 'condition' [schema]"},
      {"condition: s", "1:1: 'detection' has no search identifier [schema]"},
      {"s:\ncondition: s", "1:1: search identifier 's' is empty [schema]"},
      {"s: {F: x}\ncondition:", "2:11: the condition is not a text [schema]"},
      {"s: {F: x}\ncondition: {a: b}", "2:12: the condition is not a text [schema]"},
      {"s: {F: x}\ncondition: []", "2:12: the list of conditions is empty [schema]"},
      {"s: {F: x}\ncondition: s and t",
       "2:18: condition: there is no search identifier 't'; did you mean 's'? [names-nothing]"},
      {"s: {F: x}\ncondition: 's and'",
       "2:18: condition: the condition ends too early [condition]"},
      {"s: {F: x}\ncondition: 1 of t*",
       "2:12: condition: no search identifier matches 't*' [names-nothing]"},
      {"s: {F: x}\ntimeframe: 5m\ncondition: s",
       "2:1: 'timeframe' was withdrawn from Sigma; rewrite the rule as a correlation rule with "
       "'timespan' [legacy]"},
      {"s: {F: x}\ncondition:\n  - s\n  - s or t",
       "4:10: condition: there is no search identifier 't'; did you mean 's'? [names-nothing]"},
      {"'\u00e4': {F: x}\ncondition: \u00e4 or t",
       "2:17: condition: there is no search identifier 't' [names-nothing]"},
  };
  for (const auto& [text, expected] : table) EXPECT_EQ(outcome(text), expected) << text;
  EXPECT_NE(outcome("s: {F: x}\ncondition: s | count() > 5").find("2:14: condition: aggreg"),
            std::string::npos);
}

TEST(DetectionParser, KeepsItsLimits) {
  std::string names;
  for (std::size_t i = 0; i < kMaxIdentifiersPerRule; ++i) {
    names += "s" + std::to_string(i) + ": {F: x}\n";
  }
  EXPECT_EQ(outcome(names + "condition: s1"), "ok");
  EXPECT_EQ(outcome(names + "more: {F: x}\ncondition: s1"),
            "2049:1: more than 2048 search identifiers [limit]");

  std::string conditions = "s: {F: x}\ncondition: [";
  for (std::size_t i = 0; i <= kMaxConditionsPerRule; ++i) conditions += "s,";
  EXPECT_EQ(outcome(conditions + "]"), "2:12: more than 16 conditions [limit]");

  std::string modifiers = "s: {'F";
  for (std::size_t i = 0; i < kMaxModifiersPerItem; ++i) modifiers += "|cased";
  EXPECT_EQ(outcome(modifiers + "': x}\ncondition: s"), "ok");
  EXPECT_EQ(outcome(modifiers + "|cased': x}\ncondition: s"),
            "1:104: more than 16 modifiers [limit]");
}

}  // namespace
}  // namespace catena::sigma
