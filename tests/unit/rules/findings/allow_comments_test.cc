// SPDX-License-Identifier: Apache-2.0
#include "rules/findings/allow_comments.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace catena::lint {
namespace {

// Which of the findings "code" on these lines are allowed, and what is added.
std::string applied(const std::string& text, const std::vector<std::uint32_t>& lines) {
  const SourceText source(text);
  std::vector<Finding> findings;
  for (const std::uint32_t line : lines) {
    Finding finding;
    finding.code = "any-value";
    finding.place = {line, 1};
    findings.push_back(finding);
  }
  AllowComments(source).apply("r.yml", findings);
  std::string out;
  for (const Finding& finding : findings) {
    out += (out.empty() ? "" : " ") + std::string(finding.code == "any-value" ? "" : finding.code) +
           std::to_string(finding.place.line) + (finding.is_suppressed ? "-" : "+");
  }
  return out;
}

TEST(AllowComments, ConcernTheirLineOrTheNextThatIsNoComment) {
  EXPECT_EQ(applied("a: b # catena: allow any-value\nc: d\n", {1, 2}), "1- 2+");
  EXPECT_EQ(applied("# catena: allow any-value\n  # more\na: b\nc: d\n", {3, 4}), "3- 4+");
  EXPECT_EQ(applied("# catena: allow unused-selection, any-value: a reason\na: b\n", {2}),
            "2- unused-allow1+");
  EXPECT_EQ(applied("a: b\n", {1}), "1+");
}

TEST(AllowComments, ReadOnlyWhatIsAComment) {
  EXPECT_EQ(applied("a: 'x# catena: allow any-value'\n", {1}), "1+");
  EXPECT_EQ(applied("a: b # catena: allow\n", {1}), "1+");
  EXPECT_EQ(applied("a: b # catena: allow any-values\n", {1}), "1+ unknown-allow1+");
}

TEST(AllowComments, AreBounded) {
  std::string text;
  for (std::size_t i = 0; i < AllowComments::kMaxAllowed + 10; ++i) {
    text += "a" + std::to_string(i) + ": b # catena: allow any-value\n";
  }
  const SourceText source(text);
  std::vector<Finding> findings;
  AllowComments(source).apply("r.yml", findings);
  EXPECT_EQ(findings.size(), AllowComments::kMaxAllowed);
}

}  // namespace
}  // namespace catena::lint
