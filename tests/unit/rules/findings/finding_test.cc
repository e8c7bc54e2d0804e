// SPDX-License-Identifier: Apache-2.0
#include "rules/findings/finding.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace catena::lint {
namespace {

TEST(Finding, CodesAreUniqueAndExplained) {
  std::set<std::string_view> names;
  for (const CodeInfo& code : all_codes()) {
    EXPECT_TRUE(names.insert(code.name).second) << code.name;
    EXPECT_TRUE(code.about.ends_with('.')) << code.name;
    EXPECT_EQ(code.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"),
              std::string_view::npos)
        << code.name;
    EXPECT_EQ(find_code(code.name), &code);
  }
  EXPECT_EQ(find_code("no-such-code"), nullptr);
}

TEST(Finding, EveryCodeOfTheLoaderIsKnown) {
  for (int i = 0; i <= static_cast<int>(sigma::DiagnosticCode::kLint); ++i) {
    const auto name = diagnostic_code_name(static_cast<sigma::DiagnosticCode>(i));
    EXPECT_NE(find_code(name), nullptr) << name;
  }
}

TEST(Finding, IsMadeOfADiagnostic) {
  const Finding finding = finding_of(
      {sigma::Severity::kError, sigma::DiagnosticCode::kRegex, "a.yml", {3, 4}, "wrong"});
  EXPECT_EQ(finding.code, "regex");
  EXPECT_EQ(finding.level, Level::kError);
  EXPECT_TRUE(finding.is_refusal);
  EXPECT_EQ(finding.place.line, 3u);
  const Finding hint =
      finding_of({sigma::Severity::kWarning, sigma::DiagnosticCode::kLint, "a.yml", {}, "hm"});
  EXPECT_EQ(hint.level, Level::kWarning);
  EXPECT_FALSE(hint.is_refusal);
  EXPECT_TRUE(is_before(hint, finding));
  EXPECT_EQ(level_name(Level::kNote), "note");
}

}  // namespace
}  // namespace catena::lint
