// SPDX-License-Identifier: Apache-2.0
#include "engine/match/pair_frequency.h"

#include <gtest/gtest.h>

namespace catena::match {
namespace {

TEST(PairFrequency, IsALevelForEveryPair) {
  for (const std::string_view row : pair_rows()) {
    ASSERT_EQ(row.size(), kPairCharacters);
    EXPECT_EQ(row.find_first_not_of("0123456789"), std::string_view::npos);
  }
  EXPECT_EQ(pair_level('!', '~'), 0U);
  EXPECT_LE(pair_level('~', '~'), 9U);
}

TEST(PairFrequency, KnowsWhatLogsAreFullOf) {
  EXPECT_GT(pair_level('i', 'n'), pair_level('q', 'z'));
  EXPECT_GT(pair_level('"', ':'), 6U);
  EXPECT_GT(pair_level('e', 'r'), pair_level('k', 'z'));
}

// Rows of capitals are empty: the table is of folded text.
TEST(PairFrequency, IsOfLowerCase) {
  for (char first = 'A'; first <= 'Z'; ++first) {
    for (char second = ' '; second <= '~'; ++second) EXPECT_EQ(pair_level(first, second), 0U);
  }
}

}  // namespace
}  // namespace catena::match
