// SPDX-License-Identifier: Apache-2.0
#include "rules/sigma/filter_parser.h"

#include <string>

#include <gtest/gtest.h>

#include "rules/yaml/yaml_reader.h"

namespace catena::sigma {
namespace {

const std::string kHead = "title: F\nlogsource: {product: windows}\n";

std::string outcome(const std::string& text, Filter* result = nullptr) {
  const auto documents = yaml::read_yaml(text, "f.yml");
  EXPECT_TRUE(documents.ok()) << documents.status().message();
  Filter filter;
  const auto problem = parse_filter((*documents)[0].root, filter);
  if (result != nullptr) *result = filter;
  if (!problem) return "ok";
  return std::to_string(problem->place.line) + ":" + std::to_string(problem->place.column) + ": " +
         problem->message + " [" + std::string(diagnostic_code_name(problem->code)) + "]";
}

TEST(FilterParser, ReadsReferencesSelectionsAndCondition) {
  Filter filter;
  EXPECT_EQ(outcome(kHead + "filter:\n  rules: [ab, the_rule]\n  selection: {F: x}\n"
                            "  other: {G: y}\n  condition: not 1 of them\n",
                    &filter),
            "ok");
  ASSERT_EQ(filter.rules.size(), 2u);
  EXPECT_EQ(filter.rules[1].name, "the_rule");
  EXPECT_EQ(filter.rules[1].place.line, 4u);
  EXPECT_FALSE(filter.any);
  EXPECT_EQ(filter.body.title, "F");
  EXPECT_EQ(filter.body.identifiers.size(), 2u);
  EXPECT_EQ(filter.body.conditions.size(), 1u);
}

TEST(FilterParser, ReadsTheWaysToNameRules) {
  const auto with = [](const std::string& rules) {
    Filter filter;
    EXPECT_EQ(outcome(kHead + "filter:\n  rules: " + rules + "\n  s: {F: x}\n  condition: not s\n",
                      &filter),
              "ok");
    return filter;
  };
  EXPECT_TRUE(with("any").any);
  EXPECT_TRUE(with("Any").any);
  EXPECT_TRUE(with("[]").any);
  EXPECT_EQ(with("one_rule").rules.size(), 1u);
  EXPECT_FALSE(with("[any]").any);
}

TEST(FilterParser, RefusesWithPlaceAndReason) {
  const std::string good = "filter:\n  rules: any\n  s: {F: x}\n  condition: not s\n";
  EXPECT_EQ(outcome("logsource: {product: a}\n" + good), "1:1: the rule has no 'title' [schema]");
  EXPECT_EQ(outcome("title: F\n" + good), "1:1: the rule has no 'logsource' [schema]");
  EXPECT_EQ(outcome(kHead + "filter: x\n"), "3:9: 'filter' is not a mapping [schema]");
  EXPECT_EQ(
      outcome(kHead + "filter:\n  s: {F: x}\n  condition: not s\n"),
      "4:3: the filter has no 'rules'; write 'rules: any' for all of its log source [schema]");
  EXPECT_EQ(outcome(kHead + "filter:\n  rules: [[x]]\n  s: {F: x}\n  condition: not s\n"),
            "4:11: 'rules' needs 'any', or ids or names of rules [schema]");
  EXPECT_EQ(outcome(kHead + "filter:\n  rules: any\n  s: {F: x}\n"),
            "4:3: 'filter' has no 'condition' [schema]");
  EXPECT_EQ(outcome(kHead + "filter:\n  rules: any\n  condition: not s\n"),
            "4:3: 'filter' has no search identifier [schema]");
  EXPECT_EQ(outcome(kHead + "filter:\n  rules: any\n  s: {F: x}\n  condition: [not s]\n"),
            "6:14: a filter has one condition, not a list of them [schema]");
  EXPECT_EQ(
      outcome(kHead + "filter:\n  rules: any\n  s: {F: x}\n  condition: not t\n"),
      "6:18: condition: there is no search identifier 't'; did you mean 's'? [names-nothing]");
}

TEST(OnlyKeeps, SeesWhatHasNoNegation) {
  const auto keeps = [](const std::string& rest) {
    Filter filter;
    EXPECT_EQ(outcome(kHead + "filter:\n  rules: any\n" + rest, &filter), "ok");
    return only_keeps(filter);
  };
  EXPECT_TRUE(keeps("  s: {F: x}\n  condition: s\n"));
  EXPECT_FALSE(keeps("  s: {F: x}\n  condition: not s\n"));
  EXPECT_FALSE(keeps("  s: {F|neq: x}\n  condition: s\n"));
}

TEST(LogSource, ContainsWhatSaysNoLess) {
  EXPECT_TRUE(contains({"windows", "", ""}, {"windows", "process_creation", ""}));
  EXPECT_FALSE(contains({"windows", "process_creation", ""}, {"windows", "", ""}));
  EXPECT_FALSE(contains({"linux", "", ""}, {"windows", "", ""}));
}

}  // namespace
}  // namespace catena::sigma
