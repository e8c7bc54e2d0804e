// SPDX-License-Identifier: Apache-2.0
#include "engine/plan/rule_set_builder.h"

#include <gtest/gtest.h>

namespace catena::plan {
namespace {

class RuleSetBuilderTest : public ::testing::Test {
 protected:
  Predicate equals(const char* field, const char* text) {
    Predicate predicate;
    predicate.field = catalog_.intern(field);
    predicate.text = text;
    return predicate;
  }
  static Rule rule(const char* id, NodeIndex root) {
    Rule result;
    result.id = id;
    result.title = id;
    result.log_source.product = "windows";
    result.root = root;
    return result;
  }
  static Node::Kind kind(const RuleSet& set, std::size_t rule) {
    return set.nodes[set.rules[rule].root].kind;
  }

  FieldCatalog catalog_;
  RuleSetBuilder builder_{catalog_};
};

TEST_F(RuleSetBuilderTest, StoresEqualPredicatesAndExpressionsOnce) {
  const NodeIndex a = builder_.add_predicate(equals("F", "a"));
  const NodeIndex b = builder_.add_predicate(equals("F", "b"));
  EXPECT_EQ(builder_.add_predicate(equals("F", "a")), a);
  EXPECT_NE(builder_.add_predicate(equals("G", "a")), a);
  EXPECT_EQ(builder_.add_and({a, b}), builder_.add_and({a, b}));
  EXPECT_NE(builder_.add_and({a, b}), builder_.add_or({a, b}));
  EXPECT_EQ(builder_.add_not(a), builder_.add_not(a));
}

TEST_F(RuleSetBuilderTest, TellsPredicatesApartByEverythingThatDecides) {
  const Predicate base = equals("F", "a");
  std::vector<Predicate> different(10, base);
  different[0].op = Op::kContains;
  different[1].cased = true;
  different[2].any_field = true;
  different[3].other_field = catalog_.intern("G");
  different[4].time_part = TimePart::kYear;
  different[5].time_op = Op::kLess;
  different[6].number.integer = 1;
  different[7].number.real = 1;
  different[8].network.prefix_length = 8;
  different[9].wildcard = {{WildcardPart::Kind::kAnyOne, ""}};
  for (std::size_t i = 0; i < different.size(); ++i) {
    EXPECT_NE(predicate_key(different[i], catalog_), predicate_key(base, catalog_)) << i;
  }
}

TEST_F(RuleSetBuilderTest, Simplifies) {
  const NodeIndex a = builder_.add_predicate(equals("F", "a"));
  const NodeIndex b = builder_.add_predicate(equals("F", "b"));
  const NodeIndex c = builder_.add_predicate(equals("F", "c"));
  const NodeIndex yes = builder_.add_constant(true);
  const NodeIndex no = builder_.add_constant(false);
  EXPECT_EQ(builder_.add_and({a}), a);
  EXPECT_EQ(builder_.add_or({a, a}), a);
  EXPECT_EQ(builder_.add_and({a, builder_.add_and({b, c})}), builder_.add_and({a, b, c}));
  EXPECT_EQ(builder_.add_or({builder_.add_or({a, b}), c, a}), builder_.add_or({a, b, c}));
  EXPECT_EQ(builder_.add_not(builder_.add_not(a)), a);
  EXPECT_EQ(builder_.add_and({a, yes}), a);
  EXPECT_EQ(builder_.add_and({a, no}), no);
  EXPECT_EQ(builder_.add_or({a, yes}), yes);
  EXPECT_EQ(builder_.add_or({a, no}), a);
  EXPECT_EQ(builder_.add_and({}), yes);
  EXPECT_EQ(builder_.add_or({}), no);
  EXPECT_EQ(builder_.add_not(yes), no);
  EXPECT_EQ(builder_.add_not(no), yes);
}

TEST_F(RuleSetBuilderTest, DoesNotCopyLongGroupsIntoTheirParents) {
  std::vector<NodeIndex> many;
  for (std::size_t i = 0; i <= kMaxFlattenedChildren; ++i) {
    many.push_back(builder_.add_predicate(equals("F", std::to_string(i).c_str())));
  }
  const NodeIndex group = builder_.add_or(many);
  const NodeIndex other = builder_.add_predicate(equals("G", "x"));
  builder_.add_rule(rule("r", builder_.add_or({group, other})));
  const RuleSet set = builder_.build();
  EXPECT_EQ(set.nodes[set.rules[0].root].count, 2u);
}

TEST_F(RuleSetBuilderTest, LeavesOutWhatNoRuleReaches) {
  const NodeIndex a = builder_.add_predicate(equals("F", "a"));
  const NodeIndex unused = builder_.add_predicate(equals("F", "unused"));
  const NodeIndex b = builder_.add_predicate(equals("F", "b"));
  builder_.add_and({unused, a});
  builder_.add_rule(rule("r", builder_.add_and({a, builder_.add_not(b)})));
  const RuleSet set = builder_.build();
  ASSERT_EQ(set.predicates.size(), 2u);
  EXPECT_EQ(set.predicates[0].text, "a");
  EXPECT_EQ(set.predicates[1].text, "b");
  EXPECT_EQ(set.nodes.size(), 4u);
  EXPECT_EQ(set.children.size(), 3u);
  const Node& root = set.nodes[set.rules[0].root];
  ASSERT_EQ(root.kind, Node::Kind::kAnd);
  EXPECT_EQ(set.nodes[set.children[root.first]].kind, Node::Kind::kPredicate);
  const Node& negation = set.nodes[set.children[root.first + 1]];
  ASSERT_EQ(negation.kind, Node::Kind::kNot);
  EXPECT_EQ(set.predicates[set.nodes[set.children[negation.first]].first].text, "b");
}

TEST_F(RuleSetBuilderTest, BuildsAnEmptyProgram) {
  const RuleSet set = builder_.build();
  EXPECT_TRUE(set.rules.empty());
  EXPECT_TRUE(set.nodes.empty());
}

TEST_F(RuleSetBuilderTest, IsEmptyAfterBuild) {
  const NodeIndex a = builder_.add_predicate(equals("F", "a"));
  builder_.add_rule(rule("r", a));
  EXPECT_EQ(builder_.build().rules.size(), 1u);
  builder_.add_rule(rule("r", builder_.add_predicate(equals("F", "a"))));
  const RuleSet again = builder_.build();
  EXPECT_EQ(again.rules.size(), 1u);
  EXPECT_EQ(again.predicates.size(), 1u);
  EXPECT_EQ(kind(again, 0), Node::Kind::kPredicate);
}

// Two rules over F and G, numbered and ordered as told.
std::uint64_t fingerprint(bool reversed, const char* text, const char* id) {
  FieldCatalog catalog;
  if (reversed) catalog.intern("G");
  RuleSetBuilder builder(catalog);
  Predicate f;
  f.field = catalog.intern("F");
  f.text = text;
  Predicate g;
  g.field = catalog.intern("G");
  g.text = "g";
  const NodeIndex first = builder.add_predicate(reversed ? g : f);
  const NodeIndex second = builder.add_predicate(reversed ? f : g);
  Rule both;
  both.id = id;
  both.root = builder.add_and({first, second});
  Rule one;
  one.id = "one";
  one.root = reversed ? second : first;
  builder.add_rule(reversed ? one : both);
  builder.add_rule(reversed ? both : one);
  return builder.build().fingerprint;
}

TEST(RuleSetFingerprint, DependsOnWhatMatchesOnly) {
  EXPECT_EQ(fingerprint(false, "f", "both"), fingerprint(true, "f", "both"));
  EXPECT_NE(fingerprint(false, "f", "both"), fingerprint(false, "F", "both"));
  EXPECT_NE(fingerprint(false, "f", "both"), fingerprint(false, "f", "other"));
}

}  // namespace
}  // namespace catena::plan
