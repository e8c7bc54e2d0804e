// SPDX-License-Identifier: Apache-2.0
// Limits on the work of an event: what is found within them is right, what may be missing is named,
// and neither depends on threads.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "connectors/codec/decoder.h"
#include "engine/match/matcher.h"
#include "engine/match/reference_matcher.h"
#include "engine/pipeline/batch_pipeline.h"
#include "tests/support/matcher_world.h"

namespace catena::test {
namespace {

using plan::RuleIndex;

bool holds(const std::vector<RuleIndex>& rules, RuleIndex rule) {
  return std::find(rules.begin(), rules.end(), rule) != rules.end();
}

TEST(WorkLimits, WhatIsFoundIsRightAndWhatIsMissingIsNamed) {
  const WorldMapping mapping;
  std::size_t undecided = 0;
  std::size_t found = 0;
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    SeededChoices choices(seed);
    const WorldRules rules(mapping, choices, 30);
    const match::ReferenceMatcher reference(rules.rules(), mapping.table().log_sources());
    const match::Matcher matcher(rules.rules(), mapping.table().log_sources(), mapping.fields(),
                                 nullptr, {.limits = {.event = 40, .rule = 15}});
    match::Matcher::Scratch scratch(matcher);
    codec::Decoder decoder(mapping.table(), mapping.fields());
    std::vector<RuleIndex> actual;
    std::vector<RuleIndex> expected;
    for (std::uint32_t i = 0; i < 200; ++i) {
      const std::string line = WorldRecord(choices).line();
      EventBatch batch;
      batch.bytes = line + std::string(EventBatch::kPadding, '\0');
      batch.size = line.size();
      decoder.decode(batch);
      for (Event& event : batch.events) {
        ASSERT_TRUE(matcher.match(event, scratch, actual).ok());
        make_plain(event, batch.arena);
        reference.match(event, expected);
        for (const RuleIndex rule : actual) ASSERT_TRUE(holds(expected, rule)) << line;
        for (const RuleIndex rule : expected) {
          ASSERT_TRUE(holds(actual, rule) || holds(scratch.undecided(), rule)) << line;
        }
        undecided += scratch.undecided().size();
        found += actual.size();
      }
    }
  }
  // Both happen, or nothing was tested.
  EXPECT_GT(undecided, 500U);
  EXPECT_GT(found, 500U);
}

// Batches of made-up work: which of them a rule is out for must not depend on the threads.
std::vector<std::uint64_t> batches_without_rule(std::size_t threads) {
  constexpr std::uint64_t kBatches = 2'000;
  struct Outcome {
    std::uint64_t number = 0;
    bool is_out = false;
    void clear() {}
  };
  match::RuleQuarantine quarantine(1, {.work_per_event = 100, .window_events = 1'000});
  std::uint64_t next = 0;
  std::vector<std::uint64_t> out;
  pipeline::BatchStages<Outcome> stages;
  stages.read = [&](EventBatch& batch) -> Result<bool> {
    batch.sequence = next++;
    return batch.sequence < kBatches;
  };
  stages.work = [&](EventBatch& batch, Outcome& outcome, std::size_t) {
    outcome = {batch.sequence, quarantine.is_out(0, batch.sequence)};
    return ok_status();
  };
  stages.apply = [&](Outcome& outcome) {
    if (outcome.is_out) out.push_back(outcome.number);
    const std::uint64_t work = outcome.number < 700 ? 1'000 : 11'000;
    quarantine.add(outcome.number, 100, std::vector<match::RuleWork>{{0, work}});
    return ok_status();
  };
  EXPECT_TRUE(pipeline::run_batches(stages, threads).ok());
  return out;
}

TEST(WorkLimits, AQuarantineBeginsAtTheSameBatchForAnyNumberOfThreads) {
  const auto alone = batches_without_rule(1);
  ASSERT_FALSE(alone.empty());
  EXPECT_EQ(alone.front(), 709 + match::RuleQuarantine::kDelay);
  for (const std::size_t threads : {2U, 3U, 8U, 40U}) {
    EXPECT_EQ(batches_without_rule(threads), alone) << threads;
  }
}

}  // namespace
}  // namespace catena::test
