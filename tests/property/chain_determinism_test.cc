// SPDX-License-Identifier: Apache-2.0
// The chains of a scan do not depend on the order in which batches of different sources arrive, nor
// on how records are cut into batches: 20 interleavings of detections and of the facts beside them.
// Nor on where a process was killed: 20 points, two kills each.
#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/incident/json_lines.h"
#include "engine/lineage/facts.h"
#include "engine/pipeline/incident_stage.h"
#include "engine/pipeline/memory_incident_store.h"
#include "tests/support/detection_fixture.h"

namespace catena {
namespace {

using incident::Detection;
using incident::Entity;
using incident::EntityType;
using pipeline::BatchOutcome;

constexpr int kSources = 6;
constexpr int kBatchesPerSource = 12;
constexpr int kInterleavings = 20;
constexpr int kCrashPoints = 20;

class Network {
 public:
  explicit Network(std::uint32_t seed) : random_(seed) {}

  // Sources of batches in their own order: processes, logons from host to host, detections.
  std::vector<std::vector<BatchOutcome>> sources() {
    std::vector<std::vector<BatchOutcome>> all(kSources);
    for (int s = 0; s < kSources; ++s) {
      for (int b = 0; b < kBatchesPerSource; ++b) {
        BatchOutcome& outcome = all[static_cast<std::size_t>(s)].emplace_back();
        outcome.position.source = "source-" + std::to_string(s);
        outcome.position.offset = static_cast<std::uint64_t>(b);
        for (int i = 0; i < 6; ++i) add(outcome);
      }
    }
    return all;
  }

 private:
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }
  std::string some_host() { return "h" + std::to_string(below(5)); }

  void add(BatchOutcome& outcome) {
    const Timestamp time = static_cast<Timestamp>(below(7200)) * kNanosPerSecond + kNanosPerHour;
    const std::string where = some_host();
    const std::uint32_t pid = 10 + below(15);
    lineage::ProcessStart& start = outcome.facts.starts.emplace_back();
    start.time = time;
    start.host = where;
    start.pid = pid;
    start.parent_pid = 10 + below(15);
    if (below(2) == 0) start.guid = {1, ++guids_};
    if (below(2) == 0) start.parent_guid = {1, 1 + below(40)};
    start.parent_is_root = below(4) == 0;
    const std::string address = "10.0.0." + std::to_string(below(5));
    outcome.facts.addresses.push_back({time, time, address, some_host()});
    outcome.facts.logons.push_back({time, where, 1 + below(9), "u" + std::to_string(below(2)),
                                    address, "", static_cast<std::uint16_t>(below(4))});
    outcome.facts.connections.push_back(
        {time, some_host(), address, static_cast<std::uint16_t>(below(4)), {}, pid});
    Detection detection = test::make_detection(
        0, "r" + std::to_string(below(12)) + "-" + std::to_string(++detections_),
        {test::host(where), test::user("u" + std::to_string(below(2)))});
    detection.time = time + static_cast<Timestamp>(below(60)) * kNanosPerSecond;
    if (below(2) == 0)
      detection.entities.push_back(test::process(where + "|pid:" + std::to_string(pid)));
    if (below(3) == 0) {
      detection.entities.push_back({EntityType::kLogon, where + "|0x" + std::to_string(below(9))});
    }
    if (below(5) == 0)
      detection.entities.push_back(test::ip("203.0.113." + std::to_string(below(6))));
    std::sort(detection.entities.begin(), detection.entities.end());
    outcome.detections.push_back(std::move(detection));
  }

  std::mt19937 random_;
  std::uint64_t guids_ = 0;
  int detections_ = 0;
};

// Reads batches up to `end`, with an epoch after every `epoch` of them, and forgets what waits: as
// a process that is killed there does.
void read_until(std::size_t end, std::size_t epoch, const std::vector<BatchOutcome>& outcomes,
                pipeline::IncidentStore& store) {
  pipeline::IncidentStage stage(store, [](const auto&) { return ok_status(); });
  ASSERT_TRUE(stage.restore().ok());
  for (std::size_t i = 0; i < end; ++i) {
    BatchOutcome outcome = outcomes[i];
    ASSERT_TRUE(stage.add(outcome).ok());
    const bool ends = (i + 1) % epoch == 0 || i + 1 == outcomes.size();
    if (ends) {
      ASSERT_TRUE(stage.commit().ok());
    }
  }
}

// Every chain and every detection as its JSON line, sorted.
std::string dump(const pipeline::IncidentStore& store) {
  std::vector<std::string> lines;
  EXPECT_TRUE(store
                  .for_each_chain([&](const incident::Chain& chain) {
                    lines.push_back(incident::chain_json(chain));
                    for (const incident::Step& step : chain.steps) {
                      lines.push_back(incident::detection_json(**store.detection(step.detection),
                                                               chain.id, &step));
                    }
                    return true;
                  })
                  .ok());
  std::sort(lines.begin(), lines.end());
  std::string all;
  for (const std::string& line : lines) all += line + "\n";
  return all;
}

std::string dump(const std::vector<BatchOutcome>& outcomes) {
  pipeline::MemoryIncidentStore store;
  read_until(outcomes.size(), outcomes.size(), outcomes, store);
  return dump(store);
}

std::vector<BatchOutcome> one_after_the_other(
    const std::vector<std::vector<BatchOutcome>>& sources) {
  std::vector<BatchOutcome> all;
  for (const auto& source : sources) all.insert(all.end(), source.begin(), source.end());
  return all;
}

// Killed anywhere, also right after a commit, and started again from the beginning of its input.
TEST(ChainDeterminism, AProcessThatWasKilledAnywhereEndsWithTheSameBytes) {
  constexpr std::size_t kEpoch = 7;
  const auto batches = one_after_the_other(Network(3).sources());
  pipeline::MemoryIncidentStore whole;
  read_until(batches.size(), kEpoch, batches, whole);
  const std::string expected = dump(whole);
  EXPECT_NE(expected.find("\"chain\""), std::string::npos);
  std::mt19937 random(3);
  for (int run = 0; run < kCrashPoints; ++run) {
    pipeline::MemoryIncidentStore store;
    const std::size_t first = random() % batches.size();
    read_until(first, kEpoch, batches, store);
    read_until(random() % batches.size(), kEpoch, batches, store);
    read_until(batches.size(), kEpoch, batches, store);
    ASSERT_EQ(hash128(dump(store)), hash128(expected)) << "killed after batch " << first;
  }
}

TEST(ChainDeterminism, AnyInterleavingOfSourcesGivesTheSameBytes) {
  for (std::uint32_t seed = 1; seed <= 5; ++seed) {
    const auto sources = Network(seed).sources();
    const std::vector<BatchOutcome> in_turn = one_after_the_other(sources);
    const std::string expected = dump(in_turn);
    EXPECT_NE(expected.find("\"remote\""), std::string::npos);
    std::mt19937 random(seed);
    for (int run = 0; run < kInterleavings; ++run) {
      std::vector<std::size_t> next(sources.size(), 0);
      std::vector<BatchOutcome> mixed;
      while (mixed.size() < in_turn.size()) {
        const std::size_t source = random() % sources.size();
        if (next[source] < sources[source].size()) mixed.push_back(sources[source][next[source]++]);
      }
      ASSERT_EQ(hash128(dump(mixed)), hash128(expected)) << "SEED=" << seed << " run " << run;
    }
  }
}

}  // namespace
}  // namespace catena
