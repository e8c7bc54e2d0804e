// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/json_text.h"

#include <string>

#include <gtest/gtest.h>

namespace catena::codec {
namespace {

TEST(JsonText, Numbers) {
  for (const char* number : {"0", "-0", "1", "10.5", "-1e5", "1E+5", "0.1e-7"}) {
    EXPECT_TRUE(is_json_number(number)) << number;
  }
  for (const char* other : {"", "-", "01", "1.", ".5", "1e", "1e+", "+1", "0x1", "1 ", "NaN"}) {
    EXPECT_FALSE(is_json_number(other)) << other;
  }
}

TEST(JsonText, Escapes) {
  std::string out = "<";
  EXPECT_TRUE(append_unescaped(R"(a\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac\ud83d\ude00)", out));
  EXPECT_EQ(out, "<a\"\\/\b\f\n\r\tA\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
  out.clear();
  EXPECT_TRUE(append_unescaped(R"(\ud800|\udc00|\ud800\u0041|\ud800)", out));
  EXPECT_EQ(out,
            "\xEF\xBF\xBD|\xEF\xBF\xBD|\xEF\xBF\xBD"
            "A|\xEF\xBF\xBD");
  for (const char* wrong : {"\\", "\\x", "\\u12", "\\u12g4", "a\\"}) {
    EXPECT_FALSE(append_unescaped(wrong, out)) << wrong;
  }
}

}  // namespace
}  // namespace catena::codec
