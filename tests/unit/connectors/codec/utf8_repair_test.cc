// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/utf8_repair.h"

#include <string>

#include <gtest/gtest.h>

namespace catena::codec {
namespace {

TEST(Utf8Repair, ReplacesEveryStrayByte) {
  Arena arena;
  EXPECT_EQ(repair_utf8("a\x80"
                        "b\xE2\x82",
                        8, arena),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(repair_utf8("\xE2\x82\xAC\xED\xA0\x80", 0, arena),
            "\xE2\x82\xAC\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(repair_utf8("", 4, arena), "");
}

TEST(Utf8Repair, PrefixesDoNotCutCharacters) {
  EXPECT_EQ(utf8_prefix("abc", 5), "abc");
  EXPECT_EQ(utf8_prefix("abc", 2), "ab");
  EXPECT_EQ(utf8_prefix("a\xE2\x82\xAC"
                        "b",
                        3),
            "a");
  EXPECT_EQ(utf8_prefix("a\xE2\x82\xAC"
                        "b",
                        4),
            "a\xE2\x82\xAC");
}

TEST(Utf8Repair, BinaryIsToldFromText) {
  EXPECT_FALSE(looks_binary("plain\ttext\r\n\x1B[31mred"));
  EXPECT_FALSE(looks_binary("one odd \x01 byte in a long enough line of text"));
  EXPECT_TRUE(looks_binary(std::string("a\0b", 3)));
  EXPECT_TRUE(
      looks_binary("\x01\x02\x03"
                   "abc"));
  EXPECT_FALSE(looks_binary(""));
}

}  // namespace
}  // namespace catena::codec
