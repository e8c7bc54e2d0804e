// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/predicate_maker.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "tests/unit/rules/compile/compiled_text.h"

namespace catena::compile {
namespace {

TEST(Values, AreTextWithWildcardsAndEscapes) {
  const Vector vectors[] = {
      {"F: abc", R"(F = "abc")"},
      {"F: 'AbC'", R"(F = "abc")"},
      {"F: 4624", R"(F = "4624")"},
      {"F: 0x17", R"(F = "0x17")"},
      {"F: 007", R"(F = "007")"},
      {"F: 1.50", R"(F = "1.50")"},
      {"F: true", R"(F = "true")"},
      {"F: True", R"(F = "true")"},
      {"F: yes", R"(F = "yes")"},
      {"F: ''", R"(F = "")"},
      {"F: null", "F null"},
      {"F:", "F null"},
      {"F: ~", "F null"},
      {"F: 'null'", R"(F = "null")"},
      {"F: '*'", R"(F like "<*>")"},
      {"F: '**'", R"(F like "<*>")"},
      {"F: 'a*'", R"(F starts "a")"},
      {"F: '*a'", R"(F ends "a")"},
      {"F: '*a*'", R"(F contains "a")"},
      {"F: 'a*b'", R"(F like "a<*>b")"},
      {"F: 'a?'", R"(F like "a<?>")"},
      {"F: '?'", R"(F like "<?>")"},
      {R"(F: 'a\*')", R"(F = "a*")"},
      {R"(F: 'a\?b')", R"(F = "a?b")"},
      {R"(F: 'a\\*')", R"(F starts "a\")"},
      {R"(F: 'a\\\*')", R"(F = "a\*")"},
      {R"(F: '\\server')", R"(F = "\server")"},
      {R"(F: '\server')", R"(F = "\server")"},
      {R"(F: '\\\server')", R"(F = "\\server")"},
      {R"(F: '\\\\server')", R"(F = "\\server")"},
      {R"(F: 'c:\dir\')", R"(F = "c:\dir\")"},
      {"F: '\u212AELVIN'", R"(F = "kelvin")"},
      {"F: 'STRA\u00DFE'", "F = \"stra\u00DFe\""},
      {"F: '\u0130'", "F = \"\u0130\""},
      {"a.b.c: x", R"(a.b.c = "x")"},
      {"Field Name: x", R"(Field Name = "x")"},
  };
  for (const Vector& vector : vectors) EXPECT_EQ(item(vector.yaml), vector.expected) << vector.yaml;
}

TEST(Keywords, SearchTheWholeEvent) {
  const Vector vectors[] = {
      {"- EvilService", R"(any contains "evilservice")"},
      {"[a, 'b c', 4624]", R"(or[any contains "a", any contains "b c", any contains "4624"])"},
      {"'|all': [a, b]", R"(and[any contains "a", any contains "b"])"},
      {"'|contains|all': [a, b]", R"(and[any contains "a", any contains "b"])"},
      {"- 'a*b'", R"(any like "<*>a<*>b<*>")"},
      {"- '*a'", R"(any contains "a")"},
      {"'|startswith': [a, b]", R"(or[any starts "a", any starts "b"])"},
      {"'|cased': [A, b]", R"(or[any contains cased "A", any contains cased "b"])"},
      {R"('|re': '\d+x')", R"(any re "\d+x")"},
      {"[a, {F: b}, c]", R"(or[any contains "a", F = "b", any contains "c"])"},
      {"{'|all': [a, b], F: c}", R"(and[any contains "a", any contains "b", F = "c"])"},
  };
  for (const Vector& vector : vectors) EXPECT_EQ(item(vector.yaml), vector.expected) << vector.yaml;
  EXPECT_EQ(compiled(rule_with("  k: plain\n  condition: k")), R"(any contains "plain")");
}

}  // namespace
}  // namespace catena::compile
