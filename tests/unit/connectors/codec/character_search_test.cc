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

}  // namespace
}  // namespace catena::codec
