// SPDX-License-Identifier: Apache-2.0
#include "rules/processing/condition_expression.h"

#include <gtest/gtest.h>

namespace catena::processing {
namespace {

// Truth of the expression when exactly the named conditions hold, or what is wrong with it.
std::string value(const std::string& text, const std::string& holding) {
  const std::vector<std::string> names = {"a", "b"};
  ConditionExpression expression;
  if (const auto problem = expression.parse(text, names)) {
    return std::to_string(problem->offset) + ": " + problem->message;
  }
  return expression.evaluate(
             [&](std::size_t i) { return holding.find(names[i]) != std::string::npos; })
             ? "true"
             : "false";
}

TEST(ConditionExpression, BindsNotBeforeAndBeforeOr) {
  EXPECT_EQ(value("a and b", "ab"), "true");
  EXPECT_EQ(value("a and b", "a"), "false");
  EXPECT_EQ(value("a or b", "b"), "true");
  EXPECT_EQ(value("not a and b", "b"), "true");
  EXPECT_EQ(value("not (a and b)", "a"), "true");
  EXPECT_EQ(value("not not a and b", "ab"), "true");
  EXPECT_EQ(value("a or b and not b", "a"), "true");
  EXPECT_EQ(value("(a or b) and not b", "b"), "false");
}

TEST(ConditionExpression, SaysWhatIsWrong) {
  EXPECT_EQ(value("a and", ""), "5: ends too early");
  EXPECT_EQ(value("", ""), "0: ends too early");
  EXPECT_EQ(value("a and c", ""), "6: there is no condition 'c'");
  EXPECT_EQ(value("a", ""), "0: does not mention the condition 'b'");
  EXPECT_EQ(value("(a or b", ""), "7: ends too early");
  EXPECT_EQ(value("a or b)", ""), "6: unexpected ')'");
  EXPECT_EQ(value("a b", ""), "2: unexpected 'b'");
  EXPECT_EQ(value("a & b", ""), "2: unexpected '&'");
}

TEST(ConditionExpression, HasBounds) {
  const std::string deep(kMaxConditionNesting, '(');
  EXPECT_NE(value(deep + "a", "").find("nested too deeply"), std::string::npos);
  std::string nots;
  for (std::size_t i = 0; i <= kMaxConditionNesting; ++i) nots += "not ";
  EXPECT_NE(value(nots + "a", "").find("nested too deeply"), std::string::npos);
  EXPECT_NE(value(std::string(kMaxExpressionBytes, ' ') + "a", "").find("longer than"),
            std::string::npos);
}

}  // namespace
}  // namespace catena::processing
