// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/growth.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "bench/harness/match_bench.h"
#include "bench/harness/rule_clones.h"

namespace catena::harness {
namespace {

constexpr std::array<std::string_view, 2> kLanes = {"", "process"};

double ns_per_event(const BenchResult& result) {
  return result.per_event(result.seconds.median * 1e9);
}

class Growth {
 public:
  Growth(const Subject& subject, const GrowthOptions& options,
         const std::function<void(const GrowthPoint&)>& on_point)
      : subject_(subject), options_(options), on_point_(on_point) {}

  Status run(GrowthAxis axis) {
    axis_ = axis;
    switch (axis) {
      case GrowthAxis::kRules:
        return rules();
      case GrowthAxis::kProcessShare:
        return process_share();
      case GrowthAxis::kEventSize:
        return event_size();
      case GrowthAxis::kThreads:
        return threads();
    }
    return ok_status();
  }

 private:
  Status measure(LoadedEvents& events, const Subject& subject, std::size_t threads,
                 GrowthPoint point) {
    const match::Matcher matcher(subject.rules, subject.mapping.log_sources(), subject.fields);
    MatchBenchOptions bench;
    bench.threads = threads;
    bench.repetitions = options_.repetitions;
    bench.label = options_.label;
    bench.lane = point.series;
    // One clock for all points of an axis, or the first thread would be measured otherwise.
    bench.wall_clock = axis_ == GrowthAxis::kThreads;
    ASSIGN_OR_RETURN(point.result, run_match_bench(events, subject, matcher, bench));
    point.axis = axis_;
    on_point_(point);
    return ok_status();
  }

  // The everyday mix or process creation alone; generated unless there are files.
  Result<LoadedEvents> lane_events(std::string_view lane) {
    if (!options_.files.empty()) {
      LoadOptions load;
      load.lane = lane;
      return LoadedEvents::load(options_.files, subject_, load);
    }
    generator::StreamOptions stream = options_.stream;
    stream.mix = lane.empty() ? generator::Mix::kWindows : generator::Mix::kProcess;
    return generated(stream);
  }

  Result<LoadedEvents> generated(const generator::StreamOptions& options) {
    generator::EventStream stream(options);
    std::string text;
    while (stream.next(text)) {
    }
    return LoadedEvents::load_text(text, subject_, {});
  }

  static std::string series_of(std::string_view lane) {
    return lane.empty() ? "mix" : std::string(lane);
  }

  Status rules() {
    for (const std::string_view lane : kLanes) {
      ASSIGN_OR_RETURN(auto events, lane_events(lane));
      for (const std::size_t factor : options_.rule_factors) {
        const plan::RuleSet rules = multiply_rules(subject_.rules, subject_.fields, factor);
        const Subject larger{
            rules,          subject_.fields, subject_.mapping, subject_.entities, subject_.lineage,
            subject_.attack};
        RETURN_IF_ERROR(
            measure(events, larger, 1, {axis_, series_of(lane), std::to_string(factor) + "x", {}}));
      }
    }
    return ok_status();
  }

  Status process_share() {
    for (const double share : options_.process_shares) {
      generator::StreamOptions stream = options_.stream;
      stream.mix = generator::Mix::kWindows;
      stream.process_share = share;
      ASSIGN_OR_RETURN(auto events, generated(stream));
      RETURN_IF_ERROR(measure(events, subject_, 1,
                              {axis_, "mix", std::to_string(std::lround(share * 100)) + " %", {}}));
    }
    return ok_status();
  }

  Status event_size() {
    for (const std::string_view lane : kLanes) {
      for (const std::size_t bytes : options_.event_sizes) {
        generator::StreamOptions stream = options_.stream;
        stream.mix = lane.empty() ? generator::Mix::kWindows : generator::Mix::kProcess;
        stream.event_bytes = bytes;
        ASSIGN_OR_RETURN(auto events, generated(stream));
        RETURN_IF_ERROR(measure(events, subject_, 1,
                                {axis_, series_of(lane), std::to_string(bytes) + " B", {}}));
      }
    }
    return ok_status();
  }

  Status threads() {
    for (const std::string_view lane : kLanes) {
      ASSIGN_OR_RETURN(auto events, lane_events(lane));
      for (const std::size_t count : options_.threads) {
        RETURN_IF_ERROR(
            measure(events, subject_, count, {axis_, series_of(lane), std::to_string(count), {}}));
      }
    }
    return ok_status();
  }

  const Subject& subject_;
  const GrowthOptions& options_;
  const std::function<void(const GrowthPoint&)>& on_point_;
  GrowthAxis axis_ = GrowthAxis::kRules;
};

const GrowthPoint& first_of_series(const std::vector<GrowthPoint>& points,
                                   const GrowthPoint& point) {
  return *std::find_if(points.begin(), points.end(), [&](const GrowthPoint& other) {
    return other.axis == point.axis && other.series == point.series;
  });
}

}  // namespace

std::string_view growth_axis_name(GrowthAxis axis) noexcept {
  switch (axis) {
    case GrowthAxis::kRules:
      return "rules";
    case GrowthAxis::kProcessShare:
      return "process";
    case GrowthAxis::kEventSize:
      return "size";
    case GrowthAxis::kThreads:
      return "threads";
  }
  return "rules";
}

Status run_growth(const Subject& subject, const GrowthOptions& options,
                  const std::function<void(const GrowthPoint&)>& on_point) {
  Growth growth(subject, options, on_point);
  for (const GrowthAxis axis : options.axes) RETURN_IF_ERROR(growth.run(axis));
  return ok_status();
}

std::string growth_text(const std::vector<GrowthPoint>& points) {
  std::string out =
      "axis     series            x    rules    events/s   ns/event   growth  x walk  cand/evt "
      "match/evt  B/event\n";
  for (const GrowthPoint& point : points) {
    const BenchResult& result = point.result;
    const double first = ns_per_event(first_of_series(points, point).result);
    std::array<char, 192> line{};
    std::snprintf(line.data(), line.size(),
                  "%-8s %-9s %9s %8llu %11.0f %10.0f %8.2f %7.2f %9.2f %9.4f %8.0f\n",
                  std::string(growth_axis_name(point.axis)).c_str(), point.series.c_str(),
                  point.x.c_str(), static_cast<unsigned long long>(result.rules),
                  result.events_per_second(), ns_per_event(result),
                  first > 0 ? ns_per_event(result) / first : 0, result.walk_ratio.median,
                  result.per_event(static_cast<double>(result.counts.candidates)),
                  result.per_event(static_cast<double>(result.counts.matches)),
                  result.per_event(static_cast<double>(result.bytes)));
    out += line.data();
  }
  return out;
}

std::string growth_json(const GrowthPoint& point) {
  std::string json = to_json(point.result);
  // The members of the point go in front of the result's own: {"axis":…,"kind":"bench",…}.
  const std::string members = "{\"axis\":\"" + std::string(growth_axis_name(point.axis)) +
                              "\",\"series\":\"" + point.series + "\",\"x\":\"" + point.x + "\",";
  return members + json.substr(1);
}

Chart growth_chart(const std::vector<GrowthPoint>& points, GrowthAxis axis) {
  const bool is_rate = axis == GrowthAxis::kThreads;
  constexpr std::array<std::string_view, 4> kTitles = {"rules", "share of process creation",
                                                       "event size", "threads"};
  Chart chart;
  chart.x_title = kTitles[static_cast<std::size_t>(axis)];
  chart.title = (is_rate ? "Rate by " : "Cost of matching by ") + chart.x_title;
  chart.y_title = is_rate ? "events a second" : "nanoseconds an event";
  for (const GrowthPoint& point : points) {
    if (point.axis != axis) continue;
    if (std::find(chart.labels.begin(), chart.labels.end(), point.x) == chart.labels.end()) {
      chart.labels.push_back(point.x);
    }
    auto series = std::find_if(chart.series.begin(), chart.series.end(),
                               [&](const ChartSeries& s) { return s.name == point.series; });
    if (series == chart.series.end()) {
      chart.series.push_back({point.series, {}});
      series = chart.series.end() - 1;
    }
    series->values.push_back(is_rate ? point.result.events_per_second()
                                     : ns_per_event(point.result));
  }
  return chart;
}

}  // namespace catena::harness
