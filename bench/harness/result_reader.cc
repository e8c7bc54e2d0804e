// SPDX-License-Identifier: Apache-2.0
// Reads back what result.cc wrote.
#include <fstream>
#include <iterator>

#include <simdjson.h>

#include "bench/harness/result.h"

namespace catena::harness {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kMaxResultFileBytes = 64 * 1024 * 1024;

// What is missing or of another type reads as empty: members may be added, so a reader of an older
// line does not have them all.
double number(const dom::element& object, std::string_view key) {
  double value = 0;
  return object[key].get(value) == simdjson::SUCCESS ? value : 0;
}

std::uint64_t count(const dom::element& object, std::string_view key) {
  std::uint64_t value = 0;
  return object[key].get(value) == simdjson::SUCCESS ? value : 0;
}

std::string text(const dom::element& object, std::string_view key) {
  std::string_view value;
  return object[key].get(value) == simdjson::SUCCESS ? std::string(value) : std::string();
}

Summary summary(const dom::element& object, std::string_view key) {
  dom::element inner;
  if (object[key].get(inner) != simdjson::SUCCESS) return {};
  return {number(inner, "median"), number(inner, "min"), number(inner, "max"),
          number(inner, "mad")};
}

void read_costs(const dom::element& line, BenchResult& result) {
  dom::array stages;
  if (line["stages"].get(stages) == simdjson::SUCCESS) {
    for (const dom::element stage : stages) {
      result.stages.push_back({text(stage, "name"), summary(stage, "ns_per_event")});
    }
  }
  double allocations = 0;
  if (line["allocations_per_event"].get(allocations) == simdjson::SUCCESS) {
    result.allocations_per_event = allocations;
  }
  result.peak_memory = count(line, "peak_memory");
  result.loaded_memory = count(line, "loaded_memory");
  dom::object hardware;
  if (line["hardware_per_event"].get(hardware) == simdjson::SUCCESS) {
    for (const auto& [name, value] : hardware) {
      double amount = 0;
      if (value.get(amount) == simdjson::SUCCESS) result.hardware.emplace_back(name, amount);
    }
  }
  dom::element latency;
  if (line["latency"].get(latency) != simdjson::SUCCESS) return;
  result.latency = {number(latency, "offered_rate"), count(latency, "events"),
                    count(latency, "p50_ns"),        count(latency, "p90_ns"),
                    count(latency, "p99_ns"),        count(latency, "p999_ns"),
                    count(latency, "max_ns"),        number(latency, "behind_seconds")};
}

BenchResult read_line(const dom::element& line) {
  BenchResult result;
  result.kind = text(line, "bench");
  result.lane = text(line, "lane");
  result.label = text(line, "label");
  result.machine = {text(line, "cpu"), static_cast<unsigned>(count(line, "cores"))};
  result.clock = text(line, "clock");
  result.threads = count(line, "threads");
  result.repetitions = count(line, "repetitions");
  result.rules = count(line, "rules");
  result.plans = count(line, "plans");
  result.events = count(line, "events");
  result.bytes = count(line, "bytes");
  result.dead_letters = count(line, "dead_letters");
  result.counts = {count(line, "candidates"), count(line, "matches"), count(line, "values_found"),
                   count(line, "values_missed"), count(line, "values_left")};
  result.seconds = summary(line, "seconds");
  result.walk_seconds = summary(line, "walk_seconds");
  result.walk_ratio = summary(line, "walk_ratio");
  result.walked_share = number(line, "walked_share");
  read_costs(line, result);
  return result;
}

}  // namespace

Result<BenchResult> parse_result(std::string_view line) {
  dom::parser parser;
  dom::element element;
  if (parser.parse(line.data(), line.size()).get(element) != simdjson::SUCCESS ||
      text(element, "kind") != "bench") {
    return invalid_input("not a benchmark result");
  }
  const std::uint64_t schema = count(element, "schema");
  if (schema != kResultSchemaVersion) {
    return version_mismatch("benchmark result of schema " + std::to_string(schema));
  }
  return read_line(element);
}

Result<std::vector<BenchResult>> read_results(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return io_error(path + ": cannot be read");
  std::vector<BenchResult> results;
  std::string line;
  std::size_t bytes = 0;
  while (std::getline(file, line)) {
    bytes += line.size() + 1;
    if (bytes > kMaxResultFileBytes) return limit_exceeded(path + ": larger than the limit");
    auto result = parse_result(line);
    if (result.ok()) {
      results.push_back(*std::move(result));
    } else if (result.status().code() == StatusCode::kVersion) {
      return version_mismatch(path + ": " + result.status().message());
    }
  }
  if (results.empty()) return invalid_input(path + ": holds no benchmark result");
  return results;
}

}  // namespace catena::harness
