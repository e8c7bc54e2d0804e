// SPDX-License-Identifier: Apache-2.0
#include "engine/base/text_fold.h"

#include <gtest/gtest.h>

namespace catena {
namespace {

TEST(TextFold, FoldsAsciiAndKeepsOtherBytes) {
  EXPECT_EQ(folded("C:\\Windows\\SYSTEM32\\Cmd.EXE @[`{"), "c:\\windows\\system32\\cmd.exe @[`{");
  EXPECT_EQ(folded(""), "");
}

TEST(TextFold, FoldsByCodePointAsSimpleFoldingSays) {
  EXPECT_EQ(folded("\u212A"), "k");                   // Kelvin sign
  EXPECT_EQ(folded("\u017F"), "s");                   // long s
  EXPECT_EQ(folded("\u0130"), "\u0130");              // dotted capital I folds only in full folding
  EXPECT_EQ(folded("\u00DF"), "\u00DF");              // sharp s
  EXPECT_EQ(folded("\u1E9E"), "\u00DF");              // capital sharp s
  EXPECT_EQ(folded("\u03A3\u03C2"), "\u03C3\u03C3");  // sigma and final sigma
  EXPECT_EQ(folded("\u00C4\u0416"), "\u00E4\u0436");
}

TEST(TextFold, GrowthStaysWithinTheCapacity) {
  const std::string growing = "\u023A\u023A\u023A\u023A\u023A\u023A\u023A\u023A";
  EXPECT_GT(folded(growing).size(), growing.size());
  EXPECT_LE(folded(growing).size(), folded_capacity(growing.size()));
}

// The block path against one code point at a time, with a foreign byte at every place.
TEST(TextFold, BlocksAgreeWithSinglePoints) {
  std::string all;
  for (int c = 1; c < 128; ++c) all.push_back(static_cast<char>(c));
  for (const char* foreign : {"", "\u00c4", "\u212A", "\xff"}) {
    for (std::size_t at = 0; at <= all.size(); ++at) {
      const std::string text = all.substr(0, at) + foreign + all.substr(at);
      std::string single;
      for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = code_point_length(std::string_view(text).substr(i));
        append_folded(single, std::string_view(text).substr(i, length));
        i += length;
      }
      ASSERT_EQ(folded(text), single) << at;
    }
  }
}

TEST(TextFold, KeepsBytesThatAreNotUtf8) {
  EXPECT_EQ(folded("A\xff\xc3"
                   "B"),
            "a\xff\xc3"
            "b");
  EXPECT_FALSE(is_utf8("A\xff"));
  EXPECT_FALSE(is_utf8("\xc3"));
  EXPECT_TRUE(is_utf8("plain \u00e4"));
}

}  // namespace
}  // namespace catena
