// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/correlation_stage.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace catena::pipeline {
namespace {

// Two matches of one rule within ten seconds.
plan::CorrelationProgram pairs() {
  plan::CorrelationProgram program;
  program.rules = {{0, false, {}}};
  plan::Correlation correlation;
  correlation.id = "c";
  correlation.title = "C";
  correlation.span = 10 * kNanosPerSecond;
  correlation.bounds = {{plan::Comparator::kEqual, Decimal::whole(2)}};
  correlation.inputs.emplace_back();
  program.correlations.push_back(correlation);
  return program;
}

correlate::Hit hit(Timestamp seconds, std::uint32_t source, std::uint64_t offset) {
  correlate::Hit hit;
  hit.event.time = seconds * kNanosPerSecond;
  hit.event.place = {source, offset, 0};
  return hit;
}

class CorrelationStageTest : public testing::Test {
 protected:
  CorrelationStage stage(std::optional<Timestamp> lateness) {
    return CorrelationStage(program_, ranks_, {.lateness = lateness},
                            [](const correlate::Result& result) {
                              incident::Detection detection;
                              detection.time = result.event.time;
                              return detection;
                            });
  }
  // Times of the detections that the batch has afterwards.
  static std::string times(const std::vector<incident::Detection>& detections) {
    std::string text;
    for (const auto& detection : detections) {
      text += std::to_string(detection.time / kNanosPerSecond) + " ";
    }
    return text;
  }

  plan::CorrelationProgram program_ = pairs();
  std::vector<std::uint32_t> ranks_ = {1, 0};  // the second source stands first
};

TEST_F(CorrelationStageTest, PutsSourcesInOrderOfTime) {
  CorrelationStage stage = this->stage(std::nullopt);
  BatchOutcome first;
  first.hits = {hit(100, 1, 0), hit(130, 1, 9)};
  stage.add(first);
  BatchOutcome second;
  second.source_number = 1;
  second.hits = {hit(125, 0, 0), hit(95, 0, 9)};
  stage.add(second);
  EXPECT_EQ(times(second.detections), "");
  EXPECT_EQ(times(stage.finish()), "100 130 ");
  EXPECT_EQ(stage.counters().hits, 4U);
  EXPECT_EQ(stage.counters().results, 2U);
}

TEST_F(CorrelationStageTest, GivesResultsAsSoonAsTheLatenessAllows) {
  CorrelationStage stage = this->stage(5 * kNanosPerSecond);
  BatchOutcome outcome;
  outcome.source_number = 1;  // the first source is over
  outcome.hits = {hit(100, 0, 0), hit(101, 0, 1), hit(200, 0, 2), hit(150, 0, 3)};
  stage.add(outcome);
  EXPECT_EQ(times(outcome.detections), "");  // an event runs when the next one comes
  outcome.clear();
  outcome.source_number = 1;
  outcome.hits = {hit(300, 0, 4)};
  stage.add(outcome);
  EXPECT_EQ(times(outcome.detections), "101 ");
  EXPECT_EQ(stage.counters().late, 1U);
  EXPECT_EQ(times(stage.finish()), "");
}

TEST_F(CorrelationStageTest, GivesRecordsWithoutATimeThatOfTheBatchBefore) {
  CorrelationStage stage = this->stage(std::nullopt);
  BatchOutcome outcome;
  outcome.hits = {hit(0, 1, 0)};  // nothing before it
  outcome.last_time = 50 * kNanosPerSecond;
  stage.add(outcome);
  outcome.clear();
  outcome.hits = {hit(0, 1, 5), hit(52, 1, 6)};
  stage.add(outcome);
  outcome.clear();
  outcome.source_number = 1;
  outcome.hits = {hit(0, 0, 0)};  // another source
  stage.add(outcome);
  EXPECT_EQ(times(stage.finish()), "52 ");
  EXPECT_EQ(stage.counters().without_time, 2U);
}

TEST_F(CorrelationStageTest, CountsASourceThatIsReadTwiceOnce) {
  ranks_ = {0, 0};
  CorrelationStage stage = this->stage(std::nullopt);
  for (const std::uint32_t reading : {0U, 1U}) {
    BatchOutcome outcome;
    outcome.source_number = reading;
    outcome.hits = {hit(100, 0, 0), hit(101, 0, 5)};
    stage.add(outcome);
  }
  const auto found = stage.finish();
  EXPECT_EQ(times(found), "101 ");  // the condition is: exactly two
  EXPECT_EQ(stage.counters().late, 0U);
}

TEST_F(CorrelationStageTest, DoesNothingWithoutCorrelations) {
  program_ = {};
  CorrelationStage stage = this->stage(std::nullopt);
  BatchOutcome outcome;
  stage.add(outcome);
  EXPECT_TRUE(stage.finish().empty());
  EXPECT_EQ(stage.counters().loaded, 0U);
}

}  // namespace
}  // namespace catena::pipeline
