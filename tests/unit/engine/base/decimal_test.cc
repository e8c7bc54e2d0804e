// SPDX-License-Identifier: Apache-2.0
#include "engine/base/decimal.h"

#include <gtest/gtest.h>

namespace catena {
namespace {

std::string again(std::string_view text) {
  const auto value = parse_decimal(text);
  return value ? format_decimal(*value) : "none";
}

TEST(Decimal, ReadsAndWritesPlainNumbers) {
  EXPECT_EQ(again("0"), "0");
  EXPECT_EQ(again("-0"), "0");
  EXPECT_EQ(again("007"), "7");
  EXPECT_EQ(again("+2.50"), "2.5");
  EXPECT_EQ(again("-.5"), "-0.5");
  EXPECT_EQ(again("3."), "3");
  EXPECT_EQ(again("0.123456789"), "0.123456789");
  EXPECT_EQ(again("0.1234567899"), "0.123456789");  // cut, not rounded
  EXPECT_EQ(again("999999999999999999.999999999"), "999999999999999999.999999999");
}

TEST(Decimal, ReadsExponents) {
  EXPECT_EQ(again("1e3"), "1000");
  EXPECT_EQ(again("1.25E+2"), "125");
  EXPECT_EQ(again("125e-2"), "1.25");
  EXPECT_EQ(again("5e-9"), "0.000000005");
  EXPECT_EQ(again("5e-10"), "0");
  EXPECT_EQ(again("0e999"), "0");
  EXPECT_EQ(again("0.00001e6"), "10");
  EXPECT_EQ(again("1e17"), "100000000000000000");
}

TEST(Decimal, RefusesWhatIsNoNumberOrTooGreat) {
  for (const char* text : {"", "-", ".", "e3", "1e", "1e+", "1e1000", "0x10", "1 ", " 1", "1,5",
                           "1_0", "nan", "inf", "1e18", "1000000000000000000", "--1", "1.2.3"}) {
    EXPECT_FALSE(parse_decimal(text)) << text;
  }
}

TEST(Decimal, SumsAreExact) {
  Int128 sum = 0;
  for (int i = 0; i < 10; ++i) sum += parse_decimal("0.1")->units;
  EXPECT_EQ(Decimal{sum}, Decimal::whole(1));
}

}  // namespace
}  // namespace catena
