// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/regex_compiler.h"

#include <chrono>

#include <gtest/gtest.h>
#include <re2/re2.h>

#include "engine/base/text_fold.h"

namespace catena::compile {
namespace {

std::string repeated(std::string_view part, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += part;
  return text;
}

bool finds(const CompiledRegex& compiled, const std::string& text) {
  return RE2::PartialMatch(text, *compiled.regex);
}

TEST(RegexCompiler, SearchesCaseSensitivelyUnlessTold) {
  const auto plain = compile_regex("ab.c", {});
  EXPECT_TRUE(finds(*plain, "xxabyczz"));
  EXPECT_FALSE(finds(*plain, "xxAByczz"));
  EXPECT_FALSE(finds(*plain, "ab\nc"));
  EXPECT_EQ(plain->text, "ab.c");
  EXPECT_TRUE(finds(*compile_regex("ab.c", {.ignore_case = true}), "ABYC"));
  EXPECT_TRUE(finds(*compile_regex("ab.c", {.dot_all = true}), "ab\nc"));
  EXPECT_FALSE(finds(*compile_regex("^b", {}), "a\nb"));
  const auto lines = compile_regex("^b$", {.multi_line = true});
  EXPECT_TRUE(finds(*lines, "a\nb\nc"));
  EXPECT_EQ(lines->text, lines->regex->pattern());
}

TEST(RegexCompiler, RefusesWhatRe2Refuses) {
  for (const char* pattern : {"(?=a)b", "(?<!a)b", R"((a)\1)", "a**", "(", "[a", "a{1001}", R"(\Z)",
                              "(?>a)", "a{2}{1000}"}) {
    const auto compiled = compile_regex(pattern, {});
    if (compiled.ok()) {
      EXPECT_LE(compiled->regex->ProgramSize(), kMaxRegexInstructions) << pattern;
      EXPECT_STREQ(pattern, "a**");  // RE2 reads it as a*
    } else {
      EXPECT_FALSE(compiled.status().message().empty()) << pattern;
    }
  }
}

TEST(RegexCompiler, BombsAreRefusedQuickly) {
  const std::string bombs[] = {
      "((a{100}){100}){100}",
      "((((((a{10}){10}){10}){10}){10}){10})",
      "(.{1000}){10}",
      repeated("(", 5'000),
      repeated("(", 2'000) + repeated(")", 2'000),
      repeated("a|", 100'000) + "b",
      repeated("(a?){50}", 200),
      "[" + repeated("\\pL", 2'000) + "]{500}",
      repeated("x*", 4'096),
      "\\pL{1000}\\pN{1000}",
      repeated(".{500}", 4),  // about 14,000 instructions
  };
  for (const std::string& bomb : bombs) {
    SCOPED_TRACE(bomb.substr(0, 30));
    const auto start = std::chrono::steady_clock::now();
    const auto compiled = compile_regex(bomb, {});
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
    if (compiled.ok()) {
      EXPECT_LE(compiled->regex->ProgramSize(), kMaxRegexInstructions);
    }
  }
}

TEST(RegexCompiler, NamesTheLimit) {
  EXPECT_EQ(compile_regex(repeated(".{500}", 4), {}).status().message(),
            "the regular expression is too large: it compiles to more than 10000 instructions");
  EXPECT_EQ(compile_regex(repeated("a", kMaxRegexBytes + 1), {}).status().code(),
            StatusCode::kLimit);
  EXPECT_TRUE(compile_regex(repeated("a", kMaxRegexBytes), {}).ok());
  EXPECT_TRUE(compile_regex(".{1000,}", {}).ok());
}

TEST(RegexCompiler, KnowsPatternsThatAskForLengthOnly) {
  const auto length = [](const char* pattern) {
    const auto compiled = compile_regex(pattern, {});
    return compiled.ok() && compiled->length_only ? static_cast<int>(compiled->min_length) : -1;
  };
  EXPECT_EQ(length(".{1000,}"), 1000);
  EXPECT_EQ(length("(.){200,}"), 200);
  EXPECT_EQ(length("(?:.){20}"), 20);
  for (const char* pattern : {"^.{10,}", ".{10,}$", ".{10,20}", "a{10,}", "(.){10,}a", "..{10,}",
                              ".{10,}|b", ".*", ".{}", ".{,}", ".{10,}?"}) {
    EXPECT_EQ(length(pattern), -1) << pattern;
  }
}

TEST(RegexCompiler, FindsTextThatEveryMatchContains) {
  const std::tuple<const char*, RegexFlags, const char*> table[] = {
      {R"(\\[a-zA-Z]{8}\.tmp$)", {}, ".tmp"},
      {R"(ipconfig\s+/all)", {}, "ipconfig"},
      {"Foo.*LongerText", {}, "longertext"},
      {"LongerText", {.ignore_case = true}, "longertext"},
      {"(?i)KELVIN", {}, "kelvin"},
      {"abc|def", {}, ""},
      {"(abc)?def", {}, "def"},
      {"(abc)*", {}, ""},
      {"[a-z]+", {}, ""},
      {"ab", {}, ""},  // too short to help
      {"", {}, ""},
      {"\u00e4\u00f6\u00fc\u00df", {}, ""},  // only ASCII is used
  };
  for (const auto& [pattern, flags, expected] : table) {
    const auto compiled = compile_regex(pattern, flags);
    ASSERT_TRUE(compiled.ok()) << pattern;
    EXPECT_EQ(compiled->required_text, expected) << pattern;
    EXPECT_GE(compiled->min_length, compiled->required_text.size()) << pattern;
  }
}

TEST(RegexCompiler, KnowsTheShortestMatch) {
  const std::tuple<const char*, std::uint32_t> table[] = {
      {R"(\s[a-fA-F0-9]{64}\s[a-fA-F0-9]{16})", 82},
      {"abc|de", 2},
      {"a*", 0},
      {"^a?b+$", 1},
      {"(?i)strasse", 7},
      {"[^a]{5}", 5},
      {"\u00e4{3}", 0}};  // ASCII only
  for (const auto& [pattern, expected] : table) {
    const auto compiled = compile_regex(pattern, {});
    ASSERT_TRUE(compiled.ok()) << pattern;
    EXPECT_EQ(compiled->min_length, expected) << pattern;
  }
}

TEST(RegexCompiler, AShortTextHelpsWhenItIsRare) {
  EXPECT_EQ(compile_regex(R"(\w+`(?:\w+|-|.)`[\w+|\s])", {})->required_text, "`");
  EXPECT_EQ(compile_regex("a.b", {})->required_text, "");
}

// The prefilter may never lose a match: whatever matches has the text, folded, and the length.
TEST(RegexCompiler, ThePrefilterNeverContradictsAMatch) {
  const char* patterns[] = {"(?i)kelvin", "Strass|STRASSE", "(?i)\u0130stanbul", "a[bc]def+",
                            "(?i)s{3}x",  "x(yz|YZ)abc",    "\\bfoo\\b",         "(?i)\u212Aabc",
                            ".{3,}",      "\u017Fabc",      "(?i)mass"};
  const char* texts[] = {"\u212AELVIN",
                         "KELVIN",
                         "strasse",
                         "STRASSE",
                         "Strass",
                         "\u0130STANBUL",
                         "istanbul",
                         "abdefff",
                         "ACDEF",
                         "sssx",
                         "\u017Fs\u017FX",
                         "xyzabc",
                         "xYZabc",
                         "a foo b",
                         "kabc",
                         "\u212Aabc",
                         "\u00e4\u00e4\u00e4",
                         "ma\u017Fs",
                         "\u017Fabc",
                         "sabc",
                         "a\nbc",
                         "abc"};
  for (const char* pattern : patterns) {
    for (const bool ignore_case : {false, true}) {
      const auto compiled = compile_regex(pattern, {.ignore_case = ignore_case});
      ASSERT_TRUE(compiled.ok()) << pattern;
      for (const std::string text : texts) {
        if (!finds(*compiled, text)) continue;
        EXPECT_NE(folded(text).find(compiled->required_text), std::string::npos)
            << pattern << " on " << text;
        EXPECT_GE(text.size(), compiled->min_length) << pattern << " on " << text;
      }
    }
  }
}

}  // namespace
}  // namespace catena::compile
