// SPDX-License-Identifier: Apache-2.0
#include "engine/match/work_limits.h"

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <re2/re2.h>

#include "engine/match/matcher.h"
#include "engine/plan/rule_set_builder.h"
#include "tests/support/event_fixture.h"

namespace catena::match {
namespace {

using plan::Op;
using plan::Predicate;
using plan::RuleIndex;

// Rules, each with one test of CommandLine.
class WorkLimitsTest : public ::testing::Test {
 protected:
  void add_regex(const std::string& pattern, std::uint32_t work) {
    Predicate predicate;
    predicate.op = Op::kRegex;
    predicate.field = command_;
    predicate.text = pattern;
    predicate.regex = std::make_shared<const re2::RE2>(pattern);
    predicate.regex_work = work;
    add(std::move(predicate));
  }
  void add_contains(const std::string& text) {
    Predicate predicate;
    predicate.op = Op::kContains;
    predicate.field = command_;
    predicate.text = text;
    add(std::move(predicate));
  }
  void add(Predicate predicate) {
    plan::Rule rule;
    rule.id = "rule " + std::to_string(count_++);
    rule.log_source = {"windows", "", ""};
    rule.root = builder_.add_predicate(std::move(predicate));
    builder_.add_rule(std::move(rule));
  }

  struct Found {
    std::vector<RuleIndex> matches;
    std::vector<RuleIndex> undecided;
    std::vector<RuleWork> work;
  };
  Found match(const std::string& command, WorkLimits limits) {
    if (!rules_) rules_ = builder_.build();
    const LogSourceId windows = sources_.intern({"windows", {}, {}});
    const Matcher matcher(*rules_, sources_, fields_, nullptr, {.limits = limits});
    Matcher::Scratch scratch(matcher);
    Found found;
    test::EventFixture fixture(fields_);
    const Event event = fixture.make({{"CommandLine", command}}, windows);
    EXPECT_TRUE(matcher.match(event, scratch, found.matches).ok());
    found.undecided = scratch.undecided();
    EXPECT_EQ(scratch.counters().undecided, found.undecided.empty() ? 0U : 1U);
    scratch.take_work(found.work);
    return found;
  }

  FieldCatalog fields_;
  FieldId command_ = fields_.intern("CommandLine");
  LogSourceCatalog sources_;
  plan::RuleSetBuilder builder_{fields_};
  std::optional<plan::RuleSet> rules_;  // a builder builds once
  std::size_t count_ = 0;
};

TEST_F(WorkLimitsTest, ARuleThatIsTooDearIsUndecidedAndTheOthersGoOn) {
  add_contains("calm");
  add_regex("c[ab]+d", 1000);
  add_regex("x[ab]+y", 1);
  const std::string command = "calm cababd xabay" + std::string(1000, ' ');
  const Found all = match(command, {});
  EXPECT_EQ(all.matches, (std::vector<RuleIndex>{0, 1, 2}));
  EXPECT_TRUE(all.undecided.empty());
  const Found some = match(command, {.event = 1'000'000, .rule = 500'000});
  EXPECT_EQ(some.matches, (std::vector<RuleIndex>{0, 2}));
  EXPECT_EQ(some.undecided, std::vector<RuleIndex>{1});
  // What it asked for counts, run or not.
  ASSERT_FALSE(some.work.empty());
  EXPECT_EQ(some.work[0].rule, 1U);
  EXPECT_GE(some.work[0].work, 1'000'000U);
}

TEST_F(WorkLimitsTest, AnEventsRulesShareItsWork) {
  for (int i = 0; i < 5; ++i) add_regex("c[ab]+d" + std::to_string(i), 100);
  const std::string command = "cabd0 cabd1 cabd2 cabd3 cabd4" + std::string(971, ' ');
  const Found found = match(command, {.event = 250'000, .rule = 200'000});
  EXPECT_EQ(found.matches, (std::vector<RuleIndex>{0, 1}));
  EXPECT_EQ(found.undecided, (std::vector<RuleIndex>{2, 3, 4}));
}

TEST_F(WorkLimitsTest, NegationOfAnUndecidedTestIsUndecided) {
  Predicate predicate;
  predicate.op = Op::kRegex;
  predicate.field = command_;
  predicate.text = "c[ab]+d";
  predicate.regex = std::make_shared<const re2::RE2>(predicate.text);
  predicate.regex_work = 1000;
  plan::Rule rule;
  rule.id = "not";
  rule.log_source = {"windows", "", ""};
  rule.root = builder_.add_not(builder_.add_predicate(std::move(predicate)));
  builder_.add_rule(std::move(rule));
  EXPECT_EQ(match("nothing", {}).matches, std::vector<RuleIndex>{0});
  const Found found = match("nothing", {.event = 100, .rule = 100});
  EXPECT_TRUE(found.matches.empty());
  EXPECT_EQ(found.undecided, std::vector<RuleIndex>{0});
}

TEST_F(WorkLimitsTest, AQuarantinedRuleIsNotRun) {
  add_regex("c[ab]+d", 1000);
  add_contains("calm");
  const plan::RuleSet rules = builder_.build();
  const LogSourceId windows = sources_.intern({"windows", {}, {}});
  const Matcher matcher(rules, sources_, fields_);
  RuleQuarantine quarantine(rules.rules.size(), {.work_per_event = 1, .window_events = 1});
  quarantine.add(0, 1, std::vector<RuleWork>{{0, 1000}});
  Matcher::Scratch scratch(matcher);
  test::EventFixture fixture(fields_);
  const Event event = fixture.make({{"CommandLine", "calm cabd"}}, windows);
  std::vector<RuleIndex> matches;
  for (const std::uint64_t batch : {RuleQuarantine::kDelay - 1, RuleQuarantine::kDelay}) {
    scratch.begin_batch(&quarantine, batch);
    ASSERT_TRUE(matcher.match(event, scratch, matches).ok());
    EXPECT_EQ(matches.size(), batch < RuleQuarantine::kDelay ? 2U : 1U);
    EXPECT_TRUE(scratch.undecided().empty());
  }
}

TEST(WorkOf, GrowsWithTheValueAndTheKindOfTest) {
  Predicate predicate;
  predicate.op = Op::kContains;
  EXPECT_EQ(work_of(predicate, 1600), 101U);
  predicate.op = Op::kRegex;
  predicate.regex_work = 7;
  EXPECT_EQ(work_of(predicate, 1600), 11'201U);
  predicate.length_only = true;
  EXPECT_EQ(work_of(predicate, 1600), 1'601U);
  predicate.op = Op::kWildcard;
  predicate.wildcard.resize(3);
  EXPECT_EQ(work_of(predicate, 1600), 4'801U);
}

}  // namespace
}  // namespace catena::match
