// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/character_search.h"

#include <string>

#include <gtest/gtest.h>

namespace catena::codec {
namespace {

TEST(CharacterSearch, FindsStringEndsAtEveryPlace) {
  for (std::size_t size = 0; size < 70; ++size) {
    for (const char c : {'"', '\\', '\n'}) {
      std::string text(size, 'x');
      EXPECT_EQ(find_string_end(text, 0), size);
      for (std::size_t at = 0; at < size; ++at) {
        text[at] = c;
        EXPECT_EQ(find_string_end(text, 0), at);
        EXPECT_EQ(find_string_end(text, at + 1), size);
        text[at] = 'x';
      }
    }
  }
}

TEST(CharacterSearch, CountsLineEnds) {
  std::string text;
  std::uint64_t expected = 0;
  for (int i = 0; i < 200; ++i) {
    text.push_back(i % 3 == 0 ? '\n' : 'y');
    expected += i % 3 == 0 ? 1 : 0;
    EXPECT_EQ(count_line_ends(text), expected);
  }
}

TEST(CharacterSearch, CountsMoreLineEndsThanACounterHolds) {
  for (const std::size_t size : {4031U, 4032U, 4033U, 16'384U, 20'011U}) {
    EXPECT_EQ(count_line_ends(std::string(size, '\n')), size);
    EXPECT_EQ(count_line_ends(std::string(size, '\x0B')), 0U);
  }
}

TEST(CharacterSearch, FindsTheLastLineEnd) {
  EXPECT_EQ(find_last_line_end({}, 0), std::string_view::npos);
  EXPECT_EQ(find_last_line_end("abc", 3), std::string_view::npos);
  const std::string_view text = "a\nb\nc";
  EXPECT_EQ(find_last_line_end(text, 5), 3U);
  EXPECT_EQ(find_last_line_end(text, 4), 3U);
  EXPECT_EQ(find_last_line_end(text, 3), 1U);
  EXPECT_EQ(find_last_line_end(text, 1), std::string_view::npos);
  EXPECT_EQ(find_last_line_end(text, 99), 3U);
}

}  // namespace
}  // namespace catena::codec
