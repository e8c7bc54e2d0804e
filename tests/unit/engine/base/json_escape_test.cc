// SPDX-License-Identifier: Apache-2.0
#include "engine/base/json_escape.h"

#include <random>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "engine/base/text_fold.h"

namespace catena {
namespace {

TEST(JsonEscape, AnyBody) {
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

std::string simple(std::string_view body, bool fold) {
  const std::string padded = std::string(body) + "\"" + std::string(kEscapePadding, 'X');
  std::string out(folded_capacity(body.size()) + kEscapePadding, '#');
  const std::string_view view = std::string_view(padded).substr(0, body.size());
  out.resize(fold ? fold_simple(out.data(), view) : unescape_simple(out.data(), view));
  return out;
}

// The slow twins: unescape any body, then fold.
void expect_as_slow(const std::string& body) {
  std::string plain;
  ASSERT_TRUE(append_unescaped(body, plain)) << body;
  EXPECT_EQ(simple(body, false), plain) << body;
  EXPECT_EQ(simple(body, true), folded(plain)) << body;
}

TEST(JsonEscape, SimpleBodies) {
  expect_as_slow("");
  expect_as_slow(R"(C:\\Windows\\System32\\CMD.EXE)");
  expect_as_slow(R"(\"\\\/\b\f\n\r\t)");
  expect_as_slow("Gr\xC3\x96\xC3\x9F E 1 \xE2\x84\xAA \xC8\xBA");
  for (std::size_t length = 0; length < 70; ++length) {
    expect_as_slow(std::string(length, 'Q'));
    expect_as_slow(std::string(length, 'Q') + R"(\n)");
    expect_as_slow(std::string(length, 'Q') + "\xC8\xBA");
    expect_as_slow(std::string(length, 'Q') + R"(\\\\)" + std::string(length, 'z'));
  }
}

TEST(JsonEscape, RandomSimpleBodies) {
  std::mt19937 random(11);  // NOLINT: the same every time
  constexpr std::string_view kParts[] = {
      "A", "z", "\\\\", "\\n", "\\\"", "\\/", "\xC3\x96", "\xC8\xBA", "0123456789ABCDEF", "\\t"};
  for (int round = 0; round < 20'000; ++round) {
    std::string body;
    for (std::size_t parts = random() % 24; parts > 0; --parts) body += kParts[random() % 10];
    expect_as_slow(body);
  }
}

}  // namespace
}  // namespace catena
