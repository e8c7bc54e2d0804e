// SPDX-License-Identifier: Apache-2.0
#include "rules/sigma/rule_parser.h"

#include <string>

#include <gtest/gtest.h>

#include "rules/yaml/yaml_reader.h"

namespace catena::sigma {
namespace {

yaml::YamlNode root_of(const std::string& text) {
  auto documents = yaml::read_yaml(text, "r.yml");
  EXPECT_TRUE(documents.ok()) << documents.status().message();
  return documents.ok() && !documents->empty() ? (*documents)[0].root : yaml::YamlNode();
}

constexpr const char* kDetection = "detection:\n  s: {F: x}\n  condition: s\n";

// "line:column: message [code]" of the refusal, or "ok".
std::string outcome(const std::string& text) {
  ParsedRule parsed;
  const auto problem = parse_rule(root_of(text), parsed);
  if (!problem) return "ok";
  return std::to_string(problem->place.line) + ":" + std::to_string(problem->place.column) + ": " +
         problem->message + " [" + std::string(diagnostic_code_name(problem->code)) + "]";
}

TEST(RuleParser, ReadsEveryPart) {
  ParsedRule parsed;
  const auto problem = parse_rule(
      root_of("title: A title\nid: 1-2\nstatus: test\nlevel: high\nauthor: [x]\ncustom: {a: 1}\n"
              "logsource:\n  product: Windows\n  service: SysMon\n  definition: |\n    x\n"
              "tags:\n  - attack.T1059\n" +
              std::string(kDetection)),
      parsed);
  ASSERT_FALSE(problem.has_value()) << problem->message;
  const Rule& rule = parsed.rule;
  EXPECT_EQ(rule.title, "A title");
  EXPECT_EQ(rule.id, "1-2");
  EXPECT_EQ(rule.status, "test");
  EXPECT_EQ(rule.level, "high");
  EXPECT_EQ(rule.log_source.product, "windows");
  EXPECT_EQ(rule.log_source.service, "sysmon");
  EXPECT_EQ(rule.log_source.category, "");
  EXPECT_EQ(rule.tags, std::vector<std::string>{"attack.t1059"});
  ASSERT_EQ(rule.identifiers.size(), 1u);
  ASSERT_EQ(rule.conditions.size(), 1u);
  EXPECT_TRUE(parsed.warnings.empty());
}

TEST(RuleParser, RefusesWithPlaceAndReason) {
  const std::string source = "logsource: {product: x}\n";
  const std::pair<std::string, const char*> table[] = {
      {"title: t\n" + source + kDetection, "ok"},
      {"[a]", "1:1: the document is not a mapping [schema]"},
      {"just text", "1:1: the document is not a mapping [schema]"},
      {source + kDetection, "1:1: the rule has no 'title' [schema]"},
      {"title: ''\n" + source + kDetection, "1:8: the rule has no 'title' [schema]"},
      {"title:\n" + source + kDetection, "1:1: the rule has no 'title' [schema]"},
      {"title: [t]\n" + source + kDetection, "1:8: 'title' is not a text [schema]"},
      {"title: t\nid: {a: b}\n" + source + kDetection, "2:5: 'id' is not a text [schema]"},
      {"title: t\n" + std::string(kDetection), "1:1: the rule has no 'logsource' [schema]"},
      {"title: t\nlogsource: x\n" + std::string(kDetection),
       "2:12: 'logsource' is not a mapping [schema]"},
      {"title: t\nlogsource: {definition: x}\n" + std::string(kDetection),
       "2:12: 'logsource' names no product, category or service [schema]"},
      {"title: t\nlogsource: {product: [a]}\n" + std::string(kDetection),
       "2:22: 'product' is not a text [schema]"},
      {"title: t\n" + source + "tags: x\n" + kDetection, "3:7: 'tags' is not a list [schema]"},
      {"title: t\n" + source + "tags: [a, [b]]\n" + kDetection,
       "3:11: a tag is not a text [schema]"},
      {"title: t\n" + source + "tags:\n" + kDetection, "ok"},
      {"title: t\n" + source, "1:1: the rule has no 'detection' [schema]"},
      {"action: global\ntitle: t\n",
       "1:9: rule collections ('action: global', 'repeat', 'reset') were withdrawn from Sigma; "
       "write each rule in full [legacy]"},
  };
  for (const auto& [text, expected] : table) EXPECT_EQ(outcome(text), expected) << text;
}

TEST(RuleParser, KeepsItsLimits) {
  const std::string rest = "logsource: {product: x}\n" + std::string(kDetection);
  EXPECT_EQ(outcome("title: " + std::string(kMaxTitleBytes, 't') + "\n" + rest), "ok");
  EXPECT_EQ(outcome("title: " + std::string(kMaxTitleBytes + 1, 't') + "\n" + rest),
            "1:8: the title is longer than 1024 bytes [limit]");
  EXPECT_EQ(outcome("title: t\nid: " + std::string(kMaxRuleIdBytes + 1, 't') + "\n" + rest),
            "2:5: the id is longer than 256 bytes [limit]");
  std::string tags = "tags: [";
  for (std::size_t i = 0; i <= kMaxTagsPerRule; ++i) tags += "t,";
  EXPECT_EQ(outcome("title: t\n" + tags + "]\n" + rest), "2:7: more than 256 tags [limit]");
}

TEST(RuleParser, WarnsOfWhatIsProbablyNotMeant) {
  ParsedRule parsed;
  ASSERT_FALSE(parse_rule(root_of("title: t\nstatus: deprecated\nlogsource: {product: x}\n"
                                  "detection:\n  s: {F: x}\n  unused: {F: y}\n  condition: s\n"),
                          parsed)
                   .has_value());
  ASSERT_EQ(parsed.warnings.size(), 2u);
  EXPECT_EQ(parsed.warnings[0].message, "the status is 'deprecated'");
  EXPECT_EQ(parsed.warnings[1].message, "no condition uses 'unused'");
  EXPECT_EQ(parsed.warnings[1].place.line, 6u);
}

TEST(DocumentKind, IsToldByItsKeys) {
  EXPECT_EQ(document_kind(root_of("title: t\n")), DocumentKind::kRule);
  EXPECT_EQ(document_kind(root_of("correlation: {}\n")), DocumentKind::kCorrelation);
  EXPECT_EQ(document_kind(root_of("filter: {}\n")), DocumentKind::kFilter);
  EXPECT_EQ(document_kind(root_of("---\n")), DocumentKind::kEmpty);
  EXPECT_EQ(document_kind(root_of("[a]\n")), DocumentKind::kRule);  // refused there, with place
}

}  // namespace
}  // namespace catena::sigma
