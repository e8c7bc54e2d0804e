// SPDX-License-Identifier: Apache-2.0
#include "rules/lint/linter.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "rules/lint/document.h"

namespace catena::lint {
namespace {

const std::string kHead =
    "title: A Rule\nlevel: low\nlogsource: {product: windows, category: process_creation}\n";

// "line:column-end code" of each finding; a leading "-" says that it is allowed.
std::vector<std::string> codes(const std::string& text, bool conventions = false) {
  const attack::AttackCatalog catalog;
  Taxonomy taxonomy;
  EXPECT_TRUE(taxonomy
                  .add_pack("taxonomy: 1\nsources:\n- {product: windows, category: "
                            "process_creation, fields: [Image, User]}",
                            "t.yml")
                  .ok());
  LintOptions options;
  options.with_conventions = conventions;
  Linter linter(options, catalog, taxonomy);
  const compile::RuleSource source = {"r.yml", text, std::nullopt, true};
  linter.add(source);
  std::vector<std::string> found;
  for (const Finding& finding : linter.take()) {
    found.push_back((finding.is_suppressed ? "-" : "") + std::to_string(finding.place.line) + ":" +
                    std::to_string(finding.place.column) + "-" +
                    std::to_string(finding.end.column) + " " + std::string(finding.code));
  }
  return found;
}

using Codes = std::vector<std::string>;

TEST(Linter, IsSilentAboutAGoodRule) {
  EXPECT_EQ(codes(kHead + "detection:\n  s: {Image: a}\n  condition: s\n"), Codes{});
}

TEST(Linter, GivesARefusedRuleAllItsFindings) {
  EXPECT_EQ(codes(kHead + "detection:\n  s:\n    Image|re: '('\n    User|contains: '*x'\n    "
                          "image: y\n    User|foo: z\n  condition: s and t\n"),
            (Codes{"6:16-17 regex", "7:21-22 idle-wildcard", "8:5-10 unknown-field",
                   "9:10-13 unknown-modifier", "10:20-21 names-nothing"}));
}

TEST(Linter, UnderlinesCharactersNotBytes) {
  EXPECT_EQ(codes(kHead + "detection:\n  s:\n    Image|contains: ['\xC3\xA4', '\xC3\xA4*']\n  "
                          "condition: s\n"),
            (Codes{"6:27-31 duplicate-value", "6:29-30 idle-wildcard"}));
}

TEST(Linter, ReadsWhatCommentsAllow) {
  const std::string start = kHead + "detection:\n  s:\n";
  const std::string end = "  condition: s\n";
  EXPECT_EQ(codes(start + "    User|contains: '*x'  # catena: allow idle-wildcard\n" + end),
            (Codes{"-6:21-22 idle-wildcard"}));
  EXPECT_EQ(codes(start +
                  "    # catena: allow any-value, idle-wildcard because\n    # and\n    "
                  "User|contains: '*x'\n" +
                  end),
            (Codes{"6:21-30 unused-allow", "-8:21-22 idle-wildcard"}));
  EXPECT_EQ(codes(start + "    User|contains: '*x#catena: allow idle-wildcard'\n" + end),
            (Codes{"6:21-22 idle-wildcard"}));
  EXPECT_EQ(codes("# catena: allow missing-level\n" + kHead.substr(0, 13) + kHead.substr(24) +
                  "detection:\n  s: {Image: a}\n  condition: s\n"),
            (Codes{"-2:8-14 missing-level"}));
  // An error stays an error.
  EXPECT_EQ(codes(start + "    User|foo: x  # catena: allow unknown-modifier\n" + end),
            (Codes{"6:10-13 unknown-modifier", "6:34-50 unused-allow"}));
}

TEST(Linter, LeavesPlaceholdersToTheLoader) {
  EXPECT_EQ(codes(kHead + "detection:\n  s: {Image|expand: '%x%'}\n  condition: s\n"), Codes{});
}

TEST(Linter, ComparesFilesByWhatTheyMean) {
  const std::string rule = kHead + "detection:\n  s: {Image: [a, b]}\n  condition: s\n";
  const std::string same = kHead + "detection:\n  s: {Image: [B, A]}\n  condition: s\n";
  const std::string other = kHead + "detection:\n  s: {Image|contains: [B, A]}\n  condition: s\n";
  EXPECT_EQ(codes(rule + "---\n" + same + "---\n" + other), (Codes{"8:8-14 duplicate-logic"}));
  EXPECT_EQ(codes(rule + "---\n" + other, true).size(),
            codes(rule, true).size() + codes(other, true).size() + 1 - 2);
}

TEST(Linter, TakesAnyYaml) {
  for (const char* text : {"", "a", "[a]", "a: b", "detection: x", "detection: []",
                           "title: {}\ndetection: {condition: {}}", "filter: x", "filter: {}",
                           "correlation: x", "correlation: {aliases: [x]}", "---\n---\n",
                           "logsource: []\ndetection: {s: , condition: s}\ntags: {a: b}"}) {
    codes(text);
    codes(text, true);
  }
}

TEST(Linter, IsBoundedOnHostileRules) {
  // One line of 40,000 equal values: the line's length counts, not its square.
  std::string list = "a";
  for (int i = 0; i < 40'000; ++i) list += ", '*a*'";
  const std::string text =
      kHead + "detection:\n  s: {Image|contains: [" + list + "]}\n  condition: s\n";
  EXPECT_EQ(codes(text).size(), kMaxFindingsPerFile);
  // Many alternatives that each could contradict each other.
  std::string detection = "detection:\n";
  std::string condition;
  for (int i = 0; i < 1'000; ++i) {
    const std::string name = "s" + std::to_string(i);
    detection += "  " + name + ": {Image: x, User: [a, b, c]}\n";
    condition += (i == 0 ? "" : " or ") + name + " and not s" + std::to_string((i * 7 + 1) % 1'000);
  }
  EXPECT_FALSE(codes(kHead + detection + "  condition: " + condition + "\n").empty());
}

TEST(Linter, PutsRefusalsIntoTheList) {
  const attack::AttackCatalog catalog;
  const Taxonomy taxonomy;
  Linter linter({}, catalog, taxonomy);
  const std::string text = kHead + "detection:\n  s: {Image|re: '('}\n  condition: s\n";
  const compile::RuleSource source = {"r.yml", text, std::nullopt, true};
  linter.add(source);
  compile::LoadReport report;
  using sigma::DiagnosticCode;
  using sigma::Severity;
  report.refused.push_back({Severity::kError, DiagnosticCode::kRegex, "r.yml", {5, 17}, "bad"});
  report.refused.push_back({Severity::kError, DiagnosticCode::kUnreadable, "gone.yml", {}, "gone"});
  report.refused.push_back({Severity::kError, DiagnosticCode::kDuplicateId, "r.yml", {1, 8}, "id"});
  report.refused.push_back({Severity::kError, DiagnosticCode::kPipeline, "p.yml", {1, 2}, "one"});
  report.refused.push_back({Severity::kError, DiagnosticCode::kPipeline, "p.yml", {1, 9}, "two"});
  report.warnings.push_back({Severity::kWarning, DiagnosticCode::kLint, "r.yml", {1, 1}, "hint"});
  linter.merge(report);
  const auto findings = linter.take();
  ASSERT_EQ(findings.size(), 5u);
  EXPECT_EQ(findings[0].code, "unreadable");
  EXPECT_EQ(findings[1].message + findings[2].message, "onetwo");
  EXPECT_EQ(findings[3].code, "duplicate-id");
  EXPECT_EQ(findings[3].line, "title: A Rule");
  EXPECT_EQ(findings[4].code, "regex");
  for (const Finding& finding : findings) EXPECT_TRUE(finding.is_refusal) << finding.message;
}

}  // namespace
}  // namespace catena::lint
