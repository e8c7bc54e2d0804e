// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/value_modifiers.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "tests/unit/rules/compile/compiled_text.h"

namespace catena::compile {
namespace {

TEST(Modifiers, CompareTexts) {
  const Vector vectors[] = {
      {"F|contains: A", R"(F contains "a")"},
      {"F|startswith: A", R"(F starts "a")"},
      {"F|endswith: A", R"(F ends "a")"},
      {"F|contains: 'a*b'", R"(F like "<*>a<*>b<*>")"},
      {"F|contains: '*a*'", R"(F contains "a")"},
      {"F|startswith: '*a'", R"(F contains "a")"},
      {"F|endswith: '?a'", R"(F like "<*><?>a")"},
      {"F|contains: 7", R"(F contains "7")"},
      {"F|contains: ''", R"(F like "<*>")"},
      {R"(F|endswith: '\\cmd.exe')", R"(F ends "\cmd.exe")"},
      {R"(F|startswith: 'C:\Temp\')", R"(F starts "c:\temp\")"},
      {"F|cased: AbC", R"(F = cased "AbC")"},
      {"F|contains|cased: AbC", R"(F contains cased "AbC")"},
      {"F|cased|contains: AbC", R"(F contains cased "AbC")"},
      {"F|contains|all: [A, b]", R"(and[F contains "a", F contains "b"])"},
      {"F|all|contains: [A, b]", R"(and[F contains "a", F contains "b"])"},
  };
  for (const Vector& vector : vectors) EXPECT_EQ(item(vector.yaml), vector.expected) << vector.yaml;
}

TEST(Modifiers, CompareNumbersTimesNetworksAndFields) {
  const Vector vectors[] = {
      {"F|gt: 1", "F > 1"},
      {"F|gte: -5", "F >= -5"},
      {"F|lt: 9007199254740993", "F < 9007199254740993"},
      {"F|lte: 1.5", "F <= 1.500000"},
      {"F|gt: '10'", "F > 10"},
      {"F|gt: +3", "F > 3"},
      {"F|gt|neq: 1", "not(F > 1)"},
      {"F|cidr: 10.0.0.0/8", "F in /104"},
      {"F|cidr: [10.1.2.3/8, 'fe80::/10']", "or[F in /104, F in /10]"},
      {"F|exists: true", "F exists"},
      {"F|exists: false", "not(F exists)"},
      {"F|exists: 'True'", "F exists"},
      {"F|exists|neq: true", "not(F exists)"},
      {"F|fieldref: G", "F = field G"},
      {"F|fieldref: 'a.b\\c'", "F = field a.b\\c"},
      {"F|fieldref|cased: G", "F = cased field G"},
      {"F|fieldref|contains: G", "F contains field G"},
      {"F|fieldref|startswith: G", "F starts field G"},
      {"F|endswith|fieldref: G", "F ends field G"},
      {"F|fieldref|neq: G", "not(F = field G)"},
      {"F|fieldref: [G, H]", "or[F = field G, F = field H]"},
      {"F|minute: 0", "F time minute = 0"},
      {"F|hour: 23", "F time hour = 23"},
      {"F|day: 31", "F time day = 31"},
      {"F|week: 53", "F time week = 53"},
      {"F|month|gte: 6", "F time month >= 6"},
      {"F|year|lt: 2020", "F time year < 2020"},
      {"F|hour: [1, 2]", "or[F time hour = 1, F time hour = 2]"},
  };
  for (const Vector& vector : vectors) EXPECT_EQ(item(vector.yaml), vector.expected) << vector.yaml;
}

TEST(Modifiers, SearchRegularExpressions) {
  const Vector vectors[] = {
      {R"(F|re: 'A\d+')", R"(F re "A\d+")"},
      {R"(F|re: '\\*a')", R"(F re "\\*a")"},
      {"F|re|i: abc", R"(F re "(?i)abc")"},
      {"F|re|m|s: ^abc$", R"(F re "(?ms)^abc$")"},
      {"F|re|ignorecase|multiline|dotall: abc", R"(F re "(?ims)abc")"},
      {"F|re: 5", R"(F re "5")"},
      {"F|re|contains: abc", R"(F re "abc")"},
      {"F|re|neq: abc", R"(not(F re "abc"))"},
      {"F|re|all: [abc, def]", R"(and[F re "abc", F re "def"])"},
  };
  for (const Vector& vector : vectors) EXPECT_EQ(item(vector.yaml), vector.expected) << vector.yaml;
}

TEST(Modifiers, EncodeFromLeftToRight) {
  const Vector vectors[] = {
      {"F|base64|cased: foobar", R"(F = cased "Zm9vYmFy")"},
      {"F|base64: foobar", R"(F = "zm9vymfy")"},  // an encoded needle is a Sigma string too
      {"F|base64|cased|contains: foob", R"(F contains cased "Zm9vYg==")"},
      {"F|base64offset|contains|cased: foobar",
       R"(or[F contains cased "Zm9vYmFy", F contains cased "Zvb2Jhc", )"
       R"(F contains cased "mb29iYX"])"},
      {"F|wide|base64offset|contains|cased: ping",
       R"(or[F contains cased "cABpAG4AZw", F contains cased "AAaQBuAGcA", )"
       R"(F contains cased "wAGkAbgBnA"])"},
      {"F|utf16le|base64|cased: ab", R"(F = cased "YQBiAA==")"},
      {"F|utf16be|base64|cased: ab", R"(F = cased "AGEAYg==")"},
      {"F|utf16|base64|cased: ab", R"(F = cased "//5hAGIA")"},
      {"F|wide|base64|cased: '\u00e4'", R"(F = cased "5AA=")"},
      {"F|wide|base64|cased: '\U0001F600'", R"(F = cased "PdgA3g==")"},
      {R"(F|base64|cased: '\\\*')", R"(F = cased "XCo=")"},
  };
  for (const Vector& vector : vectors) EXPECT_EQ(item(vector.yaml), vector.expected) << vector.yaml;
  EXPECT_EQ(item("F|wide|contains: ab"), "F contains \"" + std::string("a\0b\0", 4) + "\"");
  EXPECT_EQ(item("F|wide|contains: 'a*b'"),
            "F like \"<*>" + std::string("a\0", 2) + "<*>" + std::string("b\0", 2) + "<*>\"");
}

TEST(Modifiers, WinDashReplacesOptionDashes) {
  EXPECT_EQ(item("F|windash|contains: ' -s '"),
            "or[F contains \" -s \", F contains \" /s \", F contains \" \u2013s \", "
            "F contains \" \u2014s \", F contains \" \u2015s \"]");
  EXPECT_EQ(item("F|contains|windash: /f"),
            "or[F contains \"-f\", F contains \"/f\", F contains \"\u2013f\", "
            "F contains \"\u2014f\", F contains \"\u2015f\"]");
  // Only where an option starts: not within words, not before a blank.
  EXPECT_EQ(item("F|windash: 'a-b - c- --'"), R"(F = "a-b - c- --")");
  // Every combination of two dashes.
  const std::string two = item("F|windash: '-a /b'");
  EXPECT_NE(two.find("\"\u2013a -b\""), std::string::npos);
  EXPECT_NE(two.find("\"/a \u2015b\""), std::string::npos);
  EXPECT_EQ(std::count(two.begin(), two.end(), '='), 25);
}

TEST(Modifiers, WinDashHasABound) {
  EXPECT_EQ(item("F|windash: '-a -b -c -d'").substr(0, 3), "or[");
  EXPECT_EQ(item("F|windash: '-a -b -c -d -e'"),
            "6:16: 'windash' makes more than 1000 variants of this value; split it [limit]");
}

TEST(Modifiers, ExpandNeedsAValueForEveryPlaceholder) {
  CompileOptions options;
  options.placeholders["Servers"] = {"srv*", "dc01"};
  options.placeholders["Empty"] = {};
  EXPECT_EQ(item("F|expand: '%Servers%'", options), R"(or[F starts "srv", F = "dc01"])");
  EXPECT_EQ(item("F|contains|expand: 'x%Servers%y'", options),
            R"(or[F like "<*>xsrv<*>y<*>", F contains "xdc01y"])");
  EXPECT_EQ(item("F|expand: '%Servers%-%Servers%'", options),
            R"(or[F like "srv<*>-srv<*>", F like "srv<*>-dc01", F starts "dc01-srv", )"
            R"(F = "dc01-dc01"])");
  EXPECT_EQ(item(R"(F|expand: '\%plain%Servers%')", options),
            R"(or[F starts "%plainsrv", F = "%plaindc01"])");
  EXPECT_EQ(item("F|expand: '100%'", options), R"(F = "100%")");
  EXPECT_EQ(item("F: '%Servers%'", options), R"(F = "%servers%")");
  EXPECT_EQ(item("F|expand: '%servers%'", options),
            "6:15: placeholder '%servers%' has no value [placeholder]");
  EXPECT_EQ(item("F|contains|expand: ['a', '%Empty%']", options),
            "6:30: placeholder '%Empty%' has no value [placeholder]");
}

TEST(Modifiers, ExpandHasABound) {
  CompileOptions options;
  options.placeholders["x"] = std::vector<std::string>(40, "v");
  for (std::size_t i = 0; i < 40; ++i) options.placeholders["x"][i] += std::to_string(i);
  EXPECT_EQ(item("F|expand: '%x%'", options).substr(0, 3), "or[");
  EXPECT_EQ(item("F|expand: '%x%%x%'", options),
            "6:15: 'expand' makes more than 1000 variants of this value; split it [limit]");
}

TEST(Items, AreRefusedWithPlaceAndReason) {
  const Vector vectors[] = {
      {"F|containz: a",
       "6:7: unknown modifier 'containz'; did you mean 'contains'? [unknown-modifier]"},
      {"'F|base64|ofset': a", "6:15: unknown modifier 'ofset' [unknown-modifier]"},
      {"F|Contains: a",
       "6:7: unknown modifier 'Contains'; did you mean 'contains'? [unknown-modifier]"},
      {"F|: a", "6:7: unknown modifier '' [unknown-modifier]"},
      {"F|all: a", "6:5: 'all' needs a list of two values or more [all-with-one-value]"},
      {"F|contains|all: [a]", "6:5: 'all' needs a list of two values or more [all-with-one-value]"},
      {"'|all': [a]", "6:5: 'all' needs a list of two values or more [all-with-one-value]"},
      {"F: [a, null]",
       "6:12: null cannot be one of several values; give it a search identifier of its own "
       "[null-in-list]"},
      {"F|contains: null", "6:17: 'contains' cannot be applied to null [value]"},
      {"F|contains:", "6:16: 'contains' cannot be applied to null [value]"},
      {"F|fieldref: 'G*'", "6:17: 'fieldref' needs the name of one field, not a pattern [value]"},
      {"F|fieldref: null", "6:17: 'fieldref' cannot be applied to null [value]"},
      {"F: []", "6:8: the list is empty [schema]"},
      {"F: {a: b}", "6:8: a value is a mapping; expected a text or list [schema]"},
      {"F: [[a]]", "6:9: a list of values holds a list or mapping [schema]"},
      {"[[a]]", "6:6: a list inside a list [schema]"},
      {"{}", "6:5: the mapping is empty [schema]"},
      {"[]", "6:5: the list is empty [schema]"},
      {"'': a", "6:5: a field name is empty [schema]"},
      {"F|i: a", "6:7: 'i' is a flag of 're' and must follow it [modifier]"},
      {"F|contains|re: a", "6:16: 're' must be the first modifier of the value [modifier]"},
      {"F|re: ''", "6:11: the regular expression is empty [value]"},
      {"F|re: '(?=a)b'",
       "6:11: the regular expression is refused: invalid perl operator: (?= [regex]"},
      {R"(F|re: '(a)\1')",
       R"(6:11: the regular expression is refused: invalid escape sequence: \1 [regex])"},
      {"F|re: '(a'", "6:11: the regular expression is refused: missing ): (a [regex]"},
      {"F|re|startswith: a",
       "6:10: write ^ or $ into the regular expression instead of 'startswith' [modifier]"},
      {"F|re|expand: a", "6:10: 'expand' cannot follow the modifiers before it [modifier]"},
      {"F|cidr: 10.0.0.0/33", "6:13: '10.0.0.0/33' is not an IP network [value]"},
      {"F|cidr: host/8", "6:13: 'host/8' is not an IP network [value]"},
      {"F|contains|cidr: 10.0.0.0/8",
       "6:16: 'cidr' must be the first modifier of the value [modifier]"},
      {"F|exists: maybe", "6:15: 'exists' needs true or false [value]"},
      {"F|exists: [true, false]", "6:16: 'exists' needs true or false [value]"},
      {"F|gt: abc", "6:11: 'gt' needs a decimal number [value]"},
      {"F|gt: 0x10", "6:11: 'gt' needs a decimal number [value]"},
      {"F|lt: nan", "6:11: 'lt' needs a decimal number [value]"},
      {"F|lt: 1e999", "6:11: 'lt' needs a decimal number [value]"},
      {"F|gt|lt: 1", "6:10: 'lt' cannot follow the modifiers before it [modifier]"},
      {"F|contains|gt: 1", "6:16: 'gt' cannot follow the modifiers before it [modifier]"},
      {"F|gt|contains: 1", "6:10: 'contains' cannot follow the modifiers before it [modifier]"},
      {"F|hour: 24", "6:13: 'hour' needs an integer from 0 to 23 [value]"},
      {"F|week: 0", "6:13: 'week' needs an integer from 1 to 53 [value]"},
      {"F|month: 1.5", "6:14: 'month' needs an integer from 1 to 12 [value]"},
      {"F|base64: 'a*'", "6:15: 'base64' cannot encode a wildcard [value]"},
      {"F|contains|base64: 'a'",
       "6:24: 'base64' cannot encode a wildcard; write contains, startswith or endswith after it "
       "[value]"},
      {"F|base64offset: a", "6:21: the value is too short for 'base64offset' [value]"},
      {"F|utf16: a",
       "6:14: the utf16 form of this value is not text, so no event can hold it; add base64 or "
       "base64offset [value]"},
      {"F|wide: '\u00e4'",
       "6:13: the utf16 form of this value is not text, so no event can hold it; add base64 or "
       "base64offset [value]"},
      {"'|exists': true",
       "6:16: keywords can be compared as text or by regular expression only [modifier]"},
      {"'|gt': 1",
       "6:12: keywords can be compared as text or by regular expression only [modifier]"},
      {"- ''", "6:7: an empty keyword [value]"},
      {"- null", "6:7: a keyword is null [value]"},
  };
  for (const Vector& vector : vectors) EXPECT_EQ(item(vector.yaml), vector.expected) << vector.yaml;
}

}  // namespace
}  // namespace catena::compile
