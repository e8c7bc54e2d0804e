// SPDX-License-Identifier: Apache-2.0
#include "engine/match/value_tests.h"

#include <gtest/gtest.h>

namespace catena::match {
namespace {

using plan::Number;
using plan::Op;
using plan::TimePart;
using plan::WildcardPart;

std::vector<WildcardPart> pattern(std::string_view text) {
  std::vector<WildcardPart> parts;
  for (const char c : text) {
    if (c == '*') {
      parts.push_back({WildcardPart::Kind::kAnyRun, ""});
    } else if (c == '?') {
      parts.push_back({WildcardPart::Kind::kAnyOne, ""});
    } else if (!parts.empty() && parts.back().kind == WildcardPart::Kind::kLiteral) {
      parts.back().text.push_back(c);
    } else {
      parts.push_back({WildcardPart::Kind::kLiteral, std::string(1, c)});
    }
  }
  return parts;
}

TEST(ParseNumber, TakesDecimalsAndNothingElse) {
  EXPECT_EQ(parse_number("42")->integer, 42);
  EXPECT_EQ(parse_number("-7")->integer, -7);
  EXPECT_EQ(parse_number("9223372036854775807")->integer, INT64_MAX);
  EXPECT_DOUBLE_EQ(parse_number("2.5")->real, 2.5);
  EXPECT_DOUBLE_EQ(parse_number("1e3")->real, 1000);
  for (const char* text : {"", "-", "0x10", "inf", "nan", " 1", "1 ", "1a", "+-1", "--1"}) {
    EXPECT_FALSE(parse_number(text)) << text;
  }
}

TEST(ParseNumber, ComparesLargeIntegersExactly) {
  const auto a = parse_number("9007199254740993");
  const auto b = parse_number("9007199254740992");
  EXPECT_TRUE(satisfies(compare(*a, *b), Op::kGreater));
  EXPECT_FALSE(satisfies(compare(*a, *b), Op::kEquals));
  EXPECT_TRUE(satisfies(compare(Number{true, 2, 0}, *parse_number("2.5")), Op::kLess));
}

TEST(TimePart, ReadsTheTimeAsWritten) {
  const char* text = "2021-01-03T23:59:10+02:00";
  EXPECT_EQ(time_part(text, TimePart::kHour), 23);
  EXPECT_EQ(time_part(text, TimePart::kMinute), 59);
  EXPECT_EQ(time_part(text, TimePart::kDay), 3);
  EXPECT_EQ(time_part(text, TimePart::kMonth), 1);
  EXPECT_EQ(time_part(text, TimePart::kYear), 2021);
  EXPECT_EQ(time_part(text, TimePart::kWeek), 53);  // belongs to the last week of 2020
  EXPECT_EQ(time_part("2024-12-30 00:00:00", TimePart::kWeek), 1);
  EXPECT_FALSE(time_part("yesterday", TimePart::kHour));
}

TEST(Wildcard, MatchesWholeValuesAcrossNewlines) {
  EXPECT_TRUE(wildcard_match("a\nb", pattern("a*b")));
  EXPECT_TRUE(wildcard_match("", pattern("*")));
  EXPECT_TRUE(wildcard_match("abcbd", pattern("a*b?")));
  EXPECT_FALSE(wildcard_match("abcb", pattern("a*b?")));
  EXPECT_TRUE(wildcard_match("\u00e4x", pattern("?x")));  // one code point, two bytes
  EXPECT_FALSE(wildcard_match("xa", pattern("a*")));
  EXPECT_FALSE(wildcard_match("", pattern("?")));
  EXPECT_TRUE(wildcard_match("aXbXc", pattern("*X*X*")));
  EXPECT_FALSE(wildcard_match("aXb", pattern("*X*X*")));
}

// The obvious twin, for short texts of one-byte characters.
bool slow_match(std::string_view text, std::string_view glob) {
  if (glob.empty()) return text.empty();
  if (glob.front() == '*') {
    return slow_match(text, glob.substr(1)) || (!text.empty() && slow_match(text.substr(1), glob));
  }
  return !text.empty() && (glob.front() == '?' || glob.front() == text.front()) &&
         slow_match(text.substr(1), glob.substr(1));
}

TEST(WildcardProperty, AgreesWithTheObviousMatcher) {
  const std::string_view alphabet = "ab*?";
  std::size_t matched = 0;
  for (unsigned code = 0; code < 4096; ++code) {
    std::string glob;
    for (unsigned rest = code; rest > 0; rest /= 4) glob.push_back(alphabet[rest % 4]);
    for (unsigned bits = 1; bits < 256; ++bits) {
      std::string text;
      for (unsigned rest = bits; rest > 1; rest /= 2) text.push_back(alphabet[rest % 2]);
      const bool expected = slow_match(text, glob);
      ASSERT_EQ(wildcard_match(text, pattern(glob)), expected) << glob << " on " << text;
      matched += expected ? 1 : 0;
    }
  }
  EXPECT_GT(matched, 10'000U);
}

TEST(Wildcard, IsNotExponential) {
  const std::string text(20'000, 'a');
  std::string stars;
  for (int i = 0; i < 50; ++i) stars += "a*";
  EXPECT_FALSE(wildcard_match(text, pattern(stars + "b")));
}

}  // namespace
}  // namespace catena::match
