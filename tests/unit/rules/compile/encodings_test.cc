// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/encodings.h"

#include <gtest/gtest.h>

namespace catena::compile {
namespace {

TEST(Encodings, Base64IsThatOfRfc4648) {
  const std::pair<const char*, const char*> table[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, expected] : table) EXPECT_EQ(to_base64(bytes), expected);
  EXPECT_EQ(to_base64("\xfb\xff\xfe"), "+//+");
}

TEST(Encodings, Utf16CoversTheWholeOfUnicode) {
  EXPECT_EQ(to_utf16("a\u00e4", ByteOrder::kLittle), std::string("a\0\xe4\0", 4));
  EXPECT_EQ(to_utf16("a\u20ac", ByteOrder::kBig), std::string("\0a\x20\xac", 4));
  EXPECT_EQ(to_utf16("\U0001F600", ByteOrder::kLittle), std::string("\x3d\xd8\x00\xde", 4));
  EXPECT_EQ(to_utf16("\xff", ByteOrder::kLittle), std::nullopt);
}

// The needle must be in the base64 of every longer text that holds the bytes at that offset.
TEST(Encodings, Base64OffsetsAreFoundWhateverStandsAround) {
  for (std::size_t length = 2; length <= 12; ++length) {
    const std::string bytes = std::string("needle in hay").substr(0, length);
    const auto needles = to_base64_offsets(bytes);
    for (std::size_t before = 0; before < 6; ++before) {
      for (std::size_t after = 0; after < 4; ++after) {
        for (const char filler : {'\0', 'U', '\xff'}) {
          const std::string hay = std::string(before, filler) + bytes + std::string(after, filler);
          EXPECT_NE(to_base64(hay).find(needles[before % 3]), std::string::npos)
              << length << " " << before << " " << after;
        }
      }
    }
  }
}

TEST(Encodings, Base64OffsetsOfOneByteLeaveNothingToFind) {
  EXPECT_EQ(to_base64_offsets("a")[1], "");
}

}  // namespace
}  // namespace catena::compile
