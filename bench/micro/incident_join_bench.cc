// SPDX-License-Identifier: Apache-2.0
// What lineage and joining cost: a detection completed and joined, a process start remembered.
#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "engine/incident/chain_builder.h"
#include "engine/lineage/lineage_index.h"

namespace catena {
namespace {

using incident::Detection;
using incident::Entity;
using incident::EntityType;

constexpr std::size_t kHosts = 400;
constexpr std::size_t kProcesses = 200'000;
constexpr std::size_t kDetections = 20'000;

lineage::ProcessGuid guid_of(std::size_t process) { return {process / 64 + 1, process + 1}; }

// Process trees of a small branching factor: a process is started by one of the 40 before it on its
// host.
lineage::Facts process_starts() {
  std::mt19937 random(7);
  lineage::Facts facts;
  for (std::size_t i = 0; i < kProcesses; ++i) {
    lineage::ProcessStart& start = facts.starts.emplace_back();
    start.time = static_cast<Timestamp>(i) * kNanosPerMilli * 50;
    start.host = "host-" + std::to_string(i % kHosts);
    start.guid = guid_of(i);
    start.pid = static_cast<std::uint32_t>(1000 + i / kHosts);
    const std::size_t generations = 1 + random() % 40;
    if (i >= generations * kHosts) start.parent_guid = guid_of(i - generations * kHosts);
    start.parent_is_root = random() % 6 == 0;
  }
  return facts;
}

// A detection with a host, an account, a session, a process by GUID and by id, a file and now and
// then a foreign address: six to eight entities, and its ancestors later.
std::vector<Detection> detections() {
  std::mt19937 random(11);
  std::vector<Detection> all;
  for (std::size_t i = 0; i < kDetections; ++i) {
    const std::size_t process = random() % kProcesses;
    const std::string host = "host-" + std::to_string(process % kHosts);
    Detection& d = all.emplace_back();
    d.time = static_cast<Timestamp>(process) * kNanosPerMilli * 50 + kNanosPerSecond;
    d.rule_id = "rule-" + std::to_string(random() % 300);
    d.event_id = hash128(std::to_string(i));
    d.id = incident::detection_id(d.event_id, d.rule_id);
    d.level = plan::Level::kHigh;
    d.techniques = {"T1059.001"};
    d.tactics = {"TA0002"};
    d.phases = {attack::Phase::kEscalatePrivileges};
    d.entities = {{EntityType::kProcess, guid_of(process).entity_value()},
                  {EntityType::kProcess, host + "|pid:" + std::to_string(1000 + process / kHosts)},
                  {EntityType::kLogon, host + "|0x" + std::to_string(3000 + random() % 3)},
                  {EntityType::kFile, host + "|c:\\users\\u\\" + std::to_string(random() % 50)},
                  {EntityType::kUser, "user-" + std::to_string(process % 200)},
                  {EntityType::kHost, host}};
    if (random() % 4 == 0) {
      d.entities.push_back({EntityType::kIp, "203.0.113." + std::to_string(random() % 200)});
    }
    std::sort(d.entities.begin(), d.entities.end());
  }
  std::sort(all.begin(), all.end(), incident::earlier);
  return all;
}

void complete_a_detection(benchmark::State& state) {
  lineage::LineageIndex index;
  index.observe(process_starts());
  const auto all = detections();
  std::vector<Detection> work;
  std::size_t next = 0;
  for (auto _ : state) {
    if (next % kDetections == 0) {
      state.PauseTiming();
      work = all;
      state.ResumeTiming();
    }
    index.complete(work[next++ % kDetections]);
  }
}
BENCHMARK(complete_a_detection);

void join_a_detection(benchmark::State& state) {
  lineage::LineageIndex index;
  index.observe(process_starts());
  auto all = detections();
  for (Detection& detection : all) index.complete(detection);
  incident::ChainBuilder builder;
  std::size_t next = 0;
  for (auto _ : state) {
    if (next % kDetections == 0) {
      state.PauseTiming();
      builder = {};
      state.ResumeTiming();
    }
    builder.add(all[next++ % kDetections]);
  }
}
BENCHMARK(join_a_detection);

// Everything that take() does for an epoch, per detection of the epoch.
void take_an_epoch(benchmark::State& state) {
  lineage::LineageIndex index;
  index.observe(process_starts());
  auto all = detections();
  for (Detection& detection : all) index.complete(detection);
  for (auto _ : state) {
    state.PauseTiming();
    incident::ChainBuilder builder;
    for (const Detection& detection : all) builder.add(detection);
    state.ResumeTiming();
    benchmark::DoNotOptimize(builder.take());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kDetections));
}
BENCHMARK(take_an_epoch);

void remember_a_process_start(benchmark::State& state) {
  const lineage::Facts facts = process_starts();
  lineage::ProcessHistory history;
  std::size_t next = 0;
  for (auto _ : state) {
    if (next % kProcesses == 0) {
      state.PauseTiming();
      history = {};
      state.ResumeTiming();
    }
    history.observe(facts.starts[next++ % kProcesses]);
  }
}
BENCHMARK(remember_a_process_start);

}  // namespace
}  // namespace catena
