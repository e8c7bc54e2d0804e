// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/growth.h"

#include <gtest/gtest.h>

#include "engine/app/content.h"
#include "tests/support/bench_subject.h"

namespace catena::harness {
namespace {

class GrowthTest : public ::testing::Test {
 protected:
  GrowthTest() {
    options_.stream.events = 200;
    options_.repetitions = 1;
    options_.rule_factors = {1, 2};
    options_.process_shares = {0, 1};
    options_.event_sizes = {400, 4000};
    options_.threads = {1, 2};
  }
  std::vector<GrowthPoint> run() {
    std::vector<GrowthPoint> points;
    EXPECT_TRUE(run_growth(subject_.get(), options_, [&](const GrowthPoint& point) {
                  points.push_back(point);
                }).ok());
    return points;
  }
  tests::BenchSubject subject_;
  GrowthOptions options_;
};

TEST_F(GrowthTest, ChangesOneThingAtATime) {
  options_.axes = {GrowthAxis::kRules, GrowthAxis::kProcessShare};
  const auto points = run();
  ASSERT_EQ(points.size(), 2U * 2 + 2);
  EXPECT_EQ(points[1].result.rules, 2 * points[0].result.rules);
  EXPECT_EQ(points[1].result.bytes, points[0].result.bytes);
  // Clones find nothing that their originals do not ask for, and originals go on finding.
  EXPECT_GE(points[1].result.counts.matches, points[0].result.counts.matches);
  EXPECT_EQ(points[4].x, "0 %");
  EXPECT_EQ(points[5].result.rules, points[0].result.rules);
}

TEST_F(GrowthTest, TellsTheSizeAndTheThreads) {
  options_.axes = {GrowthAxis::kEventSize, GrowthAxis::kThreads};
  const auto points = run();
  ASSERT_EQ(points.size(), 8U);
  EXPECT_GT(points[1].result.bytes, 5 * points[0].result.bytes);
  EXPECT_EQ(points[5].result.threads, 2U);
  EXPECT_EQ(points[4].result.clock, points[5].result.clock);
}

TEST_F(GrowthTest, PrintsATableJsonAndCharts) {
  options_.axes = {GrowthAxis::kProcessShare};
  const auto points = run();
  EXPECT_NE(growth_text(points).find("100 %"), std::string::npos);
  const auto read = parse_result(growth_json(points[0]));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->events, points[0].result.events);
  const Chart chart = growth_chart(points, GrowthAxis::kProcessShare);
  EXPECT_EQ(chart.labels, (std::vector<std::string>{"0 %", "100 %"}));
  ASSERT_EQ(chart.series.size(), 1U);
  EXPECT_EQ(chart.series[0].values.size(), 2U);
  EXPECT_TRUE(growth_chart(points, GrowthAxis::kRules).series.empty());
}

}  // namespace
}  // namespace catena::harness
