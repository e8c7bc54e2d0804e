// SPDX-License-Identifier: Apache-2.0
#include "engine/match/literal_scanner.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace catena::match {
namespace {

std::vector<std::uint32_t> scan(const LiteralScanner& scanner, std::string_view text) {
  LiteralScanner::Scratch scratch;
  EXPECT_TRUE(scanner.prepare(scratch).ok());
  std::vector<std::uint32_t> found;
  scanner.scan(text, scratch, found);
  std::sort(found.begin(), found.end());
  return found;
}

TEST(LiteralScanner, FindsTheSameAfterASecondLife) {
  const std::vector<std::string> literals = {"mimikatz", "\\cmd.exe\xfe", "a", "needle"};
  const auto scanner = LiteralScanner::compile(literals);
  ASSERT_TRUE(scanner.ok());
  const auto bytes = scanner->serialise();
  ASSERT_TRUE(bytes.ok());
  const auto again = LiteralScanner::deserialise(*bytes);
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_FALSE(LiteralScanner::platform().empty());
  for (const std::string_view text : {"", "no", "a mimikatz", "c:\\cmd.exe\xfe!", "needle"}) {
    EXPECT_EQ(scan(*again, text), scan(*scanner, text)) << text;
  }
  EXPECT_EQ(scan(*again, "a needle in a mimikatz"), (std::vector<std::uint32_t>{0, 2, 3}));
}

TEST(LiteralScanner, RefusesBytesThatAreNoScanner) {
  EXPECT_EQ(LiteralScanner::deserialise("").status().code(), StatusCode::kCorrupt);
  EXPECT_EQ(LiteralScanner::deserialise("a letter to a friend").status().code(),
            StatusCode::kCorrupt);
  const auto scanner = LiteralScanner::compile(std::vector<std::string>{"needle"});
  const auto bytes = scanner->serialise();
  ASSERT_TRUE(bytes.ok());
  std::string damaged = *bytes;
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 1);
  EXPECT_EQ(LiteralScanner::deserialise(damaged).status().code(), StatusCode::kCorrupt);
  EXPECT_FALSE(LiteralScanner::deserialise(std::string_view(*bytes).substr(0, 40)).ok());
  std::string newer = *bytes;
  newer[4] = static_cast<char>(newer[4] ^ 1);  // the library's version, after its mark
  EXPECT_EQ(LiteralScanner::deserialise(newer).status().code(), StatusCode::kVersion);
}

}  // namespace
}  // namespace catena::match
