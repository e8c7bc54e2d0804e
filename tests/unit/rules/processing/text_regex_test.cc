// SPDX-License-Identifier: Apache-2.0
#include "rules/processing/text_regex.h"

#include <gtest/gtest.h>

namespace catena::processing {
namespace {

// Python's re.sub, or the reason why not.
std::string substituted(const std::string& pattern, const std::string& replacement,
                        const std::string& text) {
  const auto regex = TextRegex::compile(pattern);
  if (!regex.ok()) return regex.status().message();
  const auto parsed = ReplacementText::parse(replacement, *regex);
  if (!parsed.ok()) return parsed.status().message();
  std::string result;
  std::size_t from = 0;
  for (const TextRegex::Match& match : regex->find_all(text)) {
    result += text.substr(from, match.start - from) + parsed->expand(match);
    from = match.end;
  }
  return result + text.substr(from);
}

TEST(ReplacementText, ReadsPythonsNotation) {
  EXPECT_EQ(substituted("(a)(b)?", "<\\1\\2>", "ab a"), "<ab> <a>");
  EXPECT_EQ(substituted("(?P<x>a)", "\\g<x>\\g<1>\\g<0>", "a"), "aaa");
  EXPECT_EQ(substituted("a", "\\\\\\n\\t\\.", "a"), "\\\n\t\\.");
  EXPECT_EQ(substituted("^", "p", "text"), "ptext");
  EXPECT_EQ(substituted("x*", "-", "abxd"), "-a-b--d-");
  EXPECT_EQ(substituted("$", "!", "\xC3\xA4"), "\xC3\xA4!");
}

TEST(ReplacementText, SaysWhatIsWrong) {
  EXPECT_EQ(substituted("a", "\\1", "a"),
            "the replacement names group '1', which the regular expression does not have");
  EXPECT_EQ(substituted("a", "\\q", "a"), "the replacement has the unknown escape '\\q'");
  EXPECT_EQ(substituted("a", "\\g<0", "a"), "the replacement has an open '\\g<'");
  EXPECT_EQ(substituted("a", "x\\", "a"), "the replacement ends with a lone backslash");
  EXPECT_EQ(substituted("(?=a)", "", "a"),
            "the regular expression is refused: invalid perl operator: (?=");
  EXPECT_EQ(substituted("a", std::string(kMaxReplacementBytes + 1, 'x'), "a"),
            "a replacement longer than 1024 bytes");
  EXPECT_EQ(substituted(std::string(kMaxPipelineRegexBytes + 1, 'x'), "", "a"),
            "a regular expression longer than 8192 bytes");
}

TEST(TextRegex, MatchesAtTheStart) {
  const auto regex = TextRegex::compile("b+");
  EXPECT_TRUE(regex->matches_start("bba"));
  EXPECT_FALSE(regex->matches_start("ab"));
}

}  // namespace
}  // namespace catena::processing
