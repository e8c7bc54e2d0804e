// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/rule_compiler.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "tests/unit/rules/compile/compiled_text.h"

namespace catena::compile {
namespace {

std::string condition(const std::string& text) {
  return compiled(
      rule_with("  a1: {F: 1}\n  a2: {F: 2}\n  b: {F: 3}\n  _h: {F: 4}\n  condition: " + text));
}

TEST(Values, InListsAndMapsAreJoined) {
  const Vector vectors[] = {
      {"F: [a, 'B', 1]", R"(or[F = "a", F = "b", F = "1"])"},
      {"F: [a, A]", R"(F = "a")"},
      {"{F: a, G: b}", R"(and[F = "a", G = "b"])"},
      {"[{F: a, G: b}, {H: c}]", R"(or[and[F = "a", G = "b"], H = "c"])"},
      {"{F: [a, b], G: c}", R"(and[or[F = "a", F = "b"], G = "c"])"},
      {"F|all: ['*a*', '*b*']", R"(and[F contains "a", F contains "b"])"},
      {"F|neq: a", R"(not(F = "a"))"},
      {"F|neq: [a, b]", R"(not(or[F = "a", F = "b"]))"},
      {"F|neq: null", "not(F null)"},
      {"F|contains|neq: a", R"(not(F contains "a"))"},
      {"F|neq|contains: a", R"(not(F contains "a"))"},
  };
  for (const Vector& vector : vectors) EXPECT_EQ(item(vector.yaml), vector.expected) << vector.yaml;
}

TEST(Conditions, CombineSearchIdentifiers) {
  const Vector vectors[] = {
      {"a1", R"(F = "1")"},
      {"a1 and a2 or b", R"(or[and[F = "1", F = "2"], F = "3"])"},
      {"a1 or a2 and b", R"(or[F = "1", and[F = "2", F = "3"]])"},
      {"a1 AND NOT b", R"(and[F = "1", not(F = "3")])"},
      {"not not a1", R"(F = "1")"},
      {"not a1 and b", R"(and[not(F = "1"), F = "3"])"},
      {"not 1 of a*", R"(not(or[F = "1", F = "2"]))"},
      {"(a1 or a2) and b", R"(and[or[F = "1", F = "2"], F = "3"])"},
      {"1 of a*", R"(or[F = "1", F = "2"])"},
      {"any of a*", R"(or[F = "1", F = "2"])"},
      {"All Of a*", R"(and[F = "1", F = "2"])"},
      {"1 of *1", R"(F = "1")"},
      {"1 of them", R"(or[F = "1", F = "2", F = "3"])"},
      {"all of them", R"(and[F = "1", F = "2", F = "3"])"},
      {"1 of _*", R"(F = "4")"},
      {"all of b", R"(F = "3")"},
      {"2 of them", R"(or[and[F = "1", F = "2"], and[F = "1", F = "3"], and[F = "2", F = "3"]])"},
      {"3 of them", R"(and[F = "1", F = "2", F = "3"])"},
      {"[a1, b]", R"(or[F = "1", F = "3"])"},
      {"a1 or (a2 or b)", R"(or[F = "1", F = "2", F = "3"])"},
      {"a1 and a1", R"(F = "1")"},
  };
  for (const Vector& vector : vectors) {
    EXPECT_EQ(condition(vector.yaml), vector.expected) << vector.yaml;
  }
}

TEST(Limits, OfOneRuleAreKept) {
  const auto repeated = [](const std::string& part, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += part;
    return text;
  };
  EXPECT_EQ(item("F: '" + repeated("*a", 256) + "'").substr(0, 6), "F like");
  EXPECT_EQ(item("F: '" + repeated("*a", 257) + "'"),
            "6:8: more than 256 wildcards in one value [limit]");
  EXPECT_EQ(item("F: '" + repeated("a*", 8'000) + "'"),
            "6:8: more than 256 wildcards in one value [limit]");
  EXPECT_EQ(item("F: '" + repeated("*", 10'000) + "'"), R"(F like "<*>")");
  EXPECT_EQ(item("F: '" + repeated("?", 10'000) + "'"),
            "6:8: more than 256 wildcards in one value [limit]");
  EXPECT_EQ(item("F: '" + repeated("a", kMaxValueBytes + 1) + "'"),
            "6:8: a value longer than 16384 bytes [limit]");

  // 33 values of 625 variants each are more than 20,000 predicates.
  std::string many = "F|windash: [";
  for (int i = 0; i < 33; ++i) many += "'-a -b -c -d" + std::to_string(i) + "',";
  EXPECT_NE(item(many + "]").find("the rule has more than 20000 predicates [limit]"),
            std::string::npos);
  std::string wide = "F|windash: [";
  for (int i = 0; i < 2; ++i) wide += "'-a -b -c -d" + std::string(9'000, 'x') + "',";
  EXPECT_NE(item(wide + "]").find("values are longer than 8388608 bytes [limit]"),
            std::string::npos);

  std::string choices = rule_with("");
  for (int i = 0; i < 40; ++i)
    choices += "  s" + std::to_string(i) + ": {F: " + std::to_string(i) + "}\n";
  EXPECT_EQ(compiled(choices + "  condition: 2 of s*").substr(0, 3), "or[");
  EXPECT_EQ(compiled(choices + "  condition: 20 of s*"),
            "1:1: '20 of s*' stands for more than 1024 combinations [limit]");
}

}  // namespace
}  // namespace catena::compile
