// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/parsed_source.h"

#include <string>

#include <gtest/gtest.h>

namespace catena::compile {
namespace {

RuleSource source(const std::string& text) { return {"r.yml", text, std::nullopt, true}; }

std::string rule(const std::string& title) {
  return "title: " + title +
         "\nlogsource: {product: windows}\ndetection:\n  s: {F: x}\n  condition: s\n";
}

TEST(ParseSource, KeepsDocumentsInOrder) {
  const ParsedSource parsed =
      parse_source(source("---\n" + rule("A") + "---\n---\ncorrelation: {}\n---\ntitle: B\n"));
  EXPECT_FALSE(parsed.problem);
  ASSERT_EQ(parsed.documents.size(), 4u);
  EXPECT_EQ(parsed.documents[0].kind, sigma::DocumentKind::kRule);
  EXPECT_EQ(parsed.documents[0].rule.rule.title, "A");
  EXPECT_EQ(parsed.documents[0].line, 2u);
  EXPECT_EQ(parsed.documents[1].kind, sigma::DocumentKind::kEmpty);
  EXPECT_EQ(parsed.documents[2].kind, sigma::DocumentKind::kCorrelation);
  ASSERT_TRUE(parsed.documents[3].problem);
  EXPECT_EQ(parsed.documents[3].problem->code, sigma::DiagnosticCode::kSchema);
}

TEST(ParseSource, HasNoDocumentsBesideAProblem) {
  const ParsedSource broken = parse_source(source(rule("A") + "---\na: ["));
  ASSERT_TRUE(broken.problem);
  EXPECT_EQ(broken.problem->code, sigma::DiagnosticCode::kYaml);
  EXPECT_TRUE(broken.documents.empty());
  RuleSource unreadable = source(rule("A"));
  unreadable.problem = sigma::RuleProblem{sigma::DiagnosticCode::kUnreadable, {}, "gone"};
  EXPECT_EQ(parse_source(unreadable).problem->message, "gone");
}

TEST(ParseSources, GivesTheSameForAnyNumberOfThreads) {
  std::vector<RuleSource> sources;
  for (int i = 0; i < 200; ++i) sources.push_back(source(rule("T" + std::to_string(i))));
  for (const std::size_t threads : {0UL, 1UL, 2UL, 7UL, 1000UL}) {
    const auto parsed = parse_sources(sources, threads);
    ASSERT_EQ(parsed.size(), sources.size());
    for (std::size_t i = 0; i < parsed.size(); ++i) {
      EXPECT_EQ(parsed[i].documents.at(0).rule.rule.title, "T" + std::to_string(i));
    }
  }
  EXPECT_TRUE(parse_sources({}, 4).empty());
}

}  // namespace
}  // namespace catena::compile
