// SPDX-License-Identifier: Apache-2.0
#include "rules/correlation/correlation_set.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "rules/compile/rule_loader.h"

namespace catena::compile {
namespace {

std::string rule(const std::string& name, const std::string& more = "") {
  return "title: " + name + "\nid: id-" + name + "\nname: " + name + "\n" + more +
         "logsource: {service: x}\ndetection: {s: {F: " + name + "}, condition: s}\n---\n";
}

std::string count(const std::string& name, const std::string& rules, const std::string& more = "") {
  return "title: " + name + "\nid: id-" + name + "\nname: " + name +
         "\ncorrelation: {type: event_count, timespan: 1m, condition: {gte: 2}, rules: [" + rules +
         "]" + more + "}\n---\n";
}

struct Loaded {
  FieldCatalog fields;
  plan::RuleSet set;
  LoadReport report;

  explicit Loaded(const std::string& text, const std::string& other = "") {
    RuleLoader loader(fields);
    loader.add_text(text, "c.yml");
    if (!other.empty()) loader.add_text(other, "d.yml");
    set = *loader.finish();
    report = loader.report();
  }
  std::string refused() const {
    std::string text;
    for (const auto& one : report.refused) text += one.to_string() + "\n";
    return text;
  }
  const plan::Correlation& correlation(std::size_t i) const {
    return set.correlation.correlations.at(i);
  }
};

TEST(CorrelationSet, BindsByIdInAnyCaseAndByName) {
  const Loaded loaded(count("c", "ID-A, b") + rule("a") + rule("b"));
  EXPECT_EQ(loaded.refused(), "");
  ASSERT_EQ(loaded.set.correlation.rules.size(), 2U);
  EXPECT_EQ(loaded.correlation(0).inputs.size(), 2U);
}

TEST(CorrelationSet, PrefersTheNameOfTheSameFile) {
  const Loaded loaded(rule("a", "level: high\n") + count("c", "a"),
                      "title: other\nid: other\nname: a\nlevel: low\nlogsource: {service: x}\n"
                      "detection: {s: {F: y}, condition: s}\n");
  EXPECT_EQ(loaded.refused(), "");
  EXPECT_EQ(loaded.correlation(0).level, plan::Level::kHigh);
}

TEST(CorrelationSet, RefusesANameThatTwoRulesHave) {
  const Loaded loaded(rule("a") +
                          "title: t\nid: t\nname: a\nlogsource: {service: x}\n"
                          "detection: {s: {F: y}, condition: s}\n",
                      count("c", "a"));
  EXPECT_EQ(loaded.refused(),
            "d.yml:4:77: error: two rules have the name 'a': c.yml:1 and c.yml:7; refer to one by "
            "its id [correlation]\n");
}

TEST(CorrelationSet, RefusesWhatRefersToNothingToItselfOrInACircle) {
  EXPECT_EQ(Loaded(rule("abcdef") + count("c", "abcdfe")).refused(),
            "c.yml:10:77: error: no rule has the id or name 'abcdfe'; did you mean 'abcdef'? "
            "[correlation]\n");
  EXPECT_EQ(Loaded(count("c", "c")).refused(),
            "c.yml:4:77: error: the correlation refers to itself [correlation]\n");
  EXPECT_EQ(Loaded(rule("a") + count("c", "d") + count("d", "e, a") + count("e", "c")).refused(),
            "c.yml:10:77: error: the correlation refers in a circle: 'c' > 'd' > 'e' > 'c' "
            "[correlation]\n"
            "c.yml:15:77: error: the correlation refers in a circle: 'd' > 'e' > 'c' > 'd' "
            "[correlation]\n"
            "c.yml:20:77: error: the correlation refers in a circle: 'e' > 'c' > 'd' > 'e' "
            "[correlation]\n");
  EXPECT_EQ(Loaded(rule("a") + count("c", "a, id-a")).refused(),
            "c.yml:10:80: error: 'id-a' is the same rule as 'a' [correlation]\n");
}

TEST(CorrelationSet, SaysWhyWhatItRefersToWasRefused) {
  const Loaded loaded("title: a\nname: a\nlogsource: {service: x}\ndetection: {}\n---\n" +
                      count("c", "a") + count("d", "c"));
  ASSERT_EQ(loaded.report.refused.size(), 3U);
  EXPECT_EQ(loaded.report.refused[1].message,
            "the rule 'a' was refused: c.yml:4:12: error: 'detection' has no 'condition' [schema]");
  EXPECT_EQ(loaded.report.refused[2].message.substr(0, 67),
            "the correlation at c.yml:6 that it refers to was refused: the rule ");
  EXPECT_EQ(loaded.report.correlations, 0U);
}

TEST(CorrelationSet, ARefusedCorrelationSilencesNothing) {
  const Loaded loaded(rule("a") + count("c", "a, nobody"));
  EXPECT_TRUE(loaded.set.correlation.rules.empty());
}

TEST(CorrelationSet, ChecksAliases) {
  const std::string two = rule("a") + rule("b");
  EXPECT_EQ(Loaded(two + count("c", "a, b", ", group-by: [x], aliases: {x: {a: F, d: G}}"))
                .report.refused.at(0)
                .message,
            "the alias 'x' speaks of 'd', which is none of the correlation's rules");
  EXPECT_EQ(Loaded(two + count("c", "a, b", ", group-by: [x], aliases: {x: {a: F}}"))
                .report.refused.at(0)
                .message,
            "the alias 'x' says nothing of the rule 'b'");
  EXPECT_EQ(
      Loaded(two + count("c", "a, b", ", group-by: [x], aliases: {x: {id-a: F, b: G}}")).refused(),
      "");
}

TEST(CorrelationSet, HandsFieldsUpFromTheRules) {
  const Loaded loaded(rule("a") + rule("b") +
                      count("inner", "a, b", ", group-by: [x], aliases: {x: {a: F, b: G}}") +
                      count("outer", "inner", ", group-by: [x, Other]"));
  ASSERT_EQ(loaded.refused(), "");
  const plan::CorrelationProgram& program = loaded.set.correlation;
  ASSERT_EQ(program.rules.size(), 2U);
  const auto names = [&](std::size_t i) {
    std::string text;
    for (const FieldId id : program.rules[i].captures) {
      text += std::string(loaded.fields.name(id)) + " ";
    }
    return text;
  };
  EXPECT_EQ(names(0), "F Other ");
  EXPECT_EQ(names(1), "G Other ");
  EXPECT_EQ(program.correlations[0].export_count, 1U);
  EXPECT_EQ(program.correlations[1].inputs[0].group_slots, (std::vector<std::uint32_t>{0, 1}));
}

TEST(CorrelationSet, AlertsUnlessReferredToOrGenerated) {
  const Loaded loaded(rule("a") + rule("b") + rule("d") + count("inner", "a") +
                      count("outer", "inner, b") + count("loud", "b", ", generate: true"));
  const plan::CorrelationProgram& program = loaded.set.correlation;
  ASSERT_EQ(program.rules.size(), 2U);
  EXPECT_FALSE(program.rules[0].alerts);
  EXPECT_TRUE(program.rules[1].alerts);  // one of its two correlations asks for it
  for (const plan::Correlation& correlation : program.correlations) {
    EXPECT_EQ(correlation.alerts, correlation.title != "inner");
  }
}

TEST(CorrelationSet, TakesLevelAndTagsFromBelowWhenItHasNone) {
  const Loaded loaded(rule("a", "level: low\ntags: [attack.t1110]\n") +
                      rule("b", "level: high\ntags: [attack.t1110, attack.t1078]\n") +
                      count("c", "a, b"));
  EXPECT_EQ(loaded.correlation(0).level, plan::Level::kHigh);
  EXPECT_EQ(loaded.correlation(0).tags, (std::vector<std::string>{"attack.t1110", "attack.t1078"}));
}

TEST(CorrelationSet, RefusesTowersAndTooManyFields) {
  std::string text = rule("a") + count("c0", "a");
  for (int i = 1; i < 18; ++i) {
    text += count("c" + std::to_string(i), "c" + std::to_string(i - 1));
  }
  const Loaded tower(text);
  EXPECT_EQ(tower.report.correlations, 16U);
  EXPECT_EQ(tower.report.refused.at(0).message, "more than 16 correlations above one another");
  text = rule("a");
  for (int i = 0; i < 20; ++i) {
    std::string fields;
    for (int j = 0; j < 16; ++j) fields += (j > 0 ? ", f" : "f") + std::to_string(i * 16 + j);
    text += count("c" + std::to_string(i), "a", ", group-by: [" + fields + "]");
  }
  const Loaded wide(text);
  EXPECT_EQ(wide.report.correlations, 16U);
  EXPECT_EQ(wide.report.refused.at(0).message,
            "the correlations above one rule ask for more than 256 fields");
  EXPECT_EQ(wide.set.correlation.rules.at(0).captures.size(), 256U);
}

TEST(CorrelationSet, RefusesConditionsThatCannotHold) {
  const auto message = [](const std::string& section) {
    const Loaded loaded(rule("a") + rule("b") + rule("d") +
                        "title: c\ncorrelation: {timespan: 1m, " + section + "}\n");
    return loaded.report.refused.empty() ? "" : loaded.report.refused[0].message;
  };
  EXPECT_EQ(message("type: event_count, rules: [a], condition: {lt: 1}"),
            "the condition can never hold: the count is from 1 to 1000001");
  EXPECT_EQ(message("type: event_count, rules: [a], condition: {gt: 3, lt: 4}").substr(0, 28),
            "the condition can never hold");
  EXPECT_EQ(message("type: temporal, rules: [a, b], condition: {gte: 3}"),
            "the condition can never hold: the count is from 1 to 2");
  EXPECT_EQ(message("type: temporal_ordered, rules: [a, b], condition: {gte: 3}"),
            "the condition can never hold");
  EXPECT_EQ(message("type: temporal, condition: not a or b").substr(0, 24),
            "the condition would hold");
  EXPECT_EQ(message("type: temporal_ordered, condition: not a").substr(0, 24),
            "the condition would hold");
  EXPECT_EQ(message("type: temporal_ordered, condition: a and not a"),
            "the condition can never hold");
}

TEST(CorrelationSet, MakesOrdersOfABooleanCondition) {
  const Loaded loaded(rule("a") + rule("b") + rule("d") +
                      "title: c\ncorrelation: {type: temporal_ordered, timespan: 1m, "
                      "rules: [a, b, d], condition: d and (a or not b)}\n");
  ASSERT_EQ(loaded.refused(), "");
  const auto& terms = loaded.correlation(0).terms;
  ASSERT_EQ(terms.size(), 2U);
  EXPECT_EQ(terms[0].steps, (std::vector<std::uint32_t>{0, 2}));
  EXPECT_EQ(terms[0].absent, 0U);
  EXPECT_EQ(terms[1].steps, std::vector<std::uint32_t>{2});
  EXPECT_EQ(terms[1].absent, 2U);
  const Loaded counted(rule("a") + rule("b") + rule("d") +
                       "title: c\ncorrelation: {type: temporal_ordered, timespan: 1m, "
                       "rules: [a, b, d], condition: {gte: 2}}\n");
  EXPECT_EQ(counted.correlation(0).terms.size(), 3U);
}

}  // namespace
}  // namespace catena::compile
