// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/detection_sink.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "engine/pipeline/memory_incident_store.h"
#include "tests/support/scratch_folder.h"

namespace catena::daemon {
namespace {

using tests::ScratchFolder;

// An epoch with one detection that is a chain of its own.
pipeline::Epoch epoch_of(std::uint64_t number) {
  pipeline::Epoch epoch;
  incident::Detection detection;
  detection.id = {7, number};
  detection.time = 1;
  epoch.detections.push_back(detection);
  incident::Chain chain;
  chain.id = {9, number};
  chain.first = chain.last = 1;
  incident::Step step;
  step.detection = detection.id;
  step.time = 1;
  chain.steps.push_back(step);
  epoch.chains.push_back(chain);
  return epoch;
}

std::size_t lines_with(const std::string& path, const std::string& text) {
  std::ifstream file(path);
  std::size_t count = 0;
  for (std::string line; std::getline(file, line);) {
    count += line.find(text) != std::string::npos ? 1 : 0;
  }
  return count;
}

TEST(JsonLinesSink, WritesEachDetectionOnceWhateverDiesInBetween) {
  const ScratchFolder scratch;
  const std::string path = scratch.inside("d.jsonl");
  pipeline::MemoryIncidentStore store;
  {
    JsonLinesSink sink({path, true, true});
    ASSERT_TRUE(sink.open(store).ok());
    pipeline::Epoch first = epoch_of(1);
    ASSERT_TRUE(sink.write(first).ok());
    ASSERT_TRUE(store.commit(first).ok());
    pipeline::Epoch second = epoch_of(2);
    ASSERT_TRUE(sink.write(second).ok());  // and then the process dies
  }
  std::ofstream(path, std::ios::app) << R"({"kind":"detection","sch)";  // torn
  JsonLinesSink sink({path, true, true});
  ASSERT_TRUE(sink.open(store).ok());
  pipeline::Epoch again = epoch_of(2);
  ASSERT_TRUE(sink.write(again).ok());
  ASSERT_TRUE(store.commit(again).ok());
  EXPECT_EQ(lines_with(path, "\"kind\":\"detection\""), 2U);
  EXPECT_EQ(lines_with(path, Id128{7, 2}.hex() + "\",\"time\""), 1U);
  EXPECT_EQ(store.position("sink:" + path)->value().offset, std::filesystem::file_size(path));
}

// Three processes: the first dies with two detections written and not committed, the second finds
// one of them again and dies, the third must still know of the other.
TEST(JsonLinesSink, RemembersOverSeveralDeathsWhatWasNotFoundAgain) {
  const ScratchFolder scratch;
  const std::string path = scratch.inside("d.jsonl");
  pipeline::MemoryIncidentStore store;
  const auto live = [&](std::uint64_t number, bool commits) {
    JsonLinesSink sink({path, true, false});
    ASSERT_TRUE(sink.open(store).ok());
    pipeline::Epoch epoch = epoch_of(number);
    if (!commits) epoch.detections.push_back(epoch_of(number + 1).detections[0]);
    ASSERT_TRUE(sink.write(epoch).ok());
    EXPECT_TRUE(!commits || store.commit(epoch).ok());
  };
  live(1, /*commits=*/false);  // writes 1 and 2
  live(1, /*commits=*/true);
  EXPECT_LT(store.position("sink:" + path)->value().offset, std::filesystem::file_size(path));
  live(2, /*commits=*/true);
  EXPECT_EQ(lines_with(path, "\"kind\":\"detection\""), 2U);
  EXPECT_EQ(store.position("sink:" + path)->value().offset, std::filesystem::file_size(path));
}

TEST(JsonLinesSink, MakesAFileThatWasMovedAwayAnew) {
  const ScratchFolder scratch;
  const std::string path = scratch.inside("d.jsonl");
  pipeline::MemoryIncidentStore store;
  JsonLinesSink sink({path, true, false});
  ASSERT_TRUE(sink.open(store).ok());
  pipeline::Epoch first = epoch_of(1);
  ASSERT_TRUE(sink.write(first).ok());
  ASSERT_TRUE(store.commit(first).ok());
  std::filesystem::rename(path, path + ".1");
  ASSERT_TRUE(sink.open(store).ok());
  pipeline::Epoch second = epoch_of(2);
  ASSERT_TRUE(sink.write(second).ok());
  EXPECT_EQ(lines_with(path, "\"kind\""), 1U);
  EXPECT_EQ(lines_with(path + ".1", "\"kind\""), 1U);
}

TEST(JsonLinesSink, APlaceThatCannotBeWrittenIsSaid) {
  const ScratchFolder scratch;
  pipeline::MemoryIncidentStore store;
  JsonLinesSink sink({scratch.inside("none/d.jsonl"), true, true});
  EXPECT_FALSE(sink.open(store).ok());
}

}  // namespace
}  // namespace catena::daemon
