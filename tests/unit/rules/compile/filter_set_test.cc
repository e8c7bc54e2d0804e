// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/filter_set.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/unit/rules/compile/compiled_text.h"

namespace catena::compile {
namespace {

const std::string kRule =
    "title: t\nid: r1\nname: the_rule\nlogsource: {product: windows, category: process_creation}\n"
    "level: low\ndetection:\n  filter_a: {A: '1'}\n  s: {F: x}\n  condition: s and not filter_a\n";

std::string filter(const std::string& rules, const std::string& selections,
                   const std::string& condition, const std::string& log_source = "windows") {
  return "title: F\nlogsource: {product: " + log_source + "}\nfilter:\n  rules: " + rules + "\n" +
         selections + "  condition: " + condition + "\n";
}

struct Loaded {
  std::string text;  // of the first rule
  LoadReport report;
};

Loaded loaded(const std::string& documents) {
  FieldCatalog catalog;
  RuleLoader loader(catalog);
  loader.add_text(documents, "m.yml");
  const auto set = loader.finish();
  EXPECT_TRUE(set.ok()) << set.status().message();
  const std::string text = set->rules.empty() ? "" : node_text(*set, set->rules[0].root, catalog);
  return {text, loader.report()};
}

const std::string kPlain = "and[F = \"x\", not(A = \"1\")]";

TEST(FilterSet, AddsTheFilterWhereverItStands) {
  const std::string expected = "and[F = \"x\", not(A = \"1\"), not(U = \"adm\")]";
  const std::string text = filter("[r1]", "  s: {U: adm}\n", "not s");
  EXPECT_EQ(loaded(kRule + "---\n" + text).text, expected);
  EXPECT_EQ(loaded(text + "---\n" + kRule).text, expected);
}

TEST(FilterSet, NamesRulesByIdNameAndLogSource) {
  const std::string selection = "  s: {U: adm}\n";
  for (const char* rules : {"r1", "R1", "the_rule", "any", "[]", "[other, r1]"}) {
    const Loaded result = loaded(kRule + "---\n" + filter(rules, selection, "not s"));
    EXPECT_NE(result.text, kPlain) << rules;
    ASSERT_EQ(result.report.filters.size(), 1u) << rules;
    EXPECT_EQ(result.report.filters[0].rules, 1u) << rules;
    EXPECT_EQ(result.report.filters[0].line, 11u);
  }
}

TEST(FilterSet, QuantifiersMeanTheFiltersOwnSelections) {
  const std::string selections = "  filter_a: {B: '2'}\n  filter_b: {C: '3'}\n";
  EXPECT_EQ(loaded(kRule + "---\n" + filter("any", selections, "not 1 of filter_*")).text,
            "and[F = \"x\", not(A = \"1\"), not(or[B = \"2\", C = \"3\"])]");
  EXPECT_EQ(loaded(kRule + "---\n" + filter("any", selections, "not all of them")).text,
            "and[F = \"x\", not(A = \"1\"), not(and[B = \"2\", C = \"3\"])]");
}

TEST(FilterSet, AppliesToEachConditionOfARule) {
  const std::string rule =
      "title: t\nid: r1\nlogsource: {product: windows}\nlevel: low\ndetection:\n"
      "  a: {A: '1'}\n  b: {B: '2'}\n  condition: [a, b]\n";
  EXPECT_EQ(loaded(rule + "---\n" + filter("any", "  s: {U: adm}\n", "not s")).text,
            "or[and[A = \"1\", not(U = \"adm\")], and[B = \"2\", not(U = \"adm\")]]");
}

TEST(FilterSet, WarnsWhereAFilterDoesLessThanItSays) {
  const auto warning = [](const std::string& text) {
    const Loaded result = loaded(kRule + "---\n" + text);
    return result.report.warnings.empty() ? "" : result.report.warnings.back().to_string();
  };
  EXPECT_EQ(warning(filter("[r1, gone]", "  s: {U: adm}\n", "not s")),
            "m.yml:14:15: warning: no loaded rule has the id or name 'gone' [filter]");
  EXPECT_EQ(warning(filter("[r1]", "  s: {U: adm}\n", "not s", "linux")),
            "m.yml:14:11: warning: the log source of rule 'r1' is not within the filter's; it is "
            "not applied to it [filter]");
  EXPECT_EQ(warning(filter("any", "  s: {U: adm}\n", "not s", "linux")),
            "m.yml:11:1: warning: no loaded rule has a log source that is within the filter's "
            "[filter]");
  EXPECT_NE(warning(filter("any", "  s: {U: adm}\n", "s")).find("the filter keeps what"),
            std::string::npos);
  EXPECT_EQ(warning(filter("any", "  s: {U: adm}\n", "not s")), "");
}

TEST(FilterSet, RefusesAFilterAndGoesOn) {
  const auto refusal = [](const std::string& text) {
    const Loaded result = loaded(kRule + "---\n" + text);
    EXPECT_EQ(result.text, kPlain);
    EXPECT_EQ(result.report.rules_loaded, 1u);
    return result.report.refused.size() == 1 ? result.report.refused[0].to_string() : "";
  };
  EXPECT_EQ(refusal(filter("[gone]", "  s: {U: adm}\n", "not s")),
            "m.yml:14:11: error: the filter refers to nothing: no loaded rule has the id or name "
            "'gone' [filter]");
  EXPECT_EQ(refusal(filter("any", "  s: {U|re: '('}\n", "not s")),
            "m.yml:15:13: error: the regular expression is refused: missing ): ( [regex]");
  EXPECT_EQ(refusal(filter("any", "  s: {U: adm}\n", "not t")),
            "m.yml:16:18: error: condition: there is no search identifier 't'; did you mean 's'? "
            "[names-nothing]");
  EXPECT_EQ(refusal(" title: F\n logsource: {product: windows}\n filter: {rules: any, s: {U: a}, "
                    "condition: not s}\n"),
            "m.yml:11:2: error: the key 'filter' must stand at the start of a line [filter]");
}

TEST(FilterSet, ReadsAFilterInBraces) {
  EXPECT_NE(loaded(kRule + "--- {title: F, logsource: {product: windows}, filter: {rules: any, "
                           "s: {U: adm}, condition: not s}}\n")
                .text,
            kPlain);
}

TEST(FilterSet, CountsRulesThatWereLoaded) {
  const std::string broken =
      "title: b\nid: r2\nlogsource: {product: windows}\nlevel: nonsense\ndetection:\n"
      "  s: {F: x}\n  condition: s\n";
  const Loaded result =
      loaded(kRule + "---\n" + broken + "---\n" + filter("any", "  s: {U: adm}\n", "not s"));
  ASSERT_EQ(result.report.filters.size(), 1u);
  EXPECT_EQ(result.report.filters[0].rules, 1u);
}

}  // namespace
}  // namespace catena::compile
