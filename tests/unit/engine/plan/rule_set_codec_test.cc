// SPDX-License-Identifier: Apache-2.0
#include "engine/plan/rule_set_codec.h"

#include <cstddef>
#include <cstdint>
#include <limits>

#include <gtest/gtest.h>
#include <re2/re2.h>

#include "engine/event/field_catalog.h"
#include "engine/plan/rule_set_builder.h"

namespace catena::plan {
namespace {

constexpr auto kLastOp = Op::kTimePart;

Result<std::shared_ptr<const re2::RE2>> make_regex(const std::string& text) {
  auto regex = std::make_shared<const re2::RE2>(text, re2::RE2::Quiet);
  if (!regex->ok()) return invalid_input(regex->error());
  return {std::move(regex)};
}

Predicate predicate_of(Op op, FieldCatalog& fields) {
  Predicate predicate;
  predicate.op = op;
  predicate.field = fields.intern("F" + std::to_string(static_cast<int>(op)));
  predicate.cased = static_cast<int>(op) % 2 == 1;
  predicate.text = std::string("t\0\xff", 3) + std::to_string(static_cast<int>(op));
  if (op == Op::kWildcard) {
    predicate.wildcard = {{WildcardPart::Kind::kLiteral, "a"},
                          {WildcardPart::Kind::kAnyRun, ""},
                          {WildcardPart::Kind::kAnyOne, ""}};
  }
  if (op == Op::kRegex) {
    predicate.text = "(?i)ab+c";
    predicate.regex = *make_regex(predicate.text);
    predicate.min_length = 3;
    predicate.length_only = true;
    predicate.required_text = "abc";
    predicate.regex_work = 17;
  }
  if (op == Op::kCidr) predicate.network = *parse_ip_network("2001:db8::/33");
  if (op >= Op::kLess && op <= Op::kGreaterEqual) predicate.number = {false, -7, 0.25};
  if (op >= Op::kFieldEquals && op <= Op::kFieldEndsWith) {
    predicate.other_field = fields.intern("Other");
  }
  if (op == Op::kTimePart) {
    predicate.time_part = TimePart::kYear;
    predicate.time_op = Op::kGreaterEqual;
    predicate.number = {true, std::numeric_limits<std::int64_t>::min(), 0};
  }
  return predicate;
}

// A rule with one test of every kind under every kind of node, and one that is always true.
RuleSet sample(FieldCatalog& fields) {
  RuleSetBuilder builder(fields);
  std::vector<NodeIndex> tests;
  for (int op = 0; op <= static_cast<int>(kLastOp); ++op) {
    tests.push_back(builder.add_predicate(predicate_of(static_cast<Op>(op), fields)));
  }
  Predicate keyword;
  keyword.op = Op::kContains;
  keyword.any_field = true;
  keyword.text = "needle";
  tests.push_back(builder.add_not(builder.add_predicate(std::move(keyword))));
  Rule rule;
  rule.id = "first";
  rule.title = "Title";
  rule.level = Level::kCritical;
  rule.log_source = {"windows", "process_creation", "sysmon"};
  rule.tags = {"attack.t1003", ""};
  rule.file = "rules/a.yml";
  rule.line = 17;
  rule.root = builder.add_or({builder.add_and(tests), tests[0]});
  builder.add_rule(rule);
  rule.id = "second";
  rule.root = builder.add_constant(true);
  builder.add_rule(rule);
  rule.id = "third";
  rule.root = builder.add_constant(false);
  builder.add_rule(std::move(rule));
  return builder.build();
}

// The bytes name every member, so equal bytes are equal rule sets.
std::string bytes_of(const RuleSet& rules, const FieldCatalog& fields) {
  auto bytes = encode_rule_set(rules, fields.size());
  EXPECT_TRUE(bytes.ok()) << bytes.status().message();
  return bytes.ok() ? *bytes : "";
}

void expect_equal(const Predicate& a, const Predicate& b, const FieldCatalog& fields) {
  EXPECT_EQ(predicate_key(a, fields), predicate_key(b, fields));
  EXPECT_EQ(a.min_length, b.min_length);
  EXPECT_EQ(a.length_only, b.length_only);
  EXPECT_EQ(a.required_text, b.required_text);
  EXPECT_EQ(a.regex_work, b.regex_work);
  ASSERT_EQ(a.regex == nullptr, b.regex == nullptr);
  if (a.regex != nullptr) {
    EXPECT_EQ(a.regex->pattern(), b.regex->pattern());
  }
}

TEST(RuleSetCodec, GivesBackEveryKindOfTestAndNode) {
  FieldCatalog fields;
  const RuleSet rules = sample(fields);
  const std::string bytes = bytes_of(rules, fields);
  const auto decoded = decode_rule_set(bytes, fields.size(), make_regex);
  ASSERT_TRUE(decoded.ok()) << decoded.status().message();
  EXPECT_EQ(bytes_of(*decoded, fields), bytes);
  EXPECT_EQ(decoded->fingerprint, rules.fingerprint);
  ASSERT_EQ(decoded->predicates.size(), static_cast<std::size_t>(kLastOp) + 2);
  for (std::size_t i = 0; i < rules.predicates.size(); ++i) {
    expect_equal(decoded->predicates[i], rules.predicates[i], fields);
  }
  ASSERT_EQ(decoded->rules.size(), 3u);
  const Rule& rule = decoded->rules[0];
  EXPECT_EQ(rule.id, "first");
  EXPECT_EQ(rule.title, "Title");
  EXPECT_EQ(rule.level, Level::kCritical);
  EXPECT_EQ(rule.log_source.to_string(), "windows/process_creation/sysmon");
  EXPECT_EQ(rule.tags, (std::vector<std::string>{"attack.t1003", ""}));
  EXPECT_EQ(rule.file, "rules/a.yml");
  EXPECT_EQ(rule.line, 17u);
  EXPECT_EQ(rule.root, rules.rules[0].root);
  EXPECT_EQ(decoded->children, rules.children);
}

TEST(RuleSetCodec, RefusesEveryTruncation) {
  FieldCatalog fields;
  const std::string bytes = bytes_of(sample(fields), fields);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto decoded =
        decode_rule_set(std::string_view(bytes).substr(0, size), fields.size(), make_regex);
    EXPECT_FALSE(decoded.ok()) << size;
  }
  EXPECT_FALSE(decode_rule_set(bytes + "x", fields.size(), make_regex).ok());
}

TEST(RuleSetCodec, IsWellFormedOrRefusedForEveryFlippedByte) {
  FieldCatalog fields;
  const std::string bytes = bytes_of(sample(fields), fields);
  std::size_t refused = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const char flip : {'\x01', '\x40', '\xff'}) {
      std::string bad = bytes;
      bad[i] = static_cast<char>(bad[i] ^ flip);
      const auto decoded = decode_rule_set(bad, fields.size(), make_regex);
      if (decoded.ok()) {
        EXPECT_TRUE(check_rule_set(*decoded, fields.size()).ok());
      } else {
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, bytes.size());
}

// What `change` does to a good rule set is neither written nor accepted.
template <typename Change>
void refuses(Change change, const std::string& reason) {
  FieldCatalog fields;
  RuleSet rules = sample(fields);
  ASSERT_TRUE(check_rule_set(rules, fields.size()).ok());
  change(rules);
  const Status status = check_rule_set(rules, fields.size());
  EXPECT_EQ(status.code(), StatusCode::kCorrupt);
  EXPECT_NE(status.message().find(reason), std::string::npos) << status.message();
  EXPECT_FALSE(encode_rule_set(rules, fields.size()).ok());
}

Node& first_node(RuleSet& rules, Node::Kind kind) {
  for (Node& node : rules.nodes) {
    if (node.kind == kind) return node;
  }
  return rules.nodes.front();
}

Predicate& first_test(RuleSet& rules, Op op) {
  for (Predicate& predicate : rules.predicates) {
    if (predicate.op == op) return predicate;
  }
  return rules.predicates.front();
}

TEST(CheckRuleSet, NamesWhatIsWrong) {
  using Kind = Node::Kind;
  refuses([](RuleSet& r) { r.predicates[0].field = 1000; }, "field that does not exist");
  refuses([](RuleSet& r) { r.predicates[0].other_field = 1000; }, "field that does not exist");
  refuses([](RuleSet& r) { r.predicates[0].field = kUnknownField; }, "without a field");
  refuses([](RuleSet& r) { r.predicates[0].any_field = true; }, "without a field");
  refuses([](RuleSet& r) { first_test(r, Op::kRegex).regex = nullptr; }, "regular expression");
  refuses([](RuleSet& r) { first_test(r, Op::kWildcard).wildcard.clear(); }, "pattern");
  refuses([](RuleSet& r) { first_test(r, Op::kCidr).network.prefix_length = 129; }, "prefix");
  refuses([](RuleSet& r) { r.predicates[0].time_op = Op::kRegex; }, "times");
  refuses([](RuleSet& r) { first_node(r, Kind::kPredicate).first = 1000; }, "test that does not");
  refuses([](RuleSet& r) { first_node(r, Kind::kNot).count = 0; }, "negation of several");
  refuses([](RuleSet& r) { first_node(r, Kind::kAnd).count = 1; }, "group of one");
  refuses([](RuleSet& r) { first_node(r, Kind::kAnd).first = 0xFFFFFFFF; }, "children that do not");
  refuses([](RuleSet& r) { first_node(r, Kind::kAnd).count = 0xFFFFFFFF; }, "more children");
  refuses([](RuleSet& r) { r.children[0] = static_cast<NodeIndex>(r.nodes.size() - 1); },
          "before its parent");
  refuses([](RuleSet& r) { r.rules[0].root = 1000; }, "without an expression");
  refuses([](RuleSet& r) { r.rules[0].id.clear(); }, "without a name");
  refuses([](RuleSet& r) { r.rules[0].title.clear(); }, "without a name");
}

// not(not(…)) as no builder makes it.
RuleSet nested(std::size_t depth) {
  RuleSet rules;
  rules.nodes.push_back({Node::Kind::kTrue, 0, 0});
  for (std::uint32_t i = 0; i + 1 < depth; ++i) {
    rules.children.push_back(i);
    rules.nodes.push_back({Node::Kind::kNot, i, 1});
  }
  return rules;
}

TEST(CheckRuleSet, BoundsDepth) {
  EXPECT_TRUE(check_rule_set(nested(kMaxExpressionDepth), 1).ok());
  EXPECT_FALSE(check_rule_set(nested(kMaxExpressionDepth + 1), 1).ok());
}

TEST(CheckRuleSet, BoundsThePassesOverChildren) {
  // Many groups that all name the same children.
  RuleSet rules;
  rules.nodes = {{Node::Kind::kTrue, 0, 0},
                 {Node::Kind::kFalse, 0, 0},
                 {Node::Kind::kOr, 0, 2},
                 {Node::Kind::kAnd, 0, 2}};
  rules.children = {0, 1};
  EXPECT_FALSE(check_rule_set(rules, 1).ok());
  rules.nodes.pop_back();
  EXPECT_TRUE(check_rule_set(rules, 1).ok());
}

TEST(RuleSetCodec, PassesOnTheMakersRefusal) {
  FieldCatalog fields;
  const std::string bytes = bytes_of(sample(fields), fields);
  const auto refuse = [](const std::string&) -> Result<std::shared_ptr<const re2::RE2>> {
    return limit_exceeded("no");
  };
  EXPECT_EQ(decode_rule_set(bytes, fields.size(), refuse).status().code(), StatusCode::kLimit);
}

}  // namespace
}  // namespace catena::plan
