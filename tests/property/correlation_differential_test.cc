// SPDX-License-Identifier: Apache-2.0
// Random streams and random correlation rules: what is found does not depend on the order of
// arrival within the lateness, on the order of sources or on where batches are cut, and it is what
// the brute-force correlator finds that looks at every window from scratch.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/pipeline/correlation_stage.h"
#include "rules/compile/rule_loader.h"
#include "tests/support/correlation_world.h"

namespace catena::test {
namespace {

constexpr std::uint32_t kStreams = 1'000;
constexpr std::uint32_t kEvents = 60;
constexpr Timestamp kLateness = 3 * kNanosPerSecond;

TEST(CorrelationDifferential, AnyArrivalWithinTheLatenessGivesWhatBruteForceFinds) {
  std::size_t loaded = 0;
  std::size_t nested = 0;
  std::size_t found = 0;
  std::map<plan::CorrelationType, std::size_t> by_type;
  for (std::uint32_t seed = 1; seed <= kStreams; ++seed) {
    SeededChoices choices(seed);
    CorrelationWorld world(choices);
    const std::uint32_t sources = 1 + choices.pick(3);
    const auto events = world.events(kEvents, sources);
    const auto expected = BruteCorrelator(world.rules(), events, false).run();
    pipeline::CorrelationStage::Counters counters;
    const auto wait =
        run_correlations(world, events, {std::nullopt, sources, 7, seed}, choices, &counters);
    ASSERT_EQ(wait, expected) << "SEED=" << seed << "\n" << world.text();
    const auto sorted = run_correlations(world, events, {0, sources, 1, 1}, choices, nullptr);
    ASSERT_EQ(sorted, expected) << "SEED=" << seed << "\n" << world.text();
    const auto shuffled =
        run_correlations(world, events, {kLateness, sources, 20, 2}, choices, &counters);
    ASSERT_EQ(shuffled, expected) << "SEED=" << seed << "\n" << world.text();
    ASSERT_EQ(counters.late, 0U);
    loaded += world.program().correlations.size();
    for (const plan::Correlation& correlation : world.program().correlations) {
      ++by_type[correlation.type];
      for (const auto& input : correlation.inputs) nested += input.is_correlation ? 1 : 0;
    }
    found += expected.size();
  }
  // The comparison must not be of empty sets.
  EXPECT_GT(loaded, 1'500U);
  EXPECT_GT(nested, 300U);
  EXPECT_GT(found, 5'000U);
  EXPECT_EQ(by_type.size(), 8U);
  RecordProperty("correlations", std::to_string(loaded));
  RecordProperty("correlations of correlations", std::to_string(nested));
  RecordProperty("results", std::to_string(found));
}

}  // namespace
}  // namespace catena::test
