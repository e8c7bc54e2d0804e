// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/rule_resolver.h"

#include <string>

#include <gtest/gtest.h>

#include "rules/compile/parsed_source.h"
#include "tests/support/resolved_rule_text.h"

namespace catena::compile {
namespace {

std::string resolved(const std::string& detection, const CompileOptions& options = {}) {
  const ParsedSource parsed = parse_source(
      {"r", "title: t\nlogsource: {product: windows}\ndetection:\n" + detection, {}, true});
  if (parsed.documents.at(0).problem) return parsed.documents[0].problem->message;
  ResolvedRule rule;
  if (auto problem = resolve_rule(parsed.documents[0].rule.rule, options, rule)) {
    return problem->message;
  }
  return test::ResolvedRuleText(rule).condition();
}

TEST(RuleResolver, AppliesModifiersAndKeepsTheStructure) {
  EXPECT_EQ(resolved("  s: {F|contains: [a, 'b*'], G|neq: 5}\n  condition: s\n"),
            "and(or(F=\"<*>a<*>\", F=\"<*>b<*>\"), not(G=#5))");
  EXPECT_EQ(resolved("  s: [{F: a, G: b}, {H|exists: false}]\n  k: [word]\n"
                     "  condition: s and not 1 of k*\n"),
            "and(or(and(F=\"a\", G=\"b\"), H=exists:false), not(*=\"word\"))");
  EXPECT_EQ(resolved("  s: {F|base64offset|contains: xyz}\n  condition: s\n"),
            "or(F=\"<*>eHl6<*>\", F=\"<*>h5e<*>\", F=\"<*>4eX<*>\")");
}

TEST(RuleResolver, LeavesPlaceholdersThatHaveNoValue) {
  CompileOptions options;
  options.placeholders["a"] = {"x", "y*"};
  EXPECT_EQ(resolved("  s: {F|expand|contains: '%a%-%b%'}\n  condition: s\n", options),
            "or(F=\"<*>x-<%b><*>\", F=\"<*>y<*>-<%b><*>\")");
  EXPECT_EQ(resolved("  s: {F|expand|base64: '%b%'}\n  condition: s\n"),
            "placeholder '%b%' has no value");
}

TEST(RuleResolver, BoundsARule) {
  std::string values;
  for (int i = 0; i < 900; ++i) values += "'-a -b -" + std::to_string(i) + "',";
  EXPECT_EQ(resolved("  s: {F|windash: [" + values + "]}\n  condition: s\n"),
            "the rule has more than 20000 predicates");
}

}  // namespace
}  // namespace catena::compile
