// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/harness/hardware_counters.h"
#include "bench/harness/machine.h"
#include "bench/harness/statistics.h"
#include "engine/base/result.h"

// BenchResult is one measurement with everything needed to judge it later: what, on what, how
// often, how fast, how noisy. It is written as one JSON line (README.md has the schema) and read
// again for comparisons. Thread safety: value type.
namespace catena::harness {

// Of the JSON lines. Members are added, never renamed; another meaning is another number.
inline constexpr int kResultSchemaVersion = 1;

// Part of the bytes that the walk must have read to serve as a yardstick.
inline constexpr double kLeastWalkedShare = 0.5;

struct StageTime {
  std::string name;  // read, decode, match, detect, join, store
  Summary ns_per_event;
};

struct Latency {
  double offered_rate = 0;  // events a second
  std::uint64_t events = 0;
  std::uint64_t p50 = 0, p90 = 0, p99 = 0, p999 = 0, max = 0;  // nanoseconds
  double behind_seconds = 0;  // how late the latest batch was done: a queue that grew
};

// Sums of one repetition.
struct MatchCounts {
  std::uint64_t candidates = 0;
  std::uint64_t matches = 0;
  // Values that the matcher remembered (match::ValueCache), and those that it had to scan.
  std::uint64_t values_found = 0;
  std::uint64_t values_missed = 0;
  std::uint64_t values_left = 0;
};

struct BenchResult {
  std::string kind;   // match, parse, pipeline, store
  std::string lane;   // what the events are, for people and for finding the earlier result
  std::string label;  // of the caller: a commit
  Machine machine;
  std::string clock;  // "cpu" or "wall": what the times are of
  std::uint64_t threads = 1;
  std::uint64_t repetitions = 0;
  std::uint64_t rules = 0;
  std::uint64_t plans = 0;
  // Of one repetition.
  std::uint64_t events = 0;
  std::uint64_t bytes = 0;
  std::uint64_t dead_letters = 0;
  MatchCounts counts;

  Summary seconds;          // of one repetition
  Summary walk_seconds;     // the yardstick over the same bytes, same repetition
  Summary walk_ratio;       // repetition by repetition; all zero where there was no walk
  double walked_share = 0;  // of the bytes: records that the walk can read (JSON)
  std::vector<StageTime> stages;

  std::optional<double> allocations_per_event;
  std::uint64_t peak_memory = 0;    // bytes, of the whole process while measuring
  std::uint64_t loaded_memory = 0;  // bytes of it that are the loaded events
  std::vector<std::pair<std::string, double>> hardware;  // per event; empty: not available
  std::optional<Latency> latency;

  [[nodiscard]] double events_per_second() const;
  [[nodiscard]] double bytes_per_second() const;
  [[nodiscard]] double per_event(double amount) const;
};

[[nodiscard]] std::string to_json(const BenchResult& result);
// Reads what to_json() wrote. kInvalidInput, or kVersion for another schema.
[[nodiscard]] Result<BenchResult> parse_result(std::string_view line);
// The results of a file of JSON lines, blank lines and lines of other kinds left out.
[[nodiscard]] Result<std::vector<BenchResult>> read_results(const std::string& path);

// A paragraph for people.
[[nodiscard]] std::string to_text(const BenchResult& result);
// One line of a table, and its head.
[[nodiscard]] std::string table_head();
[[nodiscard]] std::string table_line(const BenchResult& result);

}  // namespace catena::harness
