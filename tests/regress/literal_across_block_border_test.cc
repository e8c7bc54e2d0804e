// SPDX-License-Identifier: Apache-2.0
// Vectorscan 5.4.9 loses literals that lie across a 64-byte border of the text when it has few
// literals (two to eight, or more that start alike): its search for two bytes at a time. A scanner
// finds every literal at every place.
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/match/literal_scanner.h"

namespace catena::match {
namespace {

void expect_found_everywhere(const std::vector<std::string>& literals) {
  const auto scanner = LiteralScanner::compile(literals);
  ASSERT_TRUE(scanner.ok());
  LiteralScanner::Scratch scratch;
  ASSERT_TRUE(scanner->prepare(scratch).ok());
  std::vector<std::uint32_t> found;
  for (std::size_t size = 8; size < 260; size += size < 140 ? 1 : 13) {
    for (std::size_t i = 0; i < literals.size() && i < 3; ++i) {
      for (std::size_t at = 0; at + literals[i].size() <= size; ++at) {
        std::string text(size, 'x');
        text.replace(at, literals[i].size(), literals[i]);
        scanner->scan(text, scratch, found);
        ASSERT_EQ(found, std::vector<std::uint32_t>{static_cast<std::uint32_t>(i)})
            << literals[i] << " of " << literals.size() << " at " << at << " of " << size;
      }
    }
  }
}

TEST(LiteralAcrossBlockBorder, IsFound) {
  expect_found_everywhere({"abc"});
  expect_found_everywhere({"vilb", "abc"});
  expect_found_everywhere({"abc", "gfkoe", "nnaa"});
  expect_found_everywhere({"mimikatz", "sekurlsa", "lsadump::"});
  expect_found_everywhere({"abcdefgh", "ibcdefgh", "jklmnopqrs", "klm1234567"});
  std::vector<std::string> alike;
  for (int i = 0; i < 40; ++i) alike.push_back("powershell" + std::to_string(100 + i));
  expect_found_everywhere(alike);
}

}  // namespace
}  // namespace catena::match
