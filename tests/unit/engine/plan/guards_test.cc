// SPDX-License-Identifier: Apache-2.0
#include "engine/plan/guards.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <re2/re2.h>

#include "engine/plan/rule_set_builder.h"

namespace catena::plan {
namespace {

using Anchor = PlanLiteral::Anchor;

class GuardsTest : public ::testing::Test {
 protected:
  GuardsTest() {
    for (const char* name : {"Image", "CommandLine", "User"}) fields_.intern(name);
  }

  Predicate text(Op op, const char* field, std::string value) {
    Predicate predicate;
    predicate.op = op;
    predicate.field = fields_.find(field);
    predicate.any_field = predicate.field == kUnknownField;
    predicate.text = std::move(value);
    return predicate;
  }
  NodeIndex add(Op op, const char* field, std::string value) {
    return builder_.add_predicate(text(op, field, std::move(value)));
  }
  // The guards of the only rule, whose expression is `root`.
  std::vector<Guard> guards(NodeIndex root) {
    Rule rule;
    rule.log_source = {"windows", "", ""};
    rule.root = root;
    builder_.add_rule(std::move(rule));
    rules_ = builder_.build();
    const PlanBuilder plans(rules_, kUnknownField, LiteralFrequency(fields_));
    plan_ = plans.build({"windows", {}, {}}, {});
    return plan_.rules.empty() ? std::vector<Guard>{} : plan_.rules[0].guards;
  }
  PlanLiteral literal(const char* field, Anchor anchor, std::string value) {
    return {fields_.find(field), anchor, std::move(value)};
  }

  FieldCatalog fields_;
  RuleSetBuilder builder_{fields_};
  RuleSet rules_;
  Plan plan_;
};

TEST_F(GuardsTest, OpsSayWhereTheTextIs) {
  const struct {
    Op op;
    Anchor anchor;
  } cases[] = {{Op::kEquals, Anchor::kBoth},
               {Op::kContains, Anchor::kNone},
               {Op::kStartsWith, Anchor::kStart},
               {Op::kEndsWith, Anchor::kEnd}};
  for (const auto& [op, anchor] : cases) {
    EXPECT_EQ(guards(add(op, "Image", "evil")),
              (std::vector<Guard>{{{literal("Image", anchor, "evil")}}}));
    EXPECT_EQ(guards(add(op, "", "evil")), (std::vector<Guard>{{{literal("", anchor, "evil")}}}));
  }
}

// A cased test's literal is folded like the text that is scanned.
TEST_F(GuardsTest, LiteralsAreFolded) {
  Predicate predicate = text(Op::kContains, "Image", "EV\u212AL");
  predicate.cased = true;
  EXPECT_EQ(guards(builder_.add_predicate(std::move(predicate))),
            (std::vector<Guard>{{{literal("Image", Anchor::kNone, "evkl")}}}));
}

TEST_F(GuardsTest, WildcardsGiveTheirLongestText) {
  using Kind = WildcardPart::Kind;
  const auto of = [&](std::vector<WildcardPart> parts) {
    Predicate predicate = text(Op::kWildcard, "Image", "");
    predicate.wildcard = std::move(parts);
    const auto found = guards(builder_.add_predicate(std::move(predicate)));
    return found.empty() ? PlanLiteral{} : found.at(0).at(0).at(0);
  };
  const WildcardPart run{Kind::kAnyRun, ""};
  const WildcardPart one{Kind::kAnyOne, ""};
  EXPECT_EQ(of({{Kind::kLiteral, "abc"}, run, {Kind::kLiteral, "d"}}),
            literal("Image", Anchor::kStart, "abc"));
  EXPECT_EQ(of({{Kind::kLiteral, "a"}, one, {Kind::kLiteral, "bcd"}}),
            literal("Image", Anchor::kEnd, "bcd"));
  EXPECT_EQ(of({run, {Kind::kLiteral, "abc"}, one}), literal("Image", Anchor::kNone, "abc"));
  EXPECT_EQ(of({{Kind::kLiteral, "abc"}}), literal("Image", Anchor::kBoth, "abc"));
  EXPECT_EQ(of({run, one}), PlanLiteral{});
}

TEST_F(GuardsTest, RegexesGiveTheTextTheyNeed) {
  Predicate predicate = text(Op::kRegex, "CommandLine", "evil.*");
  predicate.regex = std::make_shared<re2::RE2>("evil.*");
  predicate.required_text = "evil";
  EXPECT_EQ(guards(builder_.add_predicate(std::move(predicate))),
            (std::vector<Guard>{{{literal("CommandLine", Anchor::kNone, "evil")}}}));
  Predicate nothing = text(Op::kRegex, "CommandLine", ".*x?");
  nothing.regex = std::make_shared<re2::RE2>(".*x?");
  EXPECT_TRUE(guards(builder_.add_predicate(std::move(nothing))).empty());
}

// What can hold without a text, or where a text is empty, is always evaluated.
TEST_F(GuardsTest, WhatNeedsNoTextHasNoGuard) {
  for (const Op op : {Op::kCidr, Op::kExists, Op::kIsNull, Op::kLess, Op::kGreaterEqual,
                      Op::kTimePart, Op::kFieldEquals, Op::kFieldContains}) {
    EXPECT_TRUE(guards(add(op, "Image", "evil")).empty());
  }
  EXPECT_TRUE(guards(add(Op::kEquals, "Image", "")).empty());
  EXPECT_TRUE(guards(add(Op::kContains, "", "")).empty());
  EXPECT_TRUE(guards(builder_.add_not(add(Op::kContains, "Image", "evil"))).empty());
  EXPECT_TRUE(guards(builder_.add_and({builder_.add_not(add(Op::kContains, "Image", "evil")),
                                       add(Op::kExists, "User", "")}))
                  .empty());
  EXPECT_TRUE(
      guards(builder_.add_or({add(Op::kContains, "Image", "evil"), add(Op::kExists, "User", "")}))
          .empty());
}

TEST_F(GuardsTest, AllOfGivesTheRarestClauses) {
  const auto found = guards(builder_.add_and({add(Op::kContains, "Image", ".exe"),
                                              add(Op::kContains, "CommandLine", "-enc"),
                                              add(Op::kContains, "CommandLine", "qzxqjkvw"),
                                              builder_.add_not(add(Op::kContains, "User", "x"))}));
  ASSERT_EQ(found.size(), 1U);
  ASSERT_FALSE(found[0].empty());
  EXPECT_LE(found[0].size(), kMaxClauses);
  EXPECT_EQ(found[0][0], Clause{literal("CommandLine", Anchor::kNone, "qzxqjkvw")});
}

TEST_F(GuardsTest, CommonClausesStandTogether) {
  const auto found = guards(builder_.add_and(
      {add(Op::kEndsWith, "Image", ".exe"), add(Op::kContains, "CommandLine", "win"),
       add(Op::kContains, "Image", "\\windows\\"), add(Op::kContains, "User", "sys")}));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_GT(found[0].size(), 1U);
  EXPECT_LE(found[0].size(), kMaxClauses);
}

TEST_F(GuardsTest, OneOfGivesAGuardForEachWay) {
  const auto way = [&](const char* image, const char* command) {
    return builder_.add_and(
        {add(Op::kEndsWith, "Image", image), add(Op::kContains, "CommandLine", command)});
  };
  const auto found = guards(builder_.add_or({way(".exe", "win"), way("svchost.exe", "sys")}));
  ASSERT_EQ(found.size(), 2U);
  // Lists of one text each come together in one guard, sorted, each text once.
  const auto list = guards(
      builder_.add_or({add(Op::kContains, "Image", "zwq"), add(Op::kContains, "Image", "bqx"),
                       add(Op::kContains, "User", "bqx")}));
  ASSERT_EQ(list.size(), 1U);
  ASSERT_EQ(list[0].size(), 1U);
  EXPECT_EQ(list[0][0].size(), 3U);
  EXPECT_TRUE(std::is_sorted(list[0][0].begin(), list[0][0].end()));
}

TEST_F(GuardsTest, ManyWaysShareAGuard) {
  for (const std::size_t count : {kMaxGuards - 1, kMaxGuards, 4 * kMaxGuards}) {
    std::vector<NodeIndex> ways;
    for (std::size_t i = 0; i < count; ++i) {
      ways.push_back(builder_.add_and(
          {add(Op::kEndsWith, "Image", "win" + std::to_string(i) + ".exe"),
           add(Op::kContains, "CommandLine", "sys"), add(Op::kContains, "User", "a")}));
    }
    const auto found = guards(builder_.add_or(ways));
    ASSERT_FALSE(found.empty());
    EXPECT_LE(found.size(), kMaxGuards + 1);
    for (const Guard& guard : found) {
      EXPECT_FALSE(guard.empty());
      EXPECT_LE(guard.size(), kMaxClauses);
      for (const Clause& clause : guard) {
        EXPECT_FALSE(clause.empty());
        for (const PlanLiteral& one : clause) EXPECT_FALSE(one.text.empty());
      }
    }
  }
}

}  // namespace
}  // namespace catena::plan
