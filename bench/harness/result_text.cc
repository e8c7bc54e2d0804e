// SPDX-License-Identifier: Apache-2.0
// A result for people.
#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>

#include "bench/harness/result.h"

namespace catena::harness {
namespace {

constexpr double kMegabyte = 1'000'000;

[[gnu::format(printf, 1, 2)]] std::string format(const char* pattern, ...) {
  std::array<char, 512> buffer{};
  va_list arguments;
  va_start(arguments, pattern);
  const int size = std::vsnprintf(buffer.data(), buffer.size(), pattern, arguments);
  va_end(arguments);
  return {buffer.data(), std::min(static_cast<std::size_t>(std::max(size, 0)), buffer.size() - 1)};
}

// Where the walk can read next to nothing (text logs), its multiple says nothing.
bool has_yardstick(const BenchResult& result) {
  return result.walk_ratio.median > 0 && result.walked_share >= kLeastWalkedShare;
}

std::string latency_text(const Latency& latency) {
  constexpr double kMillisecond = 1e6;
  const auto ms = [](std::uint64_t ns) { return static_cast<double>(ns) / kMillisecond; };
  return format(
      "  latency      p50 %.2f ms, p90 %.2f, p99 %.2f, p99.9 %.2f, max %.2f at %.0f events/s "
      "offered%s\n",
      ms(latency.p50), ms(latency.p90), ms(latency.p99), ms(latency.p999), ms(latency.max),
      latency.offered_rate,
      latency.behind_seconds > 1 ? " (more than it can take: the queue grew)" : "");
}

std::string costs_text(const BenchResult& result) {
  std::string out = "  stages      ";
  for (const StageTime& stage : result.stages) {
    out += format(" %s %.0f", stage.name.c_str(), stage.ns_per_event.median);
  }
  out += " ns/event\n";
  if (result.walk_ratio.median > 0) {
    out +=
        format("  yardstick    %.2f x the raw JSON walk (%.2f-%.2f, spread %.1f %%)%s\n",
               result.walk_ratio.median, result.walk_ratio.min, result.walk_ratio.max,
               100 * result.walk_ratio.relative_spread(),
               result.walked_share < 0.99
                   ? format(", which reads %.0f %% of the bytes", 100 * result.walked_share).c_str()
                   : "");
  }
  out += format("  matching     %.2f candidates, %.4f matches an event; %llu rules, %llu plans\n",
                result.per_event(static_cast<double>(result.counts.candidates)),
                result.per_event(static_cast<double>(result.counts.matches)),
                static_cast<unsigned long long>(result.rules),
                static_cast<unsigned long long>(result.plans));
  const MatchCounts& counts = result.counts;
  if (const std::uint64_t values = counts.values_found + counts.values_missed + counts.values_left;
      values != 0) {
    const auto share = [&](std::uint64_t part) {
      return 100 * static_cast<double>(part) / static_cast<double>(values);
    };
    out +=
        format("  values       %.2f an event: %.1f %% remembered, %.1f %% new, %.1f %% not kept\n",
               result.per_event(static_cast<double>(values)), share(counts.values_found),
               share(counts.values_missed), share(counts.values_left));
  }
  out += result.allocations_per_event
             ? format("  allocations  %.3f an event\n", *result.allocations_per_event)
             : "  allocations  not counted by this program (catena-bench counts them)\n";
  out += format("  memory       %.0f MB at its peak, %.0f MB of it the events\n",
                static_cast<double>(result.peak_memory) / kMegabyte,
                static_cast<double>(result.loaded_memory) / kMegabyte);
  out += "  hardware    ";
  if (result.hardware.empty()) out += " not available";
  for (const auto& [name, value] : result.hardware) {
    out += format(" %.1f %s", value, name.c_str());
  }
  return out + (result.hardware.empty() ? "\n" : " an event\n");
}

}  // namespace

std::string to_text(const BenchResult& result) {
  std::string out = format(
      "%s %s: %llu events, %.1f MB, %llu thread%s, %llu repetitions, %s time\n",
      result.kind.c_str(), result.lane.c_str(), static_cast<unsigned long long>(result.events),
      static_cast<double>(result.bytes) / kMegabyte,
      static_cast<unsigned long long>(result.threads), result.threads == 1 ? "" : "s",
      static_cast<unsigned long long>(result.repetitions), result.clock.c_str());
  out += format("  rate         %.0f events/s, %.1f MB/s (median; %.0f-%.0f, spread %.1f %%)\n",
                result.events_per_second(), result.bytes_per_second() / kMegabyte,
                static_cast<double>(result.events) / std::max(result.seconds.max, 1e-9),
                static_cast<double>(result.events) / std::max(result.seconds.min, 1e-9),
                100 * result.seconds.relative_spread());
  out += costs_text(result);
  if (result.latency) out += latency_text(*result.latency);
  return out;
}

std::string table_head() {
  return format("%-9s %-24s %2s %10s %8s %7s %7s %7s %7s %6s %9s %7s %7s", "bench", "lane", "T",
                "events/s", "MB/s", "read", "decode", "match", "detect", "x walk", "cand/evt",
                "alloc", "MB");
}

std::string table_line(const BenchResult& result) {
  const auto stage = [&](std::string_view name) -> std::string {
    for (const StageTime& one : result.stages) {
      if (one.name == name) return format("%.0f", one.ns_per_event.median);
    }
    return "-";
  };
  const std::uint64_t own_memory =
      result.peak_memory - std::min(result.peak_memory, result.loaded_memory);
  return format(
      "%-9s %-24s %2llu %10.0f %8.1f %7s %7s %7s %7s %6s %9.2f %7s %7.0f", result.kind.c_str(),
      result.lane.c_str(), static_cast<unsigned long long>(result.threads),
      result.events_per_second(), result.bytes_per_second() / kMegabyte, stage("read").c_str(),
      stage("decode").c_str(), stage("match").c_str(), stage("detect").c_str(),
      has_yardstick(result) ? format("%.2f", result.walk_ratio.median).c_str() : "-",
      result.per_event(static_cast<double>(result.counts.candidates)),
      result.allocations_per_event ? format("%.2f", *result.allocations_per_event).c_str() : "-",
      static_cast<double>(own_memory) / kMegabyte);
}

}  // namespace catena::harness
