// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/comparison.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "engine/base/json_writer.h"

namespace catena::harness {
namespace {

// A median absolute deviation is this part of a standard deviation where noise is normal.
constexpr double kMadToDeviation = 1.4826;

Summary per_event(const Summary& seconds, std::uint64_t events) {
  const double scale = 1.0 / static_cast<double>(std::max<std::uint64_t>(events, 1));
  return {seconds.median * scale, seconds.min * scale, seconds.max * scale, seconds.mad * scale};
}

bool has_walk(const BenchResult& result) {
  return result.walk_ratio.median > 0 && result.walked_share >= kLeastWalkedShare;
}

}  // namespace

std::string_view verdict_name(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::kBetter:
      return "better";
    case Verdict::kSame:
      return "same";
    case Verdict::kWorse:
      return "worse";
  }
  return "same";
}

Comparison compare(const BenchResult& before, const BenchResult& now) {
  Comparison comparison;
  comparison.by_walk = has_walk(before) && has_walk(now);
  const Summary old_cost =
      comparison.by_walk ? before.walk_ratio : per_event(before.seconds, before.events);
  const Summary new_cost = comparison.by_walk ? now.walk_ratio : per_event(now.seconds, now.events);
  if (old_cost.median <= 0) return comparison;
  comparison.change = new_cost.median / old_cost.median;
  const double spread = std::hypot(old_cost.relative_spread(), new_cost.relative_spread());
  comparison.noise = std::max(kLeastNoise, kNoiseSpreads * kMadToDeviation * spread);
  if (comparison.change > 1 + comparison.noise) comparison.verdict = Verdict::kWorse;
  if (comparison.change < 1 / (1 + comparison.noise)) comparison.verdict = Verdict::kBetter;
  return comparison;
}

const BenchResult* find_earlier(const std::vector<BenchResult>& earlier, const BenchResult& now) {
  for (auto it = earlier.rbegin(); it != earlier.rend(); ++it) {
    if (it->kind == now.kind && it->lane == now.lane && it->threads == now.threads) return &*it;
  }
  return nullptr;
}

std::string comparison_text(const Comparison& comparison, const BenchResult& before,
                            const BenchResult& now) {
  std::array<char, 256> line{};
  std::snprintf(line.data(), line.size(),
                "  compared     %s: %.3f x the cost of %s (noise up to %.1f %%, by %s)\n",
                std::string(verdict_name(comparison.verdict)).c_str(), comparison.change,
                before.label.empty() ? "before" : before.label.substr(0, 64).c_str(),
                100 * comparison.noise,
                comparison.by_walk ? "the JSON walk of the same run" : "time");
  std::string out = line.data();
  if (before.rules != now.rules || before.bytes != now.bytes) {
    out += "               not the same rules or events: read the verdict with care\n";
  }
  return out;
}

std::string comparison_json(const Comparison& comparison, const BenchResult& before,
                            const BenchResult& now) {
  JsonWriter json;
  json.begin_object().member("kind", "comparison").key("schema").integer(kResultSchemaVersion);
  json.member("bench", now.kind).member("lane", now.lane);
  json.key("threads").unsigned_integer(now.threads);
  json.member("before", before.label).member("now", now.label);
  json.member("verdict", verdict_name(comparison.verdict));
  json.key("change").fixed(comparison.change, 6).key("noise").fixed(comparison.noise, 6);
  json.member("by", comparison.by_walk ? "walk" : "time");
  json.key("same_input").boolean(before.rules == now.rules && before.bytes == now.bytes);
  json.end_object();
  return json.take();
}

}  // namespace catena::harness
