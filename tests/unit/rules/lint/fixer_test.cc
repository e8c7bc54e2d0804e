// SPDX-License-Identifier: Apache-2.0
#include "rules/lint/fixer.h"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "rules/lint/linter.h"
#include "tests/support/fix_judge.h"

namespace catena::lint {
namespace {

const std::string kHead = "title: A Rule\nid: x\nlevel: low\nlogsource: {product: windows}\n";

std::vector<Finding> findings_of(const std::string& text) {
  const attack::AttackCatalog catalog;
  const Taxonomy taxonomy;
  LintOptions options;
  options.with_conventions = true;
  Linter linter(options, catalog, taxonomy);
  const compile::RuleSource source = {"r.yml", text, std::nullopt, true};
  linter.add(source);
  return linter.take();
}

FixedText fixed(const std::string& text, FixScope scope = FixScope::kSafe) {
  return apply_fixes(text, findings_of(text), scope, {});
}

TEST(Fixer, ChangesOnlyWhatAFindingNames) {
  const std::string before = kHead +
                             "# one\r\ndetection:   # two\r\n    s:\r\n        F|contains:\r\n"
                             "            - \"*a\"   # three\r\n            - \"*a\"\r\n"
                             "            -   'b*'\r\n\r\n    condition: s";
  const std::string after = kHead +
                            "# one\r\ndetection:   # two\r\n    s:\r\n        F|contains:\r\n"
                            "            - \"a\"   # three\r\n"
                            "            -   'b'\r\n\r\n    condition: s";
  const FixedText result = fixed(before);
  EXPECT_EQ(result.text, after);
  EXPECT_EQ(result.declined, 0u);
  EXPECT_EQ(test::program_of(before), test::program_of(after));
}

TEST(Fixer, LeavesATextWithoutFixesAlone) {
  const std::string text = kHead + "detection:\n  s: {F: a}\n  condition: s\n";
  EXPECT_EQ(fixed(text).text, text);
  EXPECT_EQ(fixed("a: [").text, "a: [");
  EXPECT_EQ(fixed("").text, "");
}

TEST(Fixer, DeclinesWhatWouldChangeTheMeaning) {
  const std::string text = kHead + "detection:\n  s: {F: 'a', G: b}\n  condition: s\n";
  const std::size_t at = text.find("'a'");
  Finding good;
  good.fix = Fix{"quote otherwise", {{{at, at + 1}, "\""}, {{at + 2, at + 3}, "\""}}, true};
  Finding bad;
  const std::size_t b = text.find("b}");
  bad.fix = Fix{"another value", {{{b, b + 1}, "c"}}, true};
  Finding outside;
  outside.fix = Fix{"beyond the end", {{{text.size(), text.size() + 1}, "c"}}, true};
  const FixedText result = apply_fixes(text, {good, bad, outside}, FixScope::kSafe, {});
  EXPECT_EQ(result.applied, 1u);
  EXPECT_EQ(result.declined, 1u);
  EXPECT_EQ(result.left, 1u);
  EXPECT_NE(result.text.find("F: \"a\", G: b"), std::string::npos);
}

TEST(Fixer, MakesNoPlainTextSomethingElse) {
  // Without its wildcard the text would be null, a number or an alias.
  for (const char* value : {"null*", "1*", "~*", "true*"}) {
    const std::string text =
        kHead + "detection:\n  s:\n    F|startswith: " + value + "\n  condition: s\n";
    const FixedText result = fixed(text);
    EXPECT_EQ(test::program_of(result.text), test::program_of(text)) << value;
  }
}

TEST(Fixer, RepairsWhatWasRefusedWhenThereIsOneReading) {
  const std::string text = kHead +
                           "detection:\n  s:\n    F|Contains: a\n    G|contains|all: b\n  "
                           "condition: s\n";
  const FixedText result = fixed(text);
  EXPECT_NE(result.text.find("F|contains: a\n    G|contains: b\n"), std::string::npos);
  EXPECT_EQ(test::program_of(text), "refused");
  EXPECT_NE(test::program_of(result.text), "refused");
}

TEST(Fixer, ChangesTheMeaningOnlyWhenAskedTo) {
  const std::string text =
      kHead + "detection:\n  s:\n    F|containz: a\n  condition: s\nfalsepositive: [x]\n";
  EXPECT_EQ(fixed(text).text, text);
  const std::string all = fixed(text, FixScope::kAll).text;
  EXPECT_NE(all.find("F|contains: a"), std::string::npos);
  EXPECT_NE(all.find("falsepositives: [x]"), std::string::npos);
}

TEST(Fixer, LeavesAllItsSecondValue) {
  const std::string text = kHead +
                           "detection:\n  s:\n    F|contains|all:\n      - a\n      - A\n  "
                           "condition: s\n";
  EXPECT_EQ(fixed(text).text, text);
  EXPECT_EQ(fixed(text).declined, 0u);
}

TEST(Fixer, LeavesAllowedFindingsAlone) {
  const std::string text = kHead +
                           "detection:\n  s:\n    F|contains: '*a'  # catena: allow "
                           "idle-wildcard\n  condition: s\n";
  EXPECT_EQ(fixed(text).text, text);
}

// Rules of random items over few words, so that wildcards, repetitions and modifiers meet.
class RandomRule {
 public:
  explicit RandomRule(std::uint32_t seed) : random_(seed) {}

  std::string text() {
    std::string rule = kHead + "tags: [attack.t1059]\ndetection:\n";
    const int identifiers = 1 + pick(2);
    for (int i = 0; i <= identifiers; ++i) {
      rule += "    s" + std::to_string(i) + ":\n";
      for (int field = 0; field <= pick(2); ++field) item(rule, "F" + std::to_string(field));
    }
    return rule + "    condition: 1 of s*\n";
  }

 private:
  int pick(int most) { return static_cast<int>(random_() % static_cast<unsigned>(most + 1)); }

  void item(std::string& rule, const std::string& field) {
    static const char* const kModifiers[] = {
        "",       "|contains",         "|startswith", "|endswith", "|contains|all",
        "|cased", "|windash|contains", "|all",        "|neq",      "|re"};
    rule += "        " + field + kModifiers[pick(9)] + ":";
    const int values = pick(4);
    if (values == 0) {
      rule += " " + value() + "\n";
      return;
    }
    rule += "\n";
    for (int i = 0; i <= values; ++i) {
      rule += "            - " + value() + (pick(5) == 0 ? "  # note" : "") + "\n";
    }
  }

  std::string value() {
    static const char* const kPieces[] = {"*", "a", "B", "\\", "?", " -x", "1", "*", "''", "-"};
    std::string text;
    for (int i = 0; i <= pick(4); ++i) text += kPieces[pick(9)];
    switch (pick(3)) {
      case 0: {
        std::string escaped;
        for (const char c : text) escaped += c == '\\' ? std::string("\\\\") : std::string(1, c);
        return "\"" + escaped + "\"";
      }
      default:
        return "'" + text + "'";
    }
  }

  std::mt19937 random_;
};

TEST(Fixer, NeverChangesWhatIsCompiled) {
  std::size_t changed = 0;
  std::size_t declined = 0;
  for (std::uint32_t seed = 0; seed < 3'000; ++seed) {
    const std::string text = RandomRule(seed).text();
    const FixedText result = fixed(text);
    declined += result.declined;
    if (result.text == text) continue;
    ++changed;
    const std::string before = test::program_of(text);
    const std::string after = test::program_of(result.text);
    if (before == "refused") continue;
    ASSERT_EQ(before, after) << text << "\nbecame\n" << result.text;
  }
  EXPECT_GT(changed, 500u);
  EXPECT_LT(declined, 15u);  // fixes that the checks should not have offered as safe
}

}  // namespace
}  // namespace catena::lint
