// SPDX-License-Identifier: Apache-2.0
#include "engine/correlate/correlator.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/engine/correlate/correlation_fixture.h"

namespace catena::correlate {
namespace {

using plan::CorrelationType;

// One rule per input, one captured value each: the group.
plan::CorrelationProgram program_of(std::vector<plan::Correlation> correlations,
                                    std::size_t rules) {
  plan::CorrelationProgram program;
  for (std::uint32_t i = 0; i < rules; ++i) program.rules.push_back({i, false, {1}});
  for (plan::Correlation& one : correlations) {
    one.group_names = {"user"};
    for (plan::CorrelationInput& input : one.inputs) input.group_slots = {0};
  }
  program.correlations = std::move(correlations);
  return program;
}

Hit hit(double seconds, const std::string& user, std::uint32_t rule = 0, std::uint64_t offset = 0,
        const std::vector<std::string>& traits = {}) {
  Hit hit;
  hit.event = event_at(seconds, offset);
  hit.rule = rule;
  hit.payload.add_value(user.empty() ? FieldState::kMissing : FieldState::kOne, user);
  for (const std::string& trait : traits) hit.payload.add_trait(7, trait);
  return hit;
}

class Session {
 public:
  explicit Session(plan::CorrelationProgram program, const Correlator::Options& options = {})
      : program_(std::move(program)),
        correlator_(program_, options, [this](const Result& r) { results.push_back(r); }) {}

  Session& take(Hit one) {
    correlator_.take(std::move(one));
    return *this;
  }
  Session& finish() {
    correlator_.finish();
    return *this;
  }
  const Correlator& correlator() const { return correlator_; }

  std::vector<Result> results;

 private:
  plan::CorrelationProgram program_;
  Correlator correlator_;
};

TEST(Correlator, TellsWhatWasFound) {
  Session run(program_of({correlation(CorrelationType::kEventCount, {at_least(2)})}, 1));
  run.take(hit(1, "Ann", 0, 10, {"b", "a"})).take(hit(2, "ann", 0, 20, {"c", "a"})).finish();
  ASSERT_EQ(run.results.size(), 1U);
  const Result& result = run.results[0];
  EXPECT_EQ(result.event.time, 2 * kNanosPerSecond);
  EXPECT_EQ(result.first, kNanosPerSecond);
  EXPECT_EQ(result.group, std::vector<std::string>{"ann"});  // as the event writes it
  EXPECT_EQ(result.member_count, 2U);
  EXPECT_EQ(result.members.size(), 2U);
  EXPECT_EQ(result.members[0].event.place.offset, 10U);
  ASSERT_EQ(result.traits.size(), 3U);
  EXPECT_EQ(result.traits[0].text, "a");
}

TEST(Correlator, GivesOneResultUntilTheConditionFailsOrAPause) {
  Session run(program_of({correlation(CorrelationType::kEventCount, {at_least(2)})}, 1));
  for (const double time : {0.0, 1.0, 2.0, 12.5, 13.0, 30.0, 31.0}) run.take(hit(time, "a"));
  run.finish();
  std::string times;
  for (const Result& result : run.results) {
    times += std::to_string(result.event.time / kNanosPerMilli) + " ";
  }
  EXPECT_EQ(times, "1000 13000 31000 ");  // at 12.5 only 12.5 is in the window
}

TEST(Correlator, CountsAnEventOnceForOneGroup) {
  Session run(program_of({correlation(CorrelationType::kEventCount, {at_least(2)}, 2)}, 2));
  run.take(hit(1, "a", 0)).take(hit(1, "a", 1)).finish();
  EXPECT_TRUE(run.results.empty());
  EXPECT_EQ(run.correlator().states()[0].groups().size(), 1U);
}

TEST(Correlator, FeedsResultsToTheCorrelationAbove) {
  plan::Correlation below = correlation(CorrelationType::kEventCount, {at_least(2)});
  below.alerts = false;
  plan::Correlation above = correlation(CorrelationType::kTemporalOrdered, {}, 2, kNanosPerMinute);
  above.terms = {{{0, 1}, 0}};
  above.inputs[0] = {true, 0, {}, {}, {}};
  above.inputs[1] = {false, 1, {}, {}, {}};
  Session run(program_of({below, above}, 2));
  run.take(hit(1, "a", 1)).take(hit(2, "a", 0, 0, {"x"})).take(hit(3, "a", 0, 0, {"y"}));
  run.take(hit(4, "b", 1)).take(hit(5, "a", 1, 0, {"z"})).finish();
  ASSERT_EQ(run.results.size(), 1U);
  EXPECT_EQ(run.results[0].correlation, 1U);
  EXPECT_EQ(run.results[0].members[0].event.time, 3 * kNanosPerSecond);
  EXPECT_EQ(run.results[0].traits.size(), 3U);  // of all events below
  EXPECT_EQ(run.correlator().results(), 2U);
}

TEST(Correlator, SkipsAndCountsWhatHasNoGroup) {
  Session run(program_of({correlation(CorrelationType::kEventCount, {at_least(2)})}, 1));
  run.take(hit(1, "")).take(hit(2, "")).take(hit(3, "")).finish();
  EXPECT_TRUE(run.results.empty());
  EXPECT_EQ(run.correlator().states()[0].skipped(Skipped::kNoGroup), 3U);
}

TEST(Correlator, BoundsTraitsAndMembers) {
  plan::Correlation rule = correlation(CorrelationType::kEventCount, {at_least(2'000)});
  Session run(program_of({rule}, 1));
  for (int i = 0; i < 2'000; ++i) {
    run.take(hit(1 + i * 0.001, "a", 0, static_cast<std::uint64_t>(i), {std::to_string(i)}));
  }
  run.finish();
  ASSERT_EQ(run.results.size(), 1U);
  EXPECT_EQ(run.results[0].traits.size(), kMaxTraits);
  EXPECT_EQ(run.results[0].members.size(), kMaxRecentMembers);
  EXPECT_EQ(run.results[0].members.back().event.place.offset, 1'999U);
  EXPECT_EQ(run.results[0].member_count, kMaxCountedMembers);
  EXPECT_TRUE(run.results[0].member_count_is_floor);
  EXPECT_EQ(run.results[0].measure.value, Decimal::whole(2'000).units);
}

TEST(Correlator, AFloodInOneCorrelationLeavesTheOthersAlone) {
  plan::Correlation flooded =
      correlation(CorrelationType::kEventCount, {at_least(3)}, 1, kNanosPerHour);
  plan::Correlation quiet = flooded;
  quiet.inputs[0].index = 1;
  Session run(program_of({flooded, quiet}, 2), {.max_bytes = 200'000});
  run.take(hit(1, "slow", 1));
  for (int i = 0; i < 5'000; ++i) run.take(hit(2 + i * 0.01, std::to_string(i), 0));
  run.take(hit(100, "slow", 1)).take(hit(200, "slow", 1)).finish();
  EXPECT_GT(run.correlator().states()[0].groups().evicted(), 4'000U);
  EXPECT_EQ(run.correlator().states()[1].groups().evicted(), 0U);
  ASSERT_EQ(run.results.size(), 1U);
  EXPECT_EQ(run.results[0].group[0], "slow");
}

}  // namespace
}  // namespace catena::correlate
