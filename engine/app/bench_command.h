// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bench/generator/event_stream.h"
#include "bench/harness/growth.h"

// `catena bench`: measures the stages on events in memory, makes event streams, shows how cost
// grows (bench/harness/README.md). A thin layer: the measuring is in bench/harness.
namespace catena::app {

enum class BenchKind : std::uint8_t { kMatch, kParse, kPipeline, kStore };

struct BenchOptions {
  BenchKind kind = BenchKind::kMatch;
  std::vector<std::string> inputs;  // files and folders; empty: a generated stream
  generator::StreamOptions stream;
  std::string stream_name;              // its mix, for the report
  std::vector<std::string> rule_paths;  // empty: the built-in starter rules
  std::size_t rule_factor = 1;          // so many times the rules, by clones
  bool forget_values = false;           // match::Matcher::Options::remember_values off
  std::string lane;                     // "" for all events
  std::optional<std::uint64_t> shuffle_seed;
  std::size_t threads = 1;
  std::size_t repetitions = 5;
  std::size_t batch_bytes = 256 * 1024;
  std::optional<double> rate;  // events a second, for latencies
  bool wall_clock = false;
  bool per_plan = false;
  std::size_t per_rule = 0;  // how many rules to list
  std::string store;         // folder for pipeline and store; "" keeps it in memory
  std::string label;
  bool json = false;
  bool table = false;
  std::string result_file;  // the JSON line is appended to it as well
  std::string compare;      // file with earlier results
  std::string chart;        // SVG file to write
};

struct GenerateOptions {
  generator::StreamOptions stream;
  std::string output = "-";
  std::string labels;  // where to write which lines are attacks; "" for nowhere
};

struct BenchGrowthOptions {
  std::vector<std::string> rule_paths;
  std::vector<std::string> axes;  // rules, process, size, threads; empty: all
  std::string chart;              // SVG file; the axis is put before its extension
  bool json = false;
  harness::GrowthOptions growth;
};

// Each runs to the end and returns the exit code; errors go to standard error, one line.
int run_bench(const BenchOptions& options);
int run_growth(const BenchGrowthOptions& options);
int run_generate(const GenerateOptions& options);

}  // namespace catena::app
