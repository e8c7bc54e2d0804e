// SPDX-License-Identifier: Apache-2.0
#include "rules/sigma/diagnostic.h"

#include <set>

#include <gtest/gtest.h>

namespace catena::sigma {
namespace {

TEST(Diagnostic, IsOneLineWithItsPlace) {
  const Diagnostic error{
      Severity::kError, DiagnosticCode::kUnknownModifier, "a.yml", {3, 14}, "wrong"};
  EXPECT_EQ(error.to_string(), "a.yml:3:14: error: wrong [unknown-modifier]");
  const Diagnostic warning{Severity::kWarning, DiagnosticCode::kUnreadable, "a.yml", {}, "gone"};
  EXPECT_EQ(warning.to_string(), "a.yml: warning: gone [unreadable]");
}

TEST(Diagnostic, HasADifferentNameForEveryCode) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(DiagnosticCode::kLint); ++i) {
    names.insert(diagnostic_code_name(static_cast<DiagnosticCode>(i)));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(DiagnosticCode::kLint) + 1);
  EXPECT_EQ(diagnostic_code_name(DiagnosticCode::kLint), "lint");
}

}  // namespace
}  // namespace catena::sigma
