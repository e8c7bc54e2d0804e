// SPDX-License-Identifier: Apache-2.0
#include "rules/sigma/legacy_aggregation.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "rules/sigma/correlation_parser.h"
#include "rules/sigma/rule_parser.h"
#include "rules/yaml/yaml_reader.h"

namespace catena::sigma {
namespace {

std::vector<yaml::YamlDocument> documents(const std::string& text) {
  std::vector<yaml::YamlDocument> documents;
  const auto problem = yaml::parse_yaml(text, "r.yml", {}, documents);
  EXPECT_FALSE(problem) << problem->reason << "\n" << text;
  return documents;
}

std::string rule(const std::string& condition) {
  return "title: Too Many 'Logons'\nid: 1a\nlevel: high\nlogsource:\n    service: security\n"
         "detection:\n    selection:\n        EventID: 4625\n        Name|contains:\n"
         "            - 'a: b'\n            - \"c\\nd\"\n    other:\n        - F: 1\n"
         "          G: '2'\n        - H: x\n    timeframe: 10m\n    condition: " +
         condition + "\n";
}

std::string rewritten(const std::string& condition) {
  const std::string text = rewrite_as_correlation(documents(rule(condition)).at(0).root);
  if (text.empty()) return text;
  // Whatever is shown loads.
  for (const yaml::YamlDocument& document : documents(text)) {
    if (document_kind(document.root) == DocumentKind::kCorrelation) {
      ParsedCorrelation parsed;
      const auto problem = parse_correlation(document.root, parsed);
      EXPECT_FALSE(problem) << problem->message << "\n" << text;
    } else {
      ParsedRule parsed;
      const auto problem = parse_rule(document.root, parsed);
      EXPECT_FALSE(problem) << problem->message << "\n" << text;
    }
  }
  return text;
}

std::string correlation_of(const std::string& condition) {
  const std::string text = rewritten(condition);
  const std::size_t at = text.find("correlation:\n");
  return at == text.npos ? "" : text.substr(at);
}

TEST(RewriteAsCorrelation, ShowsWholeDocuments) {
  EXPECT_EQ(rewritten("selection and not other | count() by Host > 5"),
            "title: \"Too Many 'Logons'\"\nname: too_many_logons\nid: 1a\nlevel: high\n"
            "logsource:\n    service: security\ndetection:\n    selection:\n"
            "        EventID: 4625\n        Name|contains:\n            - \"a: b\"\n"
            "            - \"c\\nd\"\n    other:\n        - F: 1\n          G: \"2\"\n"
            "        - H: x\n    condition: selection and not other\n---\n"
            "title: \"Too Many 'Logons'\"\nlevel: high\ncorrelation:\n    type: event_count\n"
            "    rules:\n        - too_many_logons\n    group-by:\n        - Host\n"
            "    timespan: 10m\n    condition:\n        gt: 5\n");
}

TEST(RewriteAsCorrelation, KnowsEveryFunction) {
  const auto section = [](const std::string& type, const std::string& group,
                          const std::string& condition) {
    return "correlation:\n    type: " + type + "\n    rules:\n        - too_many_logons\n" + group +
           "    timespan: 10m\n    condition:\n" + condition;
  };
  EXPECT_EQ(correlation_of("selection | count(User) by Host >= 5"),
            section("value_count", "    group-by:\n        - Host\n",
                    "        field: User\n        gte: 5\n"));
  EXPECT_EQ(correlation_of("selection | sum(Bytes)>1000"),
            section("value_sum", "", "        field: Bytes\n        gt: 1000\n"));
  EXPECT_EQ(correlation_of("selection | avg(Bytes) by Host < 2.5"),
            section("value_avg", "    group-by:\n        - Host\n",
                    "        field: Bytes\n        lt: 2.5\n"));
  EXPECT_EQ(correlation_of("selection | max(Bytes) by Host == 7"),
            section("value_percentile", "    group-by:\n        - Host\n",
                    "        field: Bytes\n        percentile: 100\n        eq: 7\n"));
  EXPECT_EQ(correlation_of("selection | min(Bytes) by Host <= 7"),
            section("value_percentile", "    group-by:\n        - Host\n",
                    "        field: Bytes\n        percentile: 0\n        lte: 7\n"));
}

TEST(RewriteAsCorrelation, MakesARuleOfEachPartOfNear) {
  const std::string text = rewritten("selection | near other");
  EXPECT_NE(text.find("name: too_many_logons_selection\n"), text.npos);
  EXPECT_NE(text.find("    condition: other\n"), text.npos);
  EXPECT_EQ(text.find("id: 1a"), text.npos);  // two rules cannot have it
  EXPECT_NE(text.find("    type: temporal\n    rules:\n        - too_many_logons_selection\n"
                      "        - too_many_logons_other\n    timespan: 10m\n"),
            text.npos);
}

TEST(RewriteAsCorrelation, LeavesAloneWhatItDoesNotKnow) {
  for (const char* condition :
       {"selection", "selection | count() by Host", "selection | count( > 5",
        "selection | stdev(F) > 5", "selection | count() by > 5", "selection | count() > many",
        "selection | near nobody", "selection and other | near other", "selection | sum() > 5",
        "selection | count() by a b > 5"}) {
    EXPECT_EQ(rewritten(condition), "") << condition;
  }
}

TEST(RewriteAsCorrelation, IsPartOfTheRefusal) {
  ParsedRule parsed;
  const auto problem =
      parse_rule(documents(rule("selection | count() by Host > 5")).at(0).root, parsed);
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->code, DiagnosticCode::kLegacy);
  EXPECT_NE(problem->message.find(":\ntitle: "), std::string::npos) << problem->message;
  EXPECT_NE(problem->message.find("    type: event_count\n"), std::string::npos);
}

}  // namespace
}  // namespace catena::sigma
