// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/line_scan.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/support/choices.h"

namespace catena::codec {
namespace {

constexpr LineScan::Width kWidths[] = {LineScan::Width::kPortable, LineScan::Width::k32,
                                       LineScan::Width::k64};

// The slow twin: one byte after the other.
struct Plain {
  bool valid = true;
  bool unicode = false;
  std::size_t line_end = 0;
  std::size_t size = 0;
  std::string quotes;  // '"' and '\\' as the scan sees them, '.' for the rest

  explicit Plain(std::string_view bytes) {
    bool escaped = false;
    while (size < bytes.size() && static_cast<unsigned char>(bytes[size]) >= 0x20) {
      const char c = bytes[size++];
      if (escaped) {
        valid = valid && std::string_view("\"\\/bfnrtu").find(c) != std::string_view::npos;
        unicode = unicode || c == 'u';
      }
      quotes += c == '\\' ? '\\' : c == '"' && !escaped ? '"' : '.';
      escaped = c == '\\' && !escaped;
    }
    valid = valid && !escaped;
    line_end = size;
    if (line_end < bytes.size() && bytes[line_end] == '\r') ++line_end;
    if (line_end < bytes.size() && bytes[line_end] != '\n') valid = false;
    while (size > 0 && bytes[size - 1] == ' ') --size;
  }
};

std::string padded(const std::string& bytes) { return bytes + std::string(64, '"'); }

void expect_like_plain(const std::string& bytes) {
  const Plain plain(bytes);
  const std::string readable = padded(bytes);
  for (const LineScan::Width width : kWidths) {
    LineScan scan(width);
    ASSERT_EQ(scan.read(std::string_view(readable).substr(0, bytes.size())), plain.valid) << bytes;
    if (!plain.valid) continue;
    ASSERT_EQ(scan.line_end(), plain.line_end) << bytes;
    ASSERT_EQ(scan.size(), plain.size) << bytes;
    ASSERT_EQ(scan.has_unicode_escapes(), plain.unicode) << bytes;
    for (std::size_t begin = 0; begin <= plain.size; ++begin) {
      const LineScan::Body body = scan.body(begin);
      const std::size_t end = plain.quotes.find('"', begin);
      if (end == std::string::npos) {
        ASSERT_GE(body.end, plain.size) << bytes << " at " << begin;
        continue;
      }
      ASSERT_EQ(body.end, end) << bytes << " at " << begin;
      ASSERT_EQ(body.escaped,
                plain.quotes.substr(begin, end - begin).find('\\') != std::string::npos)
          << bytes << " at " << begin;
    }
  }
}

TEST(LineScan, FindsQuotesAndTheLineEnd) {
  for (const char* text : {"", "\n", "{}", "{}\n", "{} \r\n{}", "{\"a\":\"b\\\"c\"}\nx", "\"\\\\\"",
                           "\\", "\\x", "\\u", "\"\t\"", "a\rb", "\r", "\r\n"}) {
    expect_like_plain(text);
  }
}

TEST(LineScan, AgreesWithOneByteAfterTheOther) {
  test::SeededChoices choices(11);
  constexpr std::string_view kBytes = "\"\"\\\\\\nu/x \xC3\xA9{}:,";
  for (int i = 0; i < 3'000; ++i) {
    std::string bytes;
    const std::uint32_t size = choices.pick(300);
    for (std::uint32_t k = 0; k < size; ++k) {
      // Runs, because what matters is how long they are and where they cross a block.
      const char c = kBytes[choices.pick(static_cast<std::uint32_t>(kBytes.size()))];
      bytes.append(1 + choices.pick(3) * choices.pick(3), c);
      if (c == '\\' && !choices.once_in(20)) bytes += '\\';
    }
    if (choices.once_in(3)) bytes += "\n\"\\";
    expect_like_plain(bytes);
  }
}

TEST(LineScan, KnowsWhereThereIsMoreThanAscii) {
  for (const LineScan::Width width : kWidths) {
    LineScan scan(width);
    const std::string ascii = padded("{\"a\":1}\n");
    ASSERT_TRUE(scan.read(std::string_view(ascii).substr(0, 8)));
    EXPECT_TRUE(scan.is_ascii());
    const std::string line = std::string(200, 'a') + "\xC3\xA9" + std::string(100, 'b');
    const std::string bytes = padded(line);
    ASSERT_TRUE(scan.read(std::string_view(bytes).substr(0, line.size())));
    EXPECT_FALSE(scan.is_ascii());
  }
}

TEST(LineScan, LeavesLongerLinesAlone) {
  for (const std::size_t size : {kMaxScannedLine - 1, kMaxScannedLine, kMaxScannedLine + 1}) {
    const std::string line = padded(std::string(size, 'x') + "\n");
    for (const LineScan::Width width : kWidths) {
      LineScan scan(width);
      EXPECT_EQ(scan.read(std::string_view(line).substr(0, size + 1)), size <= kMaxScannedLine);
      EXPECT_EQ(scan.read(std::string_view(line).substr(0, size)), size <= kMaxScannedLine);
    }
  }
}

}  // namespace
}  // namespace catena::codec
