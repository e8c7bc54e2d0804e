// SPDX-License-Identifier: Apache-2.0
#include "rules/sigma/condition_parser.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

namespace catena::sigma {
namespace {

std::string shown(const Condition& condition, std::uint32_t index) {
  const ConditionNode& node = condition.nodes[index];
  std::string text;
  switch (node.kind) {
    case ConditionNode::Kind::kName:
      return node.name;
    case ConditionNode::Kind::kQuantified:
      return (node.count == 0 ? "all" : std::to_string(node.count)) + "<" +
             (node.is_them ? "them" : node.name) + ">";
    case ConditionNode::Kind::kNot:
      return "!" + shown(condition, node.children[0]);
    case ConditionNode::Kind::kAnd:
      text = "&";
      break;
    case ConditionNode::Kind::kOr:
      text = "|";
      break;
  }
  text += "(";
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    text += (i > 0 ? " " : "") + shown(condition, node.children[i]);
  }
  return text + ")";
}

// The tree, or "offset: message".
std::string parsed(std::string_view text) {
  Condition condition;
  if (const auto problem = parse_condition(text, condition)) {
    return std::to_string(problem->offset) + ": " + problem->message;
  }
  return shown(condition, condition.root);
}

std::string repeated(std::string_view part, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += part;
  return text;
}

TEST(ConditionParser, FollowsTheGrammar) {
  const std::pair<const char*, const char*> table[] = {
      {"a", "a"},
      {"  a\n", "a"},
      {"a and b", "&(a b)"},
      {"a and b and c", "&(a b c)"},
      {"a or b and c", "|(a &(b c))"},
      {"a and b or c", "|(&(a b) c)"},
      {"(a or b) and c", "&(|(a b) c)"},
      {"not a and b", "&(!a b)"},
      {"not (a and b)", "!&(a b)"},
      {"not not a", "a"},
      {"not not not a", "!a"},
      {"a AND b Or NOT c", "|(&(a b) !c)"},
      {"1 of them", "1<them>"},
      {"1 OF THEM", "1<them>"},
      {"all of sel*", "all<sel*>"},
      {"ALL of sel*", "all<sel*>"},
      {"any of sel_*_x", "1<sel_*_x>"},
      {"3 of *", "3<*>"},
      {"a and not 1 of f_*", "&(a !1<f_*>)"},
      {"all", "all"},  // a name, when no "of" follows
      {"1 or any", "|(1 any)"},
      {"(((a)))", "a"},
      {"a-b and c.d", "&(a-b c.d)"},
      {"(a)and(b)", "&(a b)"},
      {"android or nothing", "|(android nothing)"},
  };
  for (const auto& [text, expected] : table) EXPECT_EQ(parsed(text), expected) << text;
}

TEST(ConditionParser, SaysWhatIsWrongAndWhere) {
  const std::pair<const char*, const char*> table[] = {
      {"", "0: the condition ends too early"},
      {"   ", "3: the condition ends too early"},
      {"a and", "5: the condition ends too early"},
      {"a b", "2: unexpected 'b'"},
      {"and a", "0: unexpected 'and'"},
      {"a and or b", "6: unexpected 'or'"},
      {"(a", "2: a bracket is not closed"},
      {"(a b)", "3: unexpected 'b'"},
      {"a)", "1: unexpected ')'"},
      {"()", "1: unexpected ')'"},
      {"not", "3: the condition ends too early"},
      {"sel*", "0: 'sel*' is a pattern; write '1 of' or 'all of' before it"},
      {"1 of", "4: the condition ends too early"},
      {"1 of (a)", "5: unexpected '('"},
      {"1 of and", "5: unexpected 'and'"},
      {"0 of them", "0: '0' before 'of' is neither 'all', 'any' nor a count from 1"},
      {"some of them", "0: 'some' before 'of' is neither 'all', 'any' nor a count from 1"},
      {"99999999999 of them",
       "0: '99999999999' before 'of' is neither 'all', 'any' nor a count from 1"},
      {"them", "0: unexpected 'them'"},
      {"of", "0: unexpected 'of'"},
  };
  for (const auto& [text, expected] : table) EXPECT_EQ(parsed(text), expected) << text;
}

TEST(ConditionParser, RefusesWithdrawnAggregationsWithTheWayOut) {
  for (const char* text : {"a | count() by b > 5", "a|count()", "a | near b", "a near b"}) {
    Condition condition;
    const auto problem = parse_condition(text, condition);
    ASSERT_TRUE(problem.has_value()) << text;
    EXPECT_EQ(problem->code, DiagnosticCode::kLegacy) << text;
    EXPECT_NE(problem->message.find("rewrite the rule as a correlation rule"), std::string::npos);
  }
}

TEST(ConditionParser, KeepsItsLimits) {
  EXPECT_EQ(parsed(repeated("(", kMaxConditionDepth) + "a" + repeated(")", kMaxConditionDepth)),
            "a");
  EXPECT_EQ(
      parsed(repeated("(", kMaxConditionDepth + 1) + "a" + repeated(")", kMaxConditionDepth + 1)),
      "64: brackets nested deeper than 64 levels");
  EXPECT_EQ(parsed(std::string(kMaxConditionBytes + 1, ' ')), "0: longer than 65536 bytes");
  EXPECT_EQ(parsed(repeated("a or ", kMaxConditionTokens / 2) + "b"),
            "10240: more than 4096 words");
  EXPECT_EQ(parsed(repeated("not ", 4'000) + "a"), "a");
  const auto start = std::chrono::steady_clock::now();
  for (const char* part : {"(", "not ", "a and ", "1 of ", "|", ")", "a"}) {
    parsed(repeated(part, 60'000 / std::string(part).size()));
    parsed(repeated(part, 100'000));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
}

TEST(ConditionResolution, BindsNamesAndPatterns) {
  const std::vector<std::string_view> names = {"sel_a", "sel_b", "filter", "_hidden"};
  const auto bound = [&names](std::string_view text) {
    Condition condition;
    EXPECT_FALSE(parse_condition(text, condition).has_value());
    if (const auto problem = resolve_condition(names, condition)) {
      return std::to_string(problem->offset) + ": " + problem->message;
    }
    std::string result;
    for (const std::uint32_t i : condition.nodes[condition.root].identifiers) {
      result += std::to_string(i);
    }
    return result;
  };
  EXPECT_EQ(bound("filter"), "2");
  EXPECT_EQ(bound("1 of sel_*"), "01");
  EXPECT_EQ(bound("1 of them"), "012");
  EXPECT_EQ(bound("1 of *"), "012");
  EXPECT_EQ(bound("1 of _*"), "3");
  EXPECT_EQ(bound("1 of *_?"), "0: no search identifier matches '*_?'");
  EXPECT_EQ(bound("all of sel"), "0: no search identifier matches 'sel'");
  EXPECT_EQ(bound("all of xyz*"), "0: no search identifier matches 'xyz*'");
  EXPECT_EQ(bound("3 of sel*"), "0: '3 of sel*' can never hold: only 2 match");
  EXPECT_EQ(bound("filtre"), "0: there is no search identifier 'filtre'; did you mean 'filter'?");
  EXPECT_EQ(bound("Filter and x"),
            "0: there is no search identifier 'Filter'; did you mean 'filter'?");
  EXPECT_EQ(bound("xyz"), "0: there is no search identifier 'xyz'");
}

TEST(ConditionResolution, KeepsItsLimit) {
  std::vector<std::string> storage;
  for (int i = 0; i < 2'048; ++i) storage.push_back("s" + std::to_string(i));
  const std::vector<std::string_view> names(storage.begin(), storage.end());
  Condition condition;
  ASSERT_FALSE(parse_condition(repeated("1 of s* or ", 7) + "1 of s*", condition).has_value());
  EXPECT_FALSE(resolve_condition(names, condition).has_value());
  ASSERT_FALSE(parse_condition(repeated("1 of s* or ", 8) + "1 of s*", condition).has_value());
  const auto problem = resolve_condition(names, condition);
  ASSERT_TRUE(problem.has_value());
  EXPECT_EQ(problem->code, DiagnosticCode::kLimit);
}

TEST(NamePattern, MatchesStarsAtAnyPlace) {
  EXPECT_TRUE(matches_name_pattern("*", ""));
  EXPECT_TRUE(matches_name_pattern("a", "a"));
  EXPECT_TRUE(matches_name_pattern("a*", "a"));
  EXPECT_TRUE(matches_name_pattern("*a*b*", "xxaxxbxx"));
  EXPECT_TRUE(matches_name_pattern("s*_x", "s_x_x"));
  EXPECT_TRUE(matches_name_pattern("**a**", "bab"));
  EXPECT_FALSE(matches_name_pattern("a", "ab"));
  EXPECT_FALSE(matches_name_pattern("a*", "ba"));
  EXPECT_FALSE(matches_name_pattern("s*_x", "s_x_y"));
  EXPECT_FALSE(matches_name_pattern("A*", "a"));
  EXPECT_FALSE(matches_name_pattern("", "a"));
}

}  // namespace
}  // namespace catena::sigma
