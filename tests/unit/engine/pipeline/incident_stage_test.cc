// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline/incident_stage.h"

#include <map>
#include <random>

#include <gtest/gtest.h>

#include "engine/pipeline/memory_incident_store.h"
#include "tests/support/detection_fixture.h"

namespace catena::pipeline {
namespace {

using incident::Detection;
using test::host;
using test::ip;
using test::make_detection;
using test::process;

std::vector<Detection> random_detections(std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<Detection> detections;
  for (int i = 0; i < 80; ++i) {
    std::vector<incident::Entity> entities = {host("h" + std::to_string(random() % 5))};
    if (random() % 2 == 0) entities.push_back(process("guid:" + std::to_string(random() % 20)));
    if (random() % 3 == 0) entities.push_back(ip("198.51.100." + std::to_string(random() % 9)));
    detections.push_back(make_detection(static_cast<std::int64_t>(random() % 2000),
                                        "r" + std::to_string(i), std::move(entities)));
  }
  return detections;
}

// One scan: the detections in one batch, committed.
void scan(IncidentStore& store, const std::vector<Detection>& detections) {
  IncidentStage stage(store, [](const auto&) { return ok_status(); });
  ASSERT_TRUE(stage.restore().ok());
  BatchOutcome outcome;
  outcome.detections = detections;
  outcome.evaluated = detections.size();
  outcome.position.source = "log";
  ASSERT_TRUE(stage.add(outcome).ok());
  ASSERT_TRUE(stage.commit().ok());
}

std::map<Id128, incident::Chain> chains_of(const IncidentStore& store) {
  std::map<Id128, incident::Chain> chains;
  EXPECT_TRUE(store
                  .for_each_chain([&](const incident::Chain& chain) {
                    chains.emplace(chain.id, chain);
                    return true;
                  })
                  .ok());
  return chains;
}

TEST(IncidentStage, TheStoreIsAFunctionOfTheDetections) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    std::vector<Detection> detections = random_detections(seed);
    MemoryIncidentStore whole;
    scan(whole, detections);
    std::mt19937 random(seed);
    std::shuffle(detections.begin(), detections.end(), random);
    MemoryIncidentStore split;
    const auto middle = detections.begin() + static_cast<std::ptrdiff_t>(random() % 80);
    scan(split, {detections.begin(), middle});
    scan(split, {middle, detections.end()});
    scan(split, detections);
    EXPECT_EQ(chains_of(whole), chains_of(split)) << "SEED=" << seed;
  }
}

TEST(IncidentStage, ReportsEveryOccurrenceAndKeepsOne) {
  MemoryIncidentStore store;
  std::size_t reported = 0;
  std::uint64_t fresh = 0;
  IncidentStage stage(store, [&](const IncidentStage::Report& report) {
    reported = report.detections.size();
    fresh = report.new_detections;
    return ok_status();
  });
  ASSERT_TRUE(stage.restore().ok());
  BatchOutcome outcome;
  outcome.detections = {make_detection(1, "r", {host("a")}), make_detection(1, "r", {host("a")})};
  outcome.position.source = "log";
  ASSERT_TRUE(stage.add(outcome).ok());
  ASSERT_TRUE(stage.commit().ok());
  EXPECT_EQ(reported, 2U);
  EXPECT_EQ(fresh, 1U);
  EXPECT_EQ(chains_of(store).begin()->second.steps.size(), 1U);
}

TEST(IncidentStage, AddsAncestorsThatLaterBatchesReveal) {
  MemoryIncidentStore store;
  IncidentStage stage(store, [](const auto&) { return ok_status(); });
  ASSERT_TRUE(stage.restore().ok());
  BatchOutcome first;
  const std::string child = "11111111-1111-1111-1111-111111111111";
  const std::string parent = "22222222-2222-2222-2222-222222222222";
  first.detections = {make_detection(1, "r", {host("a"), process("guid:" + child)}),
                      make_detection(300, "s", {host("b"), process("guid:" + parent)})};
  first.position.source = "log";
  BatchOutcome second;
  lineage::ProcessStart& start = second.facts.starts.emplace_back();
  start.time = kNanosPerMinute;
  start.host = "a";
  start.guid = lineage::ProcessGuid::parse(child);
  start.parent_guid = lineage::ProcessGuid::parse(parent);
  second.position.source = "log";
  ASSERT_TRUE(stage.add(first).ok());
  ASSERT_TRUE(stage.add(second).ok());
  ASSERT_TRUE(stage.commit().ok());
  EXPECT_EQ(chains_of(store).size(), 1U);
}

TEST(IncidentStage, ATimelessDetectionInheritsFromTheBatchBefore) {
  MemoryIncidentStore store;
  IncidentStage stage(store, [](const auto&) { return ok_status(); });
  ASSERT_TRUE(stage.restore().ok());
  BatchOutcome first;
  first.last_time = 90 * kNanosPerMinute;
  first.position.source = "log";
  BatchOutcome second;
  second.detections = {make_detection(0, "r", {host("a")})};
  second.position.source = "log";
  ASSERT_TRUE(stage.add(first).ok());
  ASSERT_TRUE(stage.add(second).ok());
  ASSERT_TRUE(stage.commit().ok());
  EXPECT_EQ(chains_of(store).begin()->second.first, 90 * kNanosPerMinute);
}

TEST(IncidentStage, AFailingReportIsReturned) {
  MemoryIncidentStore store;
  IncidentStage stage(store, [](const auto&) { return io_error("pipe closed"); });
  ASSERT_TRUE(stage.restore().ok());
  EXPECT_EQ(stage.commit().message(), "pipe closed");
}

}  // namespace
}  // namespace catena::pipeline
