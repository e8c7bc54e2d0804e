// SPDX-License-Identifier: Apache-2.0
#include "engine/base/display_text.h"

#include <gtest/gtest.h>

namespace catena {
namespace {

TEST(Printable, LetsNoEventDriveTheTerminal) {
  EXPECT_EQ(printable("a\x1b[31mb\n\t\r\x7f"), "a\\x1b[31mb\\n\\t\\r\\x7f");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\xc2\\x9b31m");  // C1 control sequence introducer
  EXPECT_EQ(printable("\xe2\x80\xae"
                      "txt"),
            "\\xe2\\x80\\xaetxt");  // right-to-left override
  EXPECT_EQ(printable("\xff"), "\\xff");
  EXPECT_EQ(printable("caf\u00e9 \u65e5\u672c"), "caf\u00e9 \u65e5\u672c");
}

TEST(Fit, CutsBetweenCodePoints) {
  EXPECT_EQ(fit("abcdef", 4), "abc…");
  EXPECT_EQ(fit("abcd", 4), "abcd");
  EXPECT_EQ(fit("\u00e4\u00f6\u00fc", 2), "\u00e4…");
  EXPECT_EQ(column("ab", 4), "ab  ");
  EXPECT_EQ(column("abcdef", 4), "abc…");
}

TEST(Wrapped, BreaksAtBlanks) {
  EXPECT_EQ(wrapped("one two three", 7), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(wrapped("extraordinary x", 5), (std::vector<std::string>{"extraordinary", "x"}));
  EXPECT_EQ(wrapped("\u00e4\u00f6 \u00fc", 4), (std::vector<std::string>{"\u00e4\u00f6 \u00fc"}));
  EXPECT_EQ(wrapped("", 4), (std::vector<std::string>{""}));
}

TEST(Numbers, AreForPeople) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(1234567), "1,234,567");
  EXPECT_EQ(duration_text(59'000'000'000), "59 s");
  EXPECT_EQ(duration_text(90'000'000'000), "1 min 30 s");
  EXPECT_EQ(duration_text(16'140'000'000'000), "4 h 29 min");
  EXPECT_EQ(duration_text(90'000'000'000'000), "1 d 1 h");
}

}  // namespace
}  // namespace catena
