// SPDX-License-Identifier: Apache-2.0
#include "engine/match/matcher.h"

#include <deque>
#include <random>

#include <gtest/gtest.h>
#include <re2/re2.h>

#include "engine/base/text_fold.h"
#include "engine/match/reference_matcher.h"
#include "tests/support/event_fixture.h"

namespace catena::match {
namespace {

using plan::Node;
using plan::NodeIndex;
using plan::Op;
using plan::Predicate;
using plan::RuleIndex;
using plan::RuleSet;
using plan::WildcardPart;
using test::EventFixture;

// Random rules and events over a tiny alphabet, so that matches are frequent and every operator,
// every nesting and every border of the index is exercised.
class RandomWorld {
 public:
  explicit RandomWorld(std::uint32_t seed) : random_(seed), fixture_(fields_) {
    for (const char* name : {"A", "B", "C", "EventID"}) names_.emplace_back(name);
    for (const std::string& name : names_) fields_.intern(name);
    sources_.intern({"windows", {"process_creation"}, {"sysmon"}});
    sources_.intern({"linux", {}, {"auditd", "syslog"}});
    for (int i = 0; i < 40; ++i) add_rule();
  }

  Event event() {
    std::vector<EventFixture::Value> values;
    std::deque<std::string> texts;
    const auto count = pick(7);
    for (unsigned i = 0; i < count; ++i) {
      const std::string& name = names_[pick(4)];
      const ValueKind kind = pick(8) == 0 ? ValueKind::kNull : ValueKind::kString;
      texts.push_back(name == "EventID" ? std::to_string(1 + pick(5)) : word());
      if (pick(10) == 0) texts.back() = "10.0.0." + std::to_string(pick(3));
      values.push_back(
          {pick(9) == 0 ? std::string_view() : std::string_view(name), texts.back(), kind});
    }
    return fixture_.make(values, static_cast<LogSourceId>(pick(3)));
  }

  RuleSet rules_;
  LogSourceCatalog sources_;
  FieldCatalog fields_;

 private:
  std::uint32_t pick(std::uint32_t below) { return static_cast<std::uint32_t>(random_() % below); }

  std::string word() {
    static const std::vector<std::string> kAtoms = {"a", "B", "ab", "\u00c4", "x", "1", "\\", "."};
    std::string out;
    for (unsigned i = pick(5); i > 0; --i) out += kAtoms[pick(8)];
    return out;
  }

  std::uint32_t add_predicate() {
    Predicate p;
    p.op = static_cast<Op>(pick(18));
    p.any_field = p.op <= Op::kRegex && pick(5) == 0;
    p.field = p.any_field ? kUnknownField : fields_.find(names_[pick(4)]);
    p.other_field = fields_.find(names_[pick(3)]);
    p.cased = pick(4) == 0;
    std::string text = word();
    if (p.field == fields_.find("EventID")) text = std::to_string(1 + pick(4));
    p.text = p.cased ? text : folded(text);
    p.number = {true, static_cast<std::int64_t>(pick(4)), 0};
    if (p.op == Op::kWildcard) fill_wildcard(p);
    if (p.op == Op::kRegex) {
      p.required_text = folded(text);
      p.min_length = static_cast<std::uint32_t>(text.size());
      p.regex = std::make_shared<re2::RE2>(re2::RE2::QuoteMeta(text) + ".?");
    }
    if (p.op == Op::kCidr) p.network = *parse_ip_network("10.0.0.1/32");
    rules_.predicates.push_back(p);
    return static_cast<std::uint32_t>(rules_.predicates.size() - 1);
  }

  void fill_wildcard(Predicate& p) {
    for (unsigned i = 1 + pick(4); i > 0; --i) {
      const auto kind = static_cast<WildcardPart::Kind>(pick(3));
      std::string text = kind == WildcardPart::Kind::kLiteral ? word() : "";
      if (kind == WildcardPart::Kind::kLiteral && text.empty()) continue;
      p.wildcard.push_back({kind, p.cased ? text : folded(text)});
    }
  }

  NodeIndex add_node(int depth) {
    Node node;
    const auto kind = depth > 2 ? 0 : pick(6);
    if (kind < 2) {
      node = {Node::Kind::kPredicate, add_predicate(), 0};
    } else {
      node.kind = kind == 2 ? Node::Kind::kNot : kind < 5 ? Node::Kind::kAnd : Node::Kind::kOr;
      node.count = node.kind == Node::Kind::kNot ? 1 : 1 + pick(3);
      std::vector<NodeIndex> children;
      for (std::uint32_t i = 0; i < node.count; ++i) children.push_back(add_node(depth + 1));
      node.first = static_cast<std::uint32_t>(rules_.children.size());
      rules_.children.insert(rules_.children.end(), children.begin(), children.end());
    }
    rules_.nodes.push_back(node);
    return static_cast<NodeIndex>(rules_.nodes.size() - 1);
  }

  void add_rule() {
    plan::Rule rule;
    rule.id = std::to_string(rules_.rules.size());
    rule.title = rule.id;
    const auto which = pick(4);
    if (which == 0) rule.log_source = {"windows", "", ""};
    if (which == 1) rule.log_source = {"windows", "process_creation", ""};
    if (which == 2) rule.log_source = {"", "", "auditd"};
    if (which == 3) rule.log_source = {"linux", "", ""};
    rule.root = add_node(0);
    rules_.rules.push_back(std::move(rule));
  }

  std::mt19937 random_;
  std::vector<std::string> names_;
  EventFixture fixture_;
};

TEST(MatcherDifferential, AgreesWithTheReferenceOnRandomRulesAndEvents) {
  std::size_t matches_seen = 0;
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    RandomWorld world(seed);
    const ReferenceMatcher reference(world.rules_, world.sources_);
    const Matcher matcher(world.rules_, world.sources_, world.fields_);
    Matcher::Scratch scratch(matcher);
    std::vector<RuleIndex> expected;
    std::vector<RuleIndex> actual;
    for (int i = 0; i < 200; ++i) {
      const Event event = world.event();
      reference.match(event, expected);
      ASSERT_TRUE(matcher.match(event, scratch, actual).ok());
      ASSERT_EQ(actual, expected) << "SEED=" << seed << " event " << i << "\n" << event.raw;
      matches_seen += expected.size();
    }
  }
  EXPECT_GT(matches_seen, 10'000U);  // the comparison must not be of empty sets
}

TEST(Matcher, EvaluatesOnlyCandidates) {
  FieldCatalog fields;
  const FieldId image = fields.intern("Image");
  LogSourceCatalog sources;
  const LogSourceId windows = sources.intern({"windows", {"process_creation"}, {}});
  RuleSet rules;
  for (int i = 0; i < 100; ++i) {
    Predicate p;
    p.op = Op::kEndsWith;
    p.field = image;
    p.text = "\\tool" + std::to_string(i) + ".exe";
    rules.predicates.push_back(p);
    rules.nodes.push_back({Node::Kind::kPredicate, static_cast<std::uint32_t>(i), 0});
    plan::Rule rule;
    rule.log_source = {"windows", "process_creation", ""};
    rule.root = static_cast<NodeIndex>(i);
    rules.rules.push_back(rule);
  }
  const Matcher matcher(rules, sources, fields);
  Matcher::Scratch scratch(matcher);
  EventFixture fixture(fields);
  std::vector<RuleIndex> matches;
  ASSERT_TRUE(
      matcher.match(fixture.make({{"Image", "C:\\x\\TOOL42.EXE"}}, windows), scratch, matches)
          .ok());
  EXPECT_EQ(matches, std::vector<RuleIndex>{42});
  EXPECT_EQ(scratch.counters().candidates, 1U);
  ASSERT_TRUE(
      matcher.match(fixture.make({{"Image", "tool42.exe.txt"}}, windows), scratch, matches).ok());
  EXPECT_TRUE(matches.empty());
  EXPECT_EQ(scratch.counters().candidates, 1U);
}

TEST(Matcher, BuildsPlansOnlyForEventIdsThatRulesName) {
  FieldCatalog fields;
  const FieldId event_id = fields.intern("EventID");
  LogSourceCatalog sources;
  const LogSourceId windows = sources.intern({"windows", {}, {"security"}});
  RuleSet rules;
  Predicate p;
  p.op = Op::kEquals;
  p.field = event_id;
  p.text = "1102";
  rules.predicates.push_back(p);
  rules.nodes.push_back({Node::Kind::kPredicate, 0, 0});
  plan::Rule rule;
  rule.log_source = {"windows", "", "security"};
  rules.rules.push_back(rule);
  const Matcher matcher(rules, sources, fields);
  Matcher::Scratch scratch(matcher);
  EventFixture fixture(fields);
  std::vector<RuleIndex> matches;
  for (int id = 1; id <= 5000; ++id) {
    const std::string text = std::to_string(id);
    ASSERT_TRUE(
        matcher
            .match(fixture.make({{"EventID", text, ValueKind::kNumber}}, windows), scratch, matches)
            .ok());
    EXPECT_EQ(matches.size(), id == 1102 ? 1U : 0U);
  }
  EXPECT_EQ(matcher.plan_count(), 2U);
}

}  // namespace
}  // namespace catena::match
