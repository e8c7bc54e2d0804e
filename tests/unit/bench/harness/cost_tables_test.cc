// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/cost_tables.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "engine/app/content.h"
#include "tests/support/bench_subject.h"

namespace catena::harness {
namespace {

class CostTablesTest : public ::testing::Test {
 protected:
  CostTablesTest() {
    auto loaded = LoadedEvents::load_text(
        tests::BenchSubject::stream(generator::Mix::kWindows, 500), subject_.get(), {});
    events_ = *std::move(loaded);
  }
  tests::BenchSubject subject_;
  LoadedEvents events_;
};

TEST_F(CostTablesTest, PlansAddUpToTheEvents) {
  const auto plans = measure_plans(events_, subject_.get(), subject_.matcher());
  ASSERT_TRUE(plans.ok());
  std::uint64_t events = 0;
  for (std::size_t i = 0; i < plans->size(); ++i) {
    events += (*plans)[i].events;
    if (i > 0) {
      EXPECT_LE((*plans)[i].seconds, (*plans)[i - 1].seconds);
    }
  }
  EXPECT_EQ(events, events_.events());
  EXPECT_NE(plans_text(*plans, 100).find("windows/process_access/sysmon 10"), std::string::npos);
  EXPECT_NE(plans_json(*plans, 1).find(R"("kind":"plan")"), std::string::npos);
}

TEST_F(CostTablesTest, RulesAreListedWithWhatTheyFound) {
  const harness::Subject subject = subject_.get();
  const auto rules = measure_rules(events_, subject);
  ASSERT_EQ(rules.size(), subject.rules.rules.size());
  std::uint64_t matches = 0;
  for (const RuleCost& rule : rules) matches += rule.matches;
  EXPECT_GT(matches, 20U);
  const std::string text = rules_text(rules, subject, 3);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4);
  EXPECT_NE(rules_json(rules, subject, 1).find(R"("kind":"rule")"), std::string::npos);
}

}  // namespace
}  // namespace catena::harness
