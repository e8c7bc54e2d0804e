// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/regex_work.h"

#include <string>

#include <gtest/gtest.h>
#include <re2/re2.h>

#include "rules/compile/regex_compiler.h"

namespace catena::compile {
namespace {

std::uint32_t work_of(const std::string& pattern) {
  const auto compiled = compile_regex(pattern, {});
  EXPECT_TRUE(compiled.ok()) << pattern;
  return compiled.ok() ? compiled->work : 0;
}

TEST(RegexWork, OrdinaryExpressionsAreCheap) {
  for (const char* pattern :
       {"abc", "^C:\\\\.*\\.exe$", "(?i)invoke-[a-z]+", "\\\\[a-z0-9]{8}\\.exe",
        "[A-Za-z0-9+/]{50,}", "\\s-enc?\\s", "(cmd|powershell|wscript|cscript)\\.exe", "[ab]{100}c",
        "-k\\s\\w{1,64}(\\s|$)", "(a|b){3}", "x{20}", "[^|]{1,5}"}) {
    EXPECT_LE(work_of(pattern), 10U) << pattern;
  }
}

TEST(RegexWork, ExpressionsWithTooManyStatesAreDear) {
  for (const char* pattern :
       {"[ab]{1000}c", "(a|b)*a(a|b){20}c", "x[ab]*a[ab]{20}c", "start [01]*1[01]{24}end",
        "a.{100}b$", "(.*a){20}c", "(?:a?){20}a", "foo[0-9]?[a-z]{30}", "A[a-z]{30}", "1\\d{20}x",
        "x[[:alpha:]]{40}"}) {
    EXPECT_GE(work_of(pattern), 50U) << pattern;
  }
}

TEST(RegexWork, ReadsWhateverRe2Accepts) {
  for (const char* pattern : {"a{", "a{,5}", "[]a]{20}", "[^]]{20}", "\\x{41}{20}", "(?i)(?P<n>a)b",
                              "a|", "()", "[a-]{30}", "\\Qa{20}\\E", "a**", "\\pN{20}"}) {
    const re2::RE2 regex(pattern, re2::RE2::Quiet);
    if (!regex.ok()) continue;
    EXPECT_GE(regex_work(regex), 1U) << pattern;
  }
}

TEST(RegexWork, IsTheSameEachTime) {
  for (const char* pattern : {"(a|b)*a(a|b){20}c", "abc", "[a-z]{200}x"}) {
    EXPECT_EQ(work_of(pattern), work_of(pattern)) << pattern;
  }
}

}  // namespace
}  // namespace catena::compile
