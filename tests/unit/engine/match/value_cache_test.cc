// SPDX-License-Identifier: Apache-2.0
#include "engine/match/value_cache.h"

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace catena::match {
namespace {

using Outcome = ValueCache::Outcome;
using Literals = std::vector<std::uint32_t>;

Field field_of(std::string_view text, bool escaped = false) {
  Field field;
  field.kind = ValueKind::kString;
  field.escaped = escaped;
  field.text = text;
  return field;
}

Literals answer_of(const ValueCache& cache) {
  return {cache.literals().begin(), cache.literals().end()};
}

TEST(ValueCache, AnswersForTheSameValueOfTheSameScopeOnly) {
  ValueCache cache(7);
  cache.add_scopes(2);
  const Field value = field_of("C:\\\\x", true);
  ASSERT_EQ(cache.look_up(0, value), Outcome::kMissed);
  cache.keep(value, Literals{3, 5});
  ASSERT_EQ(cache.look_up(0, value), Outcome::kFound);
  EXPECT_EQ(answer_of(cache), (Literals{3, 5}));
  EXPECT_EQ(cache.look_up(1, value), Outcome::kMissed);
  EXPECT_EQ(cache.look_up(0, field_of("C:\\\\x", false)), Outcome::kMissed);
  EXPECT_EQ(cache.look_up(0, field_of("C:\\\\y", true)), Outcome::kMissed);
  EXPECT_EQ(cache.look_up(0, field_of("", true)), Outcome::kMissed);
}

TEST(ValueCache, LeavesOutWhatIsTooLongOrHoldsTooMuch) {
  ValueCache cache(7);
  cache.add_scopes(1);
  const std::string longest(ValueCache::kLongBytes, 'x');
  ASSERT_EQ(cache.look_up(0, field_of(longest)), Outcome::kMissed);
  cache.keep(field_of(longest), Literals{1});
  EXPECT_EQ(cache.look_up(0, field_of(longest)), Outcome::kFound);
  EXPECT_EQ(cache.look_up(0, field_of(longest + "x")), Outcome::kLeft);
  ASSERT_EQ(cache.look_up(0, field_of("many")), Outcome::kMissed);
  cache.keep(field_of("many"), Literals(ValueCache::kMaxLiterals + 1, 1));
  EXPECT_EQ(cache.look_up(0, field_of("many")), Outcome::kMissed);
}

// The slow twin is a map without bounds: whatever the cache still knows is what it was told.
TEST(ValueCache, NeverAnswersAnotherValue) {
  ValueCache cache(42);
  cache.add_scopes(4);
  std::map<std::pair<std::uint32_t, std::string>, Literals> told;
  std::mt19937 random(1);
  std::size_t found = 0;
  for (int i = 0; i < 200'000; ++i) {
    const auto scope = static_cast<std::uint32_t>(random() % 4);
    // Most of the time one of a few values, so that none of the scopes is left out.
    const auto number =
        static_cast<std::uint32_t>(random() % 8 != 0 ? random() % 50 : random() % 50'000);
    std::string text = "value " + std::to_string(number);
    if (number % 3 == 0) text.resize(ValueCache::kShortBytes + number % 400, '.');
    const Field value = field_of(text);
    switch (cache.look_up(scope, value)) {
      case Outcome::kFound:
        ++found;
        ASSERT_EQ(answer_of(cache), (told.at({scope, text})));
        break;
      case Outcome::kMissed: {
        const Literals literals(number % 5, number * 4 + scope);
        cache.keep(value, literals);
        told[{scope, text}] = literals;
        break;
      }
      case Outcome::kLeft:
        break;
    }
  }
  EXPECT_GT(found, 20'000U);
}

TEST(ValueCache, LeavesAScopeWhoseValuesDoNotRepeatForAWhile) {
  ValueCache cache(7);
  cache.add_scopes(2);
  std::size_t left = 0;
  for (int i = 0; i < ValueCache::kTrial + ValueCache::kPause; ++i) {
    const std::string text = std::to_string(i);
    left += cache.look_up(0, field_of(text)) == Outcome::kLeft ? 1 : 0;
  }
  EXPECT_GE(left, ValueCache::kPause - 2U);
  EXPECT_EQ(cache.look_up(1, field_of("another")), Outcome::kMissed);
  EXPECT_EQ(cache.counters().left, left);
}

}  // namespace
}  // namespace catena::match
