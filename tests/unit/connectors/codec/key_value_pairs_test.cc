// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/key_value_pairs.h"

#include <string>

#include <gtest/gtest.h>

namespace catena::codec {
namespace {

std::string pairs(std::string_view line) {
  std::string text;
  KeyValuePair pair;
  for (std::size_t at = 0; next_pair(line, at, pair);) {
    text += "[" + std::string(pair.key) + "|" + std::string(pair.value) + "]";
  }
  return text;
}

TEST(NextPair, ReadsPlainAndQuotedValues) {
  EXPECT_EQ(pairs(R"(a=1 b="two words"  c="" d= e="x)"), "[a|1][b|two words][c|][d|][e|x]");
  EXPECT_EQ(pairs(R"(a="say \"hi\"" b=1)"), R"([a|say \"hi\"][b|1])");
  EXPECT_EQ(pairs("a=1 no pair b=2"), "[a|1]");
  EXPECT_EQ(pairs(R"(a="\)"), R"([a|\])");
  EXPECT_EQ(pairs(std::string(kMaxPairKeyBytes + 1, 'k') + "=1"), "");
}

TEST(IsFortinetLine, AsksForALogIdAndADevice) {
  EXPECT_TRUE(is_fortinet_line(R"(date=2026-03-02 devname="f" logid="1" type="event")"));
  EXPECT_TRUE(is_fortinet_line(R"(logver=7 devid="F" logid=1)"));
  EXPECT_FALSE(is_fortinet_line(R"(date=2026-03-02 devname="f" type="event")"));
  EXPECT_FALSE(is_fortinet_line(R"(date=2026-03-02 xlogid=1 devname="f")"));
  EXPECT_FALSE(is_fortinet_line(R"(some text devname="f" logid="1")"));
}

TEST(WithoutPriority, TakesOneToThreeDigits) {
  EXPECT_EQ(without_priority("<189>a=1"), "a=1");
  EXPECT_EQ(without_priority("<1>a"), "a");
  EXPECT_EQ(without_priority("<>a"), "<>a");
  EXPECT_EQ(without_priority("<x>a"), "<x>a");
  EXPECT_EQ(without_priority("<1234>a"), "<1234>a");
  EXPECT_EQ(without_priority(""), "");
}

}  // namespace
}  // namespace catena::codec
