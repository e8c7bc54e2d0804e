// SPDX-License-Identifier: Apache-2.0
// Random rule sets, random records through the real decoder: the indexed matcher on the event as
// decoded says what the reference matcher says of the event made plain.
#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "connectors/codec/decoder.h"
#include "engine/match/matcher.h"
#include "engine/normalise/normalisation_table.h"
#include "engine/plan/rule_set_builder.h"
#include "rules/compile/regex_compiler.h"
#include "tests/support/matcher_world.h"

namespace catena::test {
namespace {

constexpr std::uint32_t kRuleSets = 100;
constexpr std::uint32_t kRules = 30;
constexpr std::uint32_t kRecords = 300;

TEST(MatcherDifferential, AgreesWithTheReferenceOnDecodedRecords) {
  const WorldMapping mapping;
  std::size_t events = 0;
  std::size_t matches = 0;
  std::size_t candidates = 0;
  std::size_t remembered = 0;
  for (std::uint32_t seed = 1; seed <= kRuleSets; ++seed) {
    SeededChoices choices(seed);
    const WorldRules rules(mapping, choices, kRules);
    MatcherJudge judge(mapping, rules.rules());
    for (std::uint32_t i = 0; i < kRecords; ++i) {
      const std::string line = WorldRecord(choices).line();
      ASSERT_EQ(judge.judge(line), "") << "SEED=" << seed << " record " << i;
    }
    events += judge.events();
    matches += judge.matches();
    candidates += judge.scratch().counters().candidates;
    remembered += judge.scratch().value_counters().found;
  }
  // The comparison must not be of empty sets, nor of an index that lets everything through.
  EXPECT_GT(events, 20'000U);
  EXPECT_GT(matches, 20'000U);
  EXPECT_LT(candidates, events * kRules / 2);
  EXPECT_GT(remembered, events / 10);
  RecordProperty("events", std::to_string(events));
  RecordProperty("matches", std::to_string(matches));
}

}  // namespace
}  // namespace catena::test
