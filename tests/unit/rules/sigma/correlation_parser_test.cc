// SPDX-License-Identifier: Apache-2.0
#include "rules/sigma/correlation_parser.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "rules/yaml/yaml_reader.h"

namespace catena::sigma {
namespace {

std::optional<RuleProblem> parse(const std::string& text, ParsedCorrelation& parsed) {
  std::vector<yaml::YamlDocument> documents;
  EXPECT_FALSE(yaml::parse_yaml(text, "c.yml", {}, documents)) << text;
  return parse_correlation(documents.at(0).root, parsed);
}

// "line:column: message" of the first problem; "ok" when there is none.
std::string outcome(const std::string& text) {
  ParsedCorrelation parsed;
  const auto problem = parse(text, parsed);
  if (!problem) return "ok";
  return std::to_string(problem->place.line) + ":" + std::to_string(problem->place.column) + ": " +
         problem->message;
}

// The section as one flow mapping on line 2, from column 14.
std::string section(const std::string& entries) {
  return outcome("title: T\ncorrelation: {" + entries + "}\n");
}

TEST(CorrelationParser, ReadsEverything) {
  ParsedCorrelation parsed;
  const auto problem = parse(
      "title: Spray\nid: 8a\nname: spray\nstatus: test\nlevel: high\ntags: [attack.T1110.003]\n"
      "correlation:\n  type: value_count\n  rules: [failed, other]\n  group-by: [src]\n"
      "  timespan: 90m\n  condition: {field: [User, Domain], gt: 100, lte: 200}\n"
      "  aliases: {src: {failed: IpAddress, other: SourceIp}}\n  generate: true\n  repeat: true\n",
      parsed);
  ASSERT_FALSE(problem) << problem->message;
  const CorrelationRule& rule = parsed.rule;
  EXPECT_EQ(rule.body.title, "Spray");
  EXPECT_EQ(rule.body.name, "spray");
  EXPECT_EQ(rule.body.level, "high");
  EXPECT_EQ(rule.body.tags, std::vector<std::string>{"attack.t1110.003"});
  EXPECT_EQ(rule.kind, CorrelationKind::kValueCount);
  ASSERT_EQ(rule.rules.size(), 2U);
  EXPECT_EQ(rule.rules[1].name, "other");
  EXPECT_EQ(rule.rules[1].place.line, 9U);
  EXPECT_EQ(rule.rules[1].place.column, 19U);
  EXPECT_EQ(rule.span_seconds, 5'400);
  ASSERT_EQ(rule.value_fields.size(), 2U);
  EXPECT_EQ(rule.condition_text, "> 100 and <= 200");
  ASSERT_EQ(rule.aliases.size(), 1U);
  EXPECT_EQ(rule.aliases[0].mappings[1].field, "SourceIp");
  EXPECT_TRUE(rule.generate);
  EXPECT_TRUE(rule.repeat);
}

TEST(CorrelationParser, TakesOneNameForAListAndGenerateBesideTheSection) {
  ParsedCorrelation parsed;
  ASSERT_FALSE(
      parse("title: T\ncorrelation: {type: event_count, rules: r, group-by: F, "
            "timespan: 1d, condition: {eq: 3}}\ngenerate: true\n",
            parsed));
  EXPECT_EQ(parsed.rule.rules.at(0).name, "r");
  EXPECT_EQ(parsed.rule.group_by.at(0).name, "F");
  EXPECT_TRUE(parsed.rule.generate);
}

TEST(CorrelationParser, TemporalWantsAllRulesUnlessItSaysOtherwise) {
  ParsedCorrelation parsed;
  ASSERT_FALSE(
      parse("title: T\ncorrelation: {type: temporal, rules: [a, b, c], timespan: 5m}\n", parsed));
  ASSERT_EQ(parsed.rule.bounds.size(), 1U);
  EXPECT_EQ(parsed.rule.bounds[0].value, Decimal::whole(3));
  ASSERT_FALSE(
      parse("title: T\ncorrelation: {type: temporal, timespan: 5m, "
            "condition: b and not (a or b)}\n",
            parsed));
  ASSERT_EQ(parsed.rule.rules.size(), 2U);  // in the order in which they appear
  EXPECT_EQ(parsed.rule.rules[0].name, "b");
  EXPECT_TRUE(parsed.rule.condition);
}

TEST(CorrelationParser, RefusesWithThePlace) {
  const std::string head = "type: event_count, rules: [a], timespan: 1m";
  EXPECT_EQ(section(head + ", condition: {gte: 1}"), "ok");
  EXPECT_EQ(outcome("title: T\ncorrelation: x\n"), "2:14: 'correlation' is not a mapping");
  EXPECT_EQ(outcome("correlation: {}\n"), "1:1: the rule has no 'title'");
  EXPECT_EQ(section("rules: [a]"), "2:14: the correlation has no 'type'");
  EXPECT_EQ(section("type: event_cuont"),
            "2:21: 'event_cuont' is not a type of correlation: event_count, value_count, temporal, "
            "temporal_ordered, value_sum, value_avg, value_percentile, value_median; did you mean "
            "'event_count'?");
  EXPECT_EQ(section("type: event_count, timespan: 1m, condition: {gte: 1}"),
            "2:14: the correlation has no 'rules'");
  EXPECT_EQ(section("type: event_count, rules: []"), "2:41: 'rules' is empty");
  EXPECT_EQ(section("type: event_count, rules: [a, a]"), "2:45: 'a' stands twice in 'rules'");
  EXPECT_EQ(section("type: event_count, rules: [{b: c}]"),
            "2:42: an entry of 'rules' is not a name");
  EXPECT_EQ(section(head), "2:14: the correlation has no 'condition'");
  EXPECT_EQ(section(head + ", groupby: [a]"),
            "2:60: unknown key 'groupby' in a correlation; did you mean 'group-by'?");
  EXPECT_EQ(section("type: event_count, timeframe: 1m"),
            "2:34: the key is 'timespan', not 'timeframe'");
  EXPECT_EQ(section(head + ", group-by: {a: b}"), "2:70: 'group-by' is not a list");
  EXPECT_EQ(section(head + ", generate: yes, condition: {gte: 1}"),
            "2:70: 'generate' is neither true nor false");
  EXPECT_EQ(outcome("title: T\ngenerate: false\ncorrelation: {" + head +
                    ", generate: true, condition: {gte: 1}}\n"),
            "3:70: 'generate' is given twice, and differently");
  EXPECT_EQ(outcome("title: T\ndetection: {}\ncorrelation: {" + head + "}\n").substr(0, 40),
            "2:12: a document is either a rule or a c");
}

TEST(CorrelationParser, RefusesConditionsThatMeanNothing) {
  const auto condition = [](const std::string& type, const std::string& text) {
    const std::string all =
        section("condition: " + text + ", rules: [a, b], timespan: 1m, type: " + type);
    return all.substr(all.find(' ') + 1);
  };
  EXPECT_EQ(condition("event_count", "{}"),
            "the condition compares with nothing: gt, gte, lt, lte, eq, neq");
  EXPECT_EQ(condition("event_count", "{gte: many}"), "'many' is not a number to compare with");
  EXPECT_EQ(condition("event_count", "{gte: '3'}"), "'3' is not a number to compare with");
  EXPECT_EQ(condition("event_count", "{gte: 1.5}"), "'1.5' is not a count");
  EXPECT_EQ(condition("event_count", "{gte: -1}"), "'-1' is not a count");
  EXPECT_EQ(condition("event_count", "{gte: 1000001}"), "counts are compared up to 1000000");
  EXPECT_EQ(condition("event_count", "{ge: 1}"),
            "unknown key 'ge' in a condition: gt, gte, lt, lte, eq, neq, field or percentile");
  EXPECT_EQ(condition("event_count", "{field: F, gte: 1}"),
            "this type of correlation takes no 'field'");
  EXPECT_EQ(condition("event_count", "a and b"),
            "only temporal and temporal_ordered take a boolean condition; write for instance "
            "'gte: 10'");
  EXPECT_EQ(condition("value_count", "{gte: 1}"), "the condition has no 'field'");
  EXPECT_EQ(condition("value_sum", "{field: [F, G], gte: 1}"),
            "only value_count takes several fields");
  EXPECT_EQ(condition("value_sum", "{field: F, gte: -1.5}"), "ok");
  EXPECT_EQ(condition("value_percentile", "{field: image, lte: 1}").substr(0, 42),
            "value_percentile needs 'percentile' (for i");
  EXPECT_EQ(condition("value_percentile", "{field: F, lte: 1, percentile: 100.1}").substr(0, 29),
            "'100.1' is not a percentile: ");
  EXPECT_EQ(condition("value_sum", "{field: F, lte: 1, percentile: 9}"),
            "only value_percentile takes a 'percentile'");
  EXPECT_EQ(condition("temporal", "a and c"),
            "condition over 'rules': there is no search identifier 'c'; did you mean 'a'?");
  EXPECT_EQ(condition("temporal", "a"), "the condition does not use the rule 'b'");
  EXPECT_EQ(condition("temporal", "a and"), "condition: the condition ends too early");
  EXPECT_EQ(condition("temporal_ordered", "{lte: 1}").substr(0, 38),
            "temporal_ordered can be asked for at l");
  EXPECT_EQ(condition("temporal_ordered", "{eq: 2}"), "ok");
}

TEST(CorrelationParser, ChecksAliases) {
  const std::string head =
      "type: event_count, rules: [a], timespan: 1m, condition: {gte: 1}, group-by: [x], aliases: ";
  EXPECT_EQ(section(head + "{x: {a: F}}"), "ok");
  EXPECT_EQ(section(head + "[x]"), "2:105: 'aliases' is not a mapping");
  EXPECT_EQ(section(head + "{x: F}"), "2:109: the alias 'x' is not a mapping from rules to fields");
  EXPECT_EQ(section(head + "{x: {a: [F]}}"), "2:113: the alias 'x' names no field for 'a'");
  EXPECT_EQ(section(head + "{y: {a: F}}"),
            "2:106: neither 'group-by' nor 'field' uses the alias 'y'");
}

TEST(ParseTimespan, TakesANumberAndAUnitWithinLimits) {
  EXPECT_EQ(parse_timespan("1s"), 1);
  EXPECT_EQ(parse_timespan("90m"), 5'400);
  EXPECT_EQ(parse_timespan("24h"), 86'400);
  EXPECT_EQ(parse_timespan("366d"), kMaxTimespanSeconds);
  for (const char* text : {"", "s", "0s", "-1s", "+1s", "1", "1w", "1M", "1y", "1 m", "1.5h", "1S",
                           "367d", "31622401s", "99999999999999999999s", "365000d"}) {
    EXPECT_FALSE(parse_timespan(text)) << text;
  }
}

}  // namespace
}  // namespace catena::sigma
