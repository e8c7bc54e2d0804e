// SPDX-License-Identifier: Apache-2.0
// What correlations cost: hits through the queue and the correlator, on one thread, without reading
// and matching. items_per_second is hits; the hits come in order, 1,000 a second of event time.
#include <cstdint>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "engine/correlate/correlator.h"
#include "engine/correlate/hit_queue.h"
#include "engine/event/field_catalog.h"
#include "rules/compile/rule_loader.h"

namespace {

using namespace catena;

constexpr std::uint32_t kHits = 200'000;
constexpr std::uint32_t kRules = 4;

// Four rules and one correlation of them.
class Program {
 public:
  explicit Program(const std::string& section) {
    std::string text = "title: c\ncorrelation:\n" + section;
    for (std::uint32_t i = 0; i < kRules; ++i) {
      const std::string n = std::to_string(i);
      text += "---\ntitle: r" + n + "\nname: r" + n +
              "\nlogsource: {service: x}\ndetection: {s: {kind: " + n + "}, condition: s}\n";
    }
    compile::RuleLoader loader(fields_);
    loader.add_text(text, "bench.yml");
    set_ = *loader.finish();
    if (set_.correlation.is_empty()) std::abort();
  }
  const plan::CorrelationProgram& correlation() const { return set_.correlation; }
  const FieldCatalog& fields() const { return fields_; }

 private:
  FieldCatalog fields_;
  plan::RuleSet set_;
};

// `users` and `values` different ones, in an order without a pattern.
std::vector<correlate::Hit> make_hits(const Program& program, std::uint32_t users,
                                      std::uint32_t values) {
  std::vector<correlate::Hit> hits(kHits);
  std::uint32_t state = 1;
  const auto next = [&](std::uint32_t below) {
    state = state * 1'664'525U + 1'013'904'223U;
    return (state >> 8U) % below;
  };
  const auto& rules = program.correlation().rules;
  for (std::uint32_t i = 0; i < kHits; ++i) {
    correlate::Hit& hit = hits[i];
    hit.event.time = kNanosPerHour + Timestamp{i} * kNanosPerMilli;
    hit.event.place.offset = i;
    hit.rule = next(static_cast<std::uint32_t>(rules.size()));
    const std::string user = "user-" + std::to_string(next(users));
    for (const FieldId field : rules[hit.rule].captures) {
      const bool is_user = program.fields().name(field) == "user";
      hit.payload.add_value(correlate::FieldState::kOne,
                            is_user ? user : std::to_string(next(values)));
    }
    for (std::uint8_t kind = 0; kind < 4; ++kind) {
      hit.payload.add_trait(kind, "entity-of-" + user);
    }
  }
  return hits;
}

void run(benchmark::State& state, const std::string& section, std::uint32_t users,
         std::uint32_t values) {
  const Program program(section);
  const auto hits = make_hits(program, users, values);
  std::uint64_t results = 0;
  for (auto step : state) {
    correlate::HitQueue queue({1, kNanosPerMinute, correlate::HitQueue::kDefaultWaitingBytes});
    correlate::Correlator correlator(program.correlation(), {},
                                     [&](const correlate::Result&) { ++results; });
    correlate::Hit ready;
    for (const correlate::Hit& hit : hits) {
      queue.add(hit);
      while (queue.take(ready)) correlator.take(std::move(ready));
    }
    queue.close(0);
    while (queue.take(ready)) correlator.take(std::move(ready));
    correlator.finish();
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t{kHits});
  state.counters["results"] =
      static_cast<double>(results) / static_cast<double>(state.iterations());
}

const std::string kGroup = "  group-by: [user]\n  timespan: 10m\n";
const std::string kOne = "  rules: [r0]\n";
const std::string kAll = "  rules: [r0, r1, r2, r3]\n";

BENCHMARK_CAPTURE(run, event_count_10000_groups,
                  "  type: event_count\n" + kOne + kGroup + "  condition: {gte: 50}\n", 10'000, 1);
// 1,800 different values in every window.
BENCHMARK_CAPTURE(run, value_count_1800_values,
                  "  type: value_count\n" + kOne + kGroup +
                      "  condition: {field: value, gte: 2000}\n",
                  8, 1'800);
BENCHMARK_CAPTURE(run, temporal_4_rules_10000_groups, "  type: temporal\n" + kAll + kGroup, 10'000,
                  1);
BENCHMARK_CAPTURE(run, temporal_ordered_4_steps_10000_groups,
                  "  type: temporal_ordered\n" + kAll + kGroup, 10'000, 1);
BENCHMARK_CAPTURE(run, value_sum_10000_groups,
                  "  type: value_sum\n" + kOne + kGroup +
                      "  condition: {field: value, gte: 1000000}\n",
                  10'000, 1'800);
BENCHMARK_CAPTURE(run, value_percentile_8_groups,
                  "  type: value_percentile\n" + kOne + kGroup +
                      "  condition: {field: value, percentile: 99, gt: 10000}\n",
                  8, 100'000);

}  // namespace
