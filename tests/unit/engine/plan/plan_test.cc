// SPDX-License-Identifier: Apache-2.0
#include "engine/plan/plan.h"

#include <gtest/gtest.h>

namespace catena::plan {
namespace {

constexpr FieldId kEventId = 1;
constexpr FieldId kImage = 2;

Predicate predicate(FieldId field, Op op, std::string text) {
  Predicate p;
  p.field = field;
  p.op = op;
  p.text = std::move(text);
  return p;
}

// EventID = 1 and Image ends with \a.exe
RuleSet one_rule() {
  RuleSet rules;
  rules.predicates = {predicate(kEventId, Op::kEquals, "1"),
                      predicate(kImage, Op::kEndsWith, "\\a.exe")};
  rules.nodes = {
      {Node::Kind::kPredicate, 0, 0}, {Node::Kind::kPredicate, 1, 0}, {Node::Kind::kAnd, 0, 2}};
  rules.children = {0, 1};
  Rule rule;
  rule.log_source = {"windows", "", ""};
  rule.root = 2;
  rules.rules = {rule};
  return rules;
}

TEST(Plan, FoldsTheEventIdAway) {
  const RuleSet rules = one_rule();
  const PlanBuilder builder(rules, kEventId);
  const LogSource windows = {"windows", {}, {}};
  const Plan same = builder.build(windows, {EventIdKnowledge::Kind::kValue, "1"});
  ASSERT_EQ(same.rules.size(), 1U);
  EXPECT_EQ(same.nodes[same.rules[0].root].kind, Node::Kind::kPredicate);
  EXPECT_TRUE(builder.build(windows, {EventIdKnowledge::Kind::kOther, ""}).rules.empty());
  const Plan unknown = builder.build(windows, {});
  ASSERT_EQ(unknown.rules.size(), 1U);
  EXPECT_EQ(unknown.nodes[unknown.rules[0].root].kind, Node::Kind::kAnd);
  EXPECT_TRUE(builder.build({"linux", {}, {}}, {}).rules.empty());
}

TEST(Plan, OnlyPlainNumbersAreWorthAPlan) {
  RuleSet rules = one_rule();
  rules.predicates[0].text = "1*";
  EXPECT_TRUE(PlanBuilder(rules, kEventId).known_event_ids().empty());
  EXPECT_TRUE(is_event_id("4688"));
  EXPECT_FALSE(is_event_id(""));
  EXPECT_FALSE(is_event_id("0x17"));
  EXPECT_FALSE(is_event_id("12345678901"));
}

TEST(Guards, PrefersTheRarerClause) {
  const RuleSet rules = one_rule();
  const Plan plan = PlanBuilder(rules, kEventId).build({"windows", {}, {}}, {});
  ASSERT_EQ(plan.rules[0].guards.size(), 1U);
  EXPECT_EQ(plan.rules[0].guards[0][0][0].text, "\\a.exe");
  EXPECT_EQ(plan.rules[0].guards[0][0][0].anchor, PlanLiteral::Anchor::kEnd);
}

TEST(Guards, ANegationAloneNeedsAlwaysEvaluating) {
  RuleSet rules = one_rule();
  rules.nodes.push_back({Node::Kind::kNot, 2, 1});
  rules.children.push_back(1);
  rules.rules[0].root = 3;
  const Plan plan = PlanBuilder(rules, kEventId).build({"windows", {}, {}}, {});
  EXPECT_TRUE(plan.rules[0].guards.empty());
}

}  // namespace
}  // namespace catena::plan
