// SPDX-License-Identifier: Apache-2.0
#include "engine/match/predicate_evaluator.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include "engine/match/reference_matcher.h"
#include "tests/support/event_fixture.h"

namespace catena::match {
namespace {

// ".{5,}" and "(?s).{5,}" decided by length must say what RE2 says.
TEST(PredicateEvaluator, LengthTestsAgreeWithTheRegex) {
  for (const char* pattern : {".{5,}", "(?s).{5,}"}) {
    FieldCatalog fields;
    plan::RuleSet rules;
    plan::Predicate predicate;
    predicate.op = plan::Op::kRegex;
    predicate.field = fields.intern("CommandLine");
    predicate.regex = std::make_shared<re2::RE2>(pattern);
    predicate.min_length = 5;
    predicate.length_only = true;
    rules.predicates = {predicate};
    plan::Plan plan;
    plan.nodes = {{plan::Node::Kind::kPredicate, 0, 0}};
    plan.rules = {{0, 0, {}}};
    const FlatProgram program(plan, rules, {});
    test::EventFixture events(fields);
    for (const char* text :
         {"", "1234", "12345", "123456", "123\n456", "1234\n", "\n\n\n\n\n", "\u00e4\u00e4\u00e4",
          "\u00e4\u00e4\u00e4\u00e4\u00e4", "12\n123456\n1"}) {
      const Event event = events.make({{"CommandLine", text}});
      FieldIndex index;
      index.reset(event, fields.size());
      PredicateEvaluator evaluator(rules);
      evaluator.reset(index);
      EXPECT_EQ(evaluator.evaluate(program, program.start(0)),
                ReferenceMatcher::holds(predicate, event))
          << pattern << " on " << text;
    }
  }
}

}  // namespace
}  // namespace catena::match
