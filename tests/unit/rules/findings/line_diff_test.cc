// SPDX-License-Identifier: Apache-2.0
#include "rules/findings/line_diff.h"

#include <string>

#include <gtest/gtest.h>

namespace catena::lint {
namespace {

TEST(LineDiff, IsEmptyForEqualTexts) {
  EXPECT_EQ(line_diff("a\nb\n", "a\nb\n", "f"), "");
  EXPECT_EQ(line_diff("", "", "f"), "");
}

TEST(LineDiff, ShowsHunksWithContext) {
  const std::string before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n";
  const std::string after = "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n11\n12\n13\n14\n16\n";
  EXPECT_EQ(line_diff(before, after, "f"),
            "--- f\n+++ f\n"
            "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"
            "@@ -12,5 +12,4 @@\n 12\n 13\n 14\n-15\n 16\n");
}

TEST(LineDiff, JoinsHunksThatAreNear) {
  EXPECT_EQ(line_diff("a\nb\nc\nd\n", "A\nb\nc\nD\n", "f"),
            "--- f\n+++ f\n@@ -1,4 +1,4 @@\n-a\n+A\n b\n c\n-d\n+D\n");
}

TEST(LineDiff, KnowsAMissingLineEnd) {
  EXPECT_EQ(
      line_diff("a\nb", "a\nc", "f"),
      "--- f\n+++ f\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n\\ No newline at "
      "end of file\n");
  EXPECT_EQ(line_diff("", "a\n", "f"), "--- f\n+++ f\n@@ -0,0 +1 @@\n+a\n");
}

TEST(LineDiff, ReplacesPartsThatAreTooLong) {
  std::string before;
  std::string after;
  for (std::size_t i = 0; i <= kMaxComparedLines; ++i) {
    before += "b" + std::to_string(i) + "\n";
    after += "a" + std::to_string(i) + "\n";
  }
  const std::string diff = line_diff("x\n" + before, "x\n" + after, "f");
  EXPECT_NE(diff.find("@@ -1,2002 +1,2002 @@\n x\n-b0\n"), std::string::npos);
}

}  // namespace
}  // namespace catena::lint
