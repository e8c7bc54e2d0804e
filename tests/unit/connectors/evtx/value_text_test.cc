// SPDX-License-Identifier: Apache-2.0
#include "connectors/evtx/value_text.h"

#include <bit>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/evtx_writer.h"

namespace catena::evtx {
namespace {

using tests::number;
using tests::wide;

std::string text(ValueType type, const std::string& bytes) {
  std::string out;
  const Problem problem = append_value(type, bytes, out);
  return problem == Problem::kNone ? out : std::string(problem_text(problem));
}

std::string time(std::uint64_t ticks) { return text(ValueType::kFileTime, number(ticks, 8)); }

constexpr const char* kWrongSize = "a value whose size does not fit its type";

TEST(ValueText, WritesNumbers) {
  EXPECT_EQ(text(ValueType::kInt8, "\xFF"), "-1");
  EXPECT_EQ(text(ValueType::kUInt8, "\xFF"), "255");
  EXPECT_EQ(text(ValueType::kInt16, number(0x8000, 2)), "-32768");
  EXPECT_EQ(text(ValueType::kUInt16, number(0x8000, 2)), "32768");
  EXPECT_EQ(text(ValueType::kInt32, number(0xFFFFFFFE, 4)), "-2");
  EXPECT_EQ(text(ValueType::kUInt32, number(0xFFFFFFFE, 4)), "4294967294");
  EXPECT_EQ(text(ValueType::kInt64, number(~0ULL, 8)), "-1");
  EXPECT_EQ(text(ValueType::kUInt64, number(~0ULL, 8)), "18446744073709551615");
  EXPECT_EQ(text(ValueType::kReal32, number(std::bit_cast<std::uint32_t>(1.5F), 4)), "1.5");
  EXPECT_EQ(text(ValueType::kReal64, number(std::bit_cast<std::uint64_t>(-0.1), 8)), "-0.1");
  EXPECT_EQ(text(ValueType::kHexInt32, number(0xBEEF, 4)), "0xbeef");
  EXPECT_EQ(text(ValueType::kHexInt64, number(0x8000000000000000, 8)), "0x8000000000000000");
  EXPECT_EQ(text(ValueType::kSize, number(0x10, 4)), "0x10");
  EXPECT_EQ(text(ValueType::kSize, number(0x20, 8)), "0x20");
}

TEST(ValueText, WritesTheRest) {
  EXPECT_EQ(text(ValueType::kNull, "whatever"), "");
  EXPECT_EQ(text(ValueType::kString, wide("C:\\x") + number(0, 2) + wide("y")), "C:\\\\x");
  EXPECT_EQ(text(ValueType::kAnsiString, std::string("caf\xE9\0x", 6)), "caf\xC3\xA9");
  EXPECT_EQ(text(ValueType::kBool, number(0, 4)), "false");
  EXPECT_EQ(text(ValueType::kBool, number(2, 4)), "true");
  EXPECT_EQ(text(ValueType::kBinary, "\x01\xAB"), "01AB");
  EXPECT_EQ(
      text(ValueType::kGuid, "\x03\x02\x01\xA0\x05\x04\x07\x06\x08\x09\x0A\x0B\x0C\x0D\x0E\x0F"),
      "A0010203-0405-0607-0809-0A0B0C0D0E0F");
  const std::string sid{"\x01\x02\0\0\0\0\0\x05\x20\0\0\0\x20\x02\0\0", 16};
  EXPECT_EQ(text(ValueType::kSid, sid), "S-1-5-32-544");
  EXPECT_EQ(text(ValueType::kSid, sid + "behind"), "S-1-5-32-544");
  EXPECT_EQ(text(ValueType::kSid, std::string("\x01\0\x01\0\0\0\0\x10", 8)), "S-1-1099511627792");
}

TEST(ValueText, WritesTimes) {
  EXPECT_EQ(time(0), "1601-01-01T00:00:00.000000Z");
  EXPECT_EQ(time(116'444'736'000'000'000), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(time(116'444'736'000'000'000 + 951'782'400'0000000ULL + 1'234'567),
            "2000-02-29T00:00:00.123456Z");
  EXPECT_EQ(time(116'444'736'000'000'000 + 1'798'761'599'9999999ULL),
            "2026-12-31T23:59:59.999999Z");
  EXPECT_EQ(time(116'444'736'000'000'000 - 2'203'891'200'0000000ULL),
            "1900-03-01T00:00:00.000000Z");
  EXPECT_EQ(time(~0ULL), "60056-05-28T05:36:10.955161Z");
  std::string fields;
  for (const unsigned field : {2026U, 2U, 3U, 9U, 1U, 2U, 3U, 45U}) fields += number(field, 2);
  EXPECT_EQ(text(ValueType::kSystemTime, fields), "2026-02-09T01:02:03.045000Z");
  EXPECT_EQ(text(ValueType::kSystemTime, std::string(16, '\xFF')),
            "65535-65535-65535T65535:65535:65535.65535000Z");
}

TEST(ValueText, RefusesWrongSizes) {
  for (unsigned type = 0; type <= 0x15; ++type) {
    const auto value = static_cast<ValueType>(type);
    const std::size_t size = fixed_size(value);
    if (size == 0) continue;
    EXPECT_EQ(text(value, std::string(size - 1, '\0')), kWrongSize) << type;
    EXPECT_EQ(text(value, std::string(size + 1, '\0')), kWrongSize) << type;
  }
  EXPECT_EQ(text(ValueType::kSize, "123"), kWrongSize);
  EXPECT_EQ(text(ValueType::kSid, "1234567"), kWrongSize);
  EXPECT_EQ(text(ValueType::kSid, std::string("\x01\x01\0\0\0\0\0\x05\0\0\0", 11)), kWrongSize);
  EXPECT_EQ(text(ValueType::kSid, "\x01\x10" + std::string(100, '\0')), kWrongSize);
}

TEST(ValueText, RefusesUnknownTypes) {
  for (const unsigned type : {0x16U, 0x20U, 0x21U, 0x23U, 0x7FU}) {
    EXPECT_EQ(text(static_cast<ValueType>(type), "x"), "a value of an unknown type") << type;
  }
}

std::vector<std::string> items(ValueType type, const std::string& bytes, std::size_t max = 100) {
  std::vector<std::string_view> split;
  const Problem problem = split_array(type, bytes, max, split);
  if (problem != Problem::kNone) return {std::string(problem_text(problem))};
  return {split.begin(), split.end()};
}

TEST(ValueText, SplitsArrays) {
  using Items = std::vector<std::string>;
  const std::string nul = number(0, 2);
  EXPECT_EQ(items(ValueType::kString, wide("a") + nul + wide("b") + nul),
            (Items{wide("a"), wide("b")}));
  EXPECT_EQ(items(ValueType::kString, nul + wide("b")), (Items{"", wide("b")}));
  EXPECT_EQ(items(ValueType::kString, ""), Items{});
  EXPECT_EQ(items(ValueType::kAnsiString, std::string("a\0bc", 4)), (Items{"a", "bc"}));
  EXPECT_EQ(items(ValueType::kUInt16, "aabb"), (Items{"aa", "bb"}));
  const std::string sid{"\x01\x01\0\0\0\0\0\x05\x12\0\0\0", 12};
  EXPECT_EQ(items(ValueType::kSid, sid + sid), (Items{sid, sid}));
  EXPECT_EQ(items(ValueType::kUInt16, "aab"), Items{kWrongSize});
  EXPECT_EQ(items(ValueType::kSid, sid + "x"), Items{kWrongSize});
  for (const ValueType type : {ValueType::kSize, ValueType::kBinary, ValueType::kBinaryXml}) {
    EXPECT_EQ(items(type, "12345678"), Items{"a value of an unknown type"});
  }
}

TEST(ValueText, BoundsTheItemsOfAnArray) {
  EXPECT_EQ(items(ValueType::kUInt8, "abc", 3).size(), 3U);
  EXPECT_EQ(items(ValueType::kUInt8, "abcd", 3)[0], "too many elements");
  EXPECT_EQ(items(ValueType::kString, std::string(8, '\0'), 3)[0], "too many elements");
  EXPECT_EQ(items(ValueType::kString, std::string(6, '\0') + wide("x"), 3)[0], "too many elements");
}

}  // namespace
}  // namespace catena::evtx
