// SPDX-License-Identifier: Apache-2.0
#include "connectors/evtx/utf16_text.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/evtx_writer.h"

namespace catena::evtx {
namespace {

using tests::number;
using tests::wide;

std::string utf16(const std::string& bytes) {
  std::string out = "<";
  append_utf16(bytes, out);
  return out;
}

std::string ansi(const std::string& bytes) {
  std::string out;
  append_ansi(bytes, out);
  return out;
}

TEST(Utf16Text, KeepsPlainTextOfAnyLength) {
  for (std::size_t length = 0; length < 700; length += length < 40 ? 1 : 97) {
    std::string text;
    for (std::size_t i = 0; i < length; ++i) text.push_back(static_cast<char>('a' + i % 26));
    EXPECT_EQ(utf16(wide(text)), "<" + text);
  }
}

// Every place in a block of eight, and every kind of unit.
TEST(Utf16Text, EscapesAtEveryPlace) {
  const std::pair<unsigned, const char*> units[] = {{'"', "\\\""},
                                                    {'\\', "\\\\"},
                                                    {'\n', "\\n"},
                                                    {'\r', "\\r"},
                                                    {'\t', "\\t"},
                                                    {'\b', "\\b"},
                                                    {'\f', "\\f"},
                                                    {0x01, "\\u0001"},
                                                    {0x1F, "\\u001f"},
                                                    {0x00, "\\u0000"},
                                                    {0x7F, "\x7F"},
                                                    {0x80, "\xC2\x80"},
                                                    {0xE9, "\xC3\xA9"},
                                                    {0x7FF, "\xDF\xBF"},
                                                    {0x20AC, "\xE2\x82\xAC"},
                                                    {0xFFFD, "\xEF\xBF\xBD"},
                                                    {0xD800, "\\ud800"},
                                                    {0xDFFF, "\\udfff"}};
  for (const auto& [unit, text] : units) {
    for (std::size_t before = 0; before < 18; ++before) {
      const std::string front(before, 'x');
      EXPECT_EQ(utf16(wide(front) + number(unit, 2) + wide("yyyyyyyyy")),
                "<" + front + text + "yyyyyyyyy");
    }
  }
}

TEST(Utf16Text, JoinsPairsAlsoAcrossBlocks) {
  const std::string pair = number(0xD83D, 2) + number(0xDE00, 2);
  for (std::size_t before = 0; before < 600; ++before) {
    const std::string front(before, 'x');
    EXPECT_EQ(utf16(wide(front) + pair + wide("y")), "<" + front + "\xF0\x9F\x98\x80y");
  }
  EXPECT_EQ(utf16(number(0xDE00, 2) + number(0xD83D, 2)), "<\\ude00\\ud83d");
}

TEST(Utf16Text, LeavesOutAnOddLastByte) {
  EXPECT_EQ(utf16(wide("ab") + "c"), "<ab");
  EXPECT_EQ(utf16("c"), "<");
}

TEST(Utf16Text, ReadsCodePage1252) {
  EXPECT_EQ(ansi("a\"\x80\x9F\xE9\n"), "a\\\"\xE2\x82\xAC\xC5\xB8\xC3\xA9\\n");
  EXPECT_EQ(ansi("\x81"), "\xC2\x81");
}

TEST(Utf16Text, FindsTheFirstNul) {
  for (std::size_t before = 0; before < 20; ++before) {
    const std::string front = wide(std::string(before, 'x'));
    EXPECT_EQ(before_nul(front + number(0, 2) + wide("tail")), front);
    EXPECT_EQ(before_nul(front), front);
    EXPECT_EQ(before_nul(front + "c"), front);
  }
  // A zero byte that is no zero unit.
  EXPECT_EQ(before_nul(number(0x0100, 2) + number(0x0001, 2)), number(0x0100, 2) + number(1, 2));
}

}  // namespace
}  // namespace catena::evtx
