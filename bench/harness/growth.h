// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "bench/generator/event_stream.h"
#include "bench/harness/loaded_events.h"
#include "bench/harness/result.h"
#include "bench/harness/subject.h"
#include "bench/harness/svg_chart.h"
#include "engine/base/result.h"

// How the cost of matching grows along one axis while everything else stays: the number of rules,
// the share of process creation, the size of events, the number of threads. Thread safety: none.
// Cost: minutes with thousands of rules.
namespace catena::harness {

enum class GrowthAxis : std::uint8_t { kRules, kProcessShare, kEventSize, kThreads };
[[nodiscard]] std::string_view growth_axis_name(GrowthAxis axis) noexcept;

struct GrowthOptions {
  std::vector<GrowthAxis> axes = {GrowthAxis::kRules, GrowthAxis::kProcessShare,
                                  GrowthAxis::kEventSize, GrowthAxis::kThreads};
  generator::StreamOptions stream;  // its mix is not used
  // Events for the rules and threads axes instead of generated ones; empty: generated.
  std::vector<std::string> files;
  std::size_t repetitions = 5;
  std::string label;
  std::vector<std::size_t> rule_factors = {1, 3, 10};
  std::vector<double> process_shares = {0, 0.05, 0.1, 0.3, 1};
  std::vector<std::size_t> event_sizes = {300, 600, 1'200, 2'500, 5'000, 10'000};
  std::vector<std::size_t> threads = {1, 2};
};

struct GrowthPoint {
  GrowthAxis axis = GrowthAxis::kRules;
  std::string series;  // "windows", "process"
  std::string x;       // "3x", "10 %", "2500 B", "2"
  BenchResult result;
};

// `on_point` is called as soon as a point is measured.
[[nodiscard]] Status run_growth(const Subject& subject, const GrowthOptions& options,
                                const std::function<void(const GrowthPoint&)>& on_point);

// A table with one line a point; the first point of a series is 1.00.
[[nodiscard]] std::string growth_text(const std::vector<GrowthPoint>& points);
// The point's result as a JSON line with axis, series and x in front.
[[nodiscard]] std::string growth_json(const GrowthPoint& point);
// Nanoseconds an event along one axis (events a second for threads), a line for each series.
[[nodiscard]] Chart growth_chart(const std::vector<GrowthPoint>& points, GrowthAxis axis);

}  // namespace catena::harness
