// SPDX-License-Identifier: Apache-2.0
// A record with "\u" escapes and an embedded record that cannot be read: the attempt must not make
// the matcher believe that the received bytes hold every value as it is. A keyword written with
// "\u" escapes was missed.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "connectors/codec/decoder.h"
#include "engine/match/matcher.h"
#include "engine/normalise/normalisation_table.h"

namespace catena {
namespace {

TEST(BrokenEmbeddedRecord, DoesNotHideEscapedKeywords) {
  normalise::MappingDefinition definition;
  definition.tables.push_back({"t", "linux", {"message"}, {{{}, "", {}, {"syslog"}, {}, {}}}});
  normalise::Shape shape;
  shape.name = "generic";
  for (std::size_t i = 0; i < normalise::kRecordFormatCount; ++i) {
    shape.formats.push_back(static_cast<normalise::RecordFormat>(i));
  }
  shape.embedded = {"message"};
  shape.log_sources = "t";
  definition.shapes = {shape};
  const auto table = *normalise::NormalisationTable::create(std::move(definition));
  FieldCatalog fields;
  table->finish(fields);
  plan::RuleSet rules;
  plan::Predicate keyword;
  keyword.op = plan::Op::kContains;
  keyword.any_field = true;
  keyword.text = "mimi";
  rules.predicates.push_back(keyword);
  rules.nodes.push_back({plan::Node::Kind::kPredicate, 0, 0});
  plan::Rule rule;
  rule.log_source = {"linux", "", ""};
  rules.rules.push_back(rule);
  const match::Matcher matcher(rules, table->log_sources(), fields);
  match::Matcher::Scratch scratch(matcher);
  codec::Decoder decoder(*table, fields);
  const std::vector<std::string> lines = {
      R"({"message":"{broken","x":"m\u0069mi"})", R"({"message":"{\"a\":1}","x":"m\u0069mi"})",
      R"({"x":"m\u0069mi"})", R"({"message":"{broken","x":"mimi"})"};
  for (const std::string& line : lines) {
    EventBatch batch;
    batch.bytes = line + std::string(EventBatch::kPadding, '\0');
    batch.size = line.size();
    decoder.decode(batch);
    ASSERT_EQ(batch.events.size(), 1U) << line;
    std::vector<plan::RuleIndex> matches;
    ASSERT_TRUE(matcher.match(batch.events[0], scratch, matches).ok());
    EXPECT_EQ(matches.size(), 1U) << line;
  }
}

}  // namespace
}  // namespace catena
