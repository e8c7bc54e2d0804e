// SPDX-License-Identifier: Apache-2.0
#include "engine/normalise/normaliser.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/event/event.h"

namespace catena::normalise {
namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

class NormaliserTest : public testing::Test {
 protected:
  void build(MappingDefinition definition, const std::vector<std::string>& names = {}) {
    auto created = NormalisationTable::create(std::move(definition));
    ASSERT_TRUE(created.ok()) << created.status().to_string();
    table_ = *std::move(created);
    for (const std::string& name : names) catalog_.intern(name);
    table_->finish(catalog_);
    normaliser_ = std::make_unique<Normaliser>(*table_);
  }

  Event run(const Values& values, ShapeId shape = kDetectShape) {
    FlatRecord record;
    record.begin_segment(shape);
    for (const auto& [path, text] : values) record.add(table_->find_path(path), text);
    return run(record);
  }

  Event run(FlatRecord& record) {
    Event event;
    normaliser_->normalise(record, arena_, event);
    return event;
  }

  // "Field=value;…" in order.
  std::string text(const Event& event) const {
    std::string out;
    for (const Field& field : event.fields) {
      out.append(catalog_.name(field.id)).append("=").append(field.text).append(";");
    }
    return out;
  }

  std::string source(const Event& event) const {
    const LogSource& found = table_->log_sources().get(event.log_source);
    std::string out = found.product;
    for (const auto& list : {found.categories, found.services}) {
      out += "|";
      for (const std::string& name : list) out += name + " ";
    }
    return out;
  }

  FieldCatalog catalog_;
  std::unique_ptr<NormalisationTable> table_;
  std::unique_ptr<Normaliser> normaliser_;
  Arena arena_;
};

Shape json_shape(std::string name) {
  Shape shape;
  shape.name = std::move(name);
  shape.formats = {RecordFormat::kJson};
  return shape;
}

TEST_F(NormaliserTest, ShapesAreFoundByTheirPathsInOrder) {
  Shape nested = json_shape("nested");
  nested.when_all = {"w"};
  nested.when_none = {"not"};
  nested.renames = {{"p", {"Nested"}}};
  Shape either = json_shape("either");
  either.when_any = {"x", "y"};
  either.renames = {{"p", {"Either"}}};
  Shape rest = json_shape("rest");
  rest.renames = {{"p", {"Rest"}}};
  build({{nested, either, rest}, {}});
  EXPECT_EQ(text(run({{"p", "1"}, {"w", ""}})), "Nested=1;=;");
  EXPECT_EQ(text(run({{"p", "1"}, {"w", ""}, {"not", ""}})), "Rest=1;=;=;");
  EXPECT_EQ(text(run({{"p", "1"}, {"y", ""}})), "Either=1;=;");
  EXPECT_EQ(text(run({{"p", "1"}})), "Rest=1;");
}

TEST_F(NormaliserTest, PrefixesSuffixesAndWildcardsAreStripped) {
  Shape shape = json_shape("s");
  shape.strip_prefixes = {"event_data.", "user.*."};
  shape.strip_suffixes = {"_string"};
  build({{shape}, {}}, {"Image", "user.any.thing"});
  EXPECT_EQ(text(run({{"event_data.Image", "a"}, {"user.Some.Image", "b"}, {"Image", "c"}})),
            "Image=a;Image=b;Image=c;");
  EXPECT_EQ(text(run({{"event_data.Image_string", "d"}})), "Image=d;");
  EXPECT_EQ(text(run({{"event_data.Other", "e"}, {"user.Image", "f"}})), "=e;=f;");
  // A rule that names the producer's path finds it too.
  EXPECT_EQ(text(run({{"user.any.thing", "g"}})), "user.any.thing=g;");
}

TEST_F(NormaliserTest, APathCanBeSeveralFieldsAndItsOwnName) {
  Shape shape = json_shape("s");
  shape.renames = {{"a.b", {"X", "Y"}}};
  build({{shape}, {}}, {"a.b"});
  EXPECT_EQ(text(run({{"a.b", "1"}, {"zzz", "2"}})), "X=1;=2;Y=1;a.b=1;");
}

TEST_F(NormaliserTest, AliasesFillWhatIsAbsent) {
  Shape shape = json_shape("s");
  shape.aliases = {{"T", {"A", "B"}}};
  build({{shape}, {}}, {"A", "B", "T"});
  EXPECT_EQ(text(run({{"A", "1"}, {"B", "2"}})), "A=1;B=2;T=1;");
  EXPECT_EQ(text(run({{"B", "2"}, {"B", "3"}})), "B=2;B=3;T=2;T=3;");
  EXPECT_EQ(text(run({{"A", "-"}, {"B", "2"}})), "A=-;B=2;T=2;");
  EXPECT_EQ(text(run({{"T", "own"}, {"A", "1"}})), "T=own;A=1;");
  EXPECT_EQ(text(run({{"T", ""}, {"A", "1"}})), "T=;A=1;T=1;");
}

MappingDefinition with_table() {
  Shape shape = json_shape("s");
  shape.log_sources = "t";
  LogSourceTable table;
  table.name = "t";
  table.product = "windows";
  table.by = {"Channel", "EventID"};
  const auto equals = [](const char* field, std::vector<std::string> values) {
    return Condition{field, Condition::Operator::kEquals, std::move(values)};
  };
  LogSourceEntry channel;
  channel.when = {equals("Channel", {"Sys"})};
  channel.services = {"sysmon"};
  LogSourceEntry create;
  create.when = {equals("Channel", {"Sys"}), equals("EventID", {"1", "2"})};
  create.categories = {"process_creation"};
  create.aliases = {{"Image", {"New"}}};
  create.moves = {{"Pid", "ParentPid"}};
  LogSourceEntry key;
  key.when = {equals("Channel", {"sys"}),
              equals("EventID", {"12"}),
              {"Type", Condition::Operator::kStartsWith, {"create"}}};
  key.categories = {"registry_add"};
  LogSourceEntry other;
  other.when = {equals("Channel", {"sys"}), equals("EventID", {"12"})};
  other.categories = {"registry_event"};
  LogSourceEntry product;
  product.when = {equals("Channel", {"Linux"})};
  product.product = "linux";
  table.entries = {channel, create, key, other, product};
  return {{shape}, {table}};
}

TEST_F(NormaliserTest, LogSourcesFollowKeysAndConditions) {
  build(with_table());
  EXPECT_EQ(source(run({{"Channel", "SYS"}, {"EventID", "1"}})),
            "windows|process_creation |sysmon ");
  EXPECT_EQ(source(run({{"Channel", "Sys"}, {"EventID", "99"}})), "windows||sysmon ");
  EXPECT_EQ(source(run({{"Channel", "Sys"}, {"EventID", "12"}, {"Type", "CreateKey"}})),
            "windows|registry_add registry_event |sysmon ");
  EXPECT_EQ(source(run({{"Channel", "Sys"}, {"EventID", "12"}})),
            "windows|registry_event |sysmon ");
  EXPECT_EQ(source(run({{"Channel", "Linux"}, {"EventID", "1"}})), "linux||");
  EXPECT_EQ(source(run({{"Channel", "else"}})), "windows||");
  EXPECT_EQ(source(run({})), "windows||");
  EXPECT_EQ(source(run({{"Channel", std::string(1000, 'x')}})), "windows||");
  // Of several values, the first that the table knows counts.
  EXPECT_EQ(source(run({{"Channel", "x"}, {"Channel", "sys"}, {"EventID", "2"}})),
            "windows|process_creation |sysmon ");
}

TEST_F(NormaliserTest, MovesComeBeforeAliases) {
  build(with_table(), {"Pid", "ParentPid", "New", "Image"});
  EXPECT_EQ(text(run({{"Channel", "Sys"}, {"EventID", "1"}, {"Pid", "7"}, {"New", "x"}})),
            "Channel=Sys;EventID=1;ParentPid=7;New=x;Image=x;");
}

TEST_F(NormaliserTest, EveryConditionHasItsMeaning) {
  using Op = Condition::Operator;
  Shape shape = json_shape("s");
  shape.log_sources = "t";
  LogSourceTable table;
  table.name = "t";
  const auto add = [&](Op op, std::vector<std::string> values, const char* name) {
    LogSourceEntry entry;
    entry.when = {{"F", op, std::move(values)}};
    entry.services = {name};
    table.entries.push_back(entry);
  };
  add(Op::kEquals, {"eXact", "other"}, "equals");
  add(Op::kStartsWith, {"start"}, "startswith");
  add(Op::kEndsWith, {"end"}, "endswith");
  add(Op::kContains, {"mid"}, "contains");
  add(Op::kExists, {}, "exists");
  build({{shape}, {table}});
  EXPECT_EQ(source(run({{"F", "ExAct"}})), "||equals ");
  EXPECT_EQ(source(run({{"F", "Starting"}})), "||startswith ");
  EXPECT_EQ(source(run({{"F", "the END"}})), "||endswith ");
  EXPECT_EQ(source(run({{"F", "in the Middle"}})), "||contains ");
  EXPECT_EQ(source(run({{"F", "x"}})), "||exists ");
  const Event none = run({{"G", "x"}});
  EXPECT_EQ(none.log_source, kUnmappedLogSource);
}

TEST_F(NormaliserTest, TimeIsTheBestOfItsRules) {
  Shape shape = json_shape("s");
  shape.times = {{"Utc", TimeSource::kEventField, {}, {}},
                 {"Local", TimeSource::kEventField, "Received", "Stamp"},
                 {"Stamp", TimeSource::kHeader, {}, {}}};
  build({{shape}, {}});
  const auto time = [&](const Values& values) {
    const Event event = run(values);
    return format_iso8601(event.time) + " " + std::to_string(static_cast<int>(event.time_source));
  };
  EXPECT_EQ(time({{"Utc", "2020-01-02 03:04:05.678"}, {"Stamp", "2021-01-01T00:00:00Z"}}),
            "2020-01-02T03:04:05.678Z 0");
  // Five hours behind UTC, seen by two times of one moment.
  EXPECT_EQ(time({{"Local", "2020-01-01 10:00:00"},
                  {"Received", "2020-01-01 10:00:02"},
                  {"Stamp", "2020-01-01T15:00:03.5Z"}}),
            "2020-01-01T15:00:00.000Z 0");
  // A difference that is no time zone says nothing.
  EXPECT_EQ(time({{"Local", "2020-01-01 10:00:00"},
                  {"Received", "2020-01-05 10:00:02"},
                  {"Stamp", "2020-01-01T15:00:03.5Z"}}),
            "2020-01-01T15:00:03.500Z 1");
  EXPECT_EQ(time({{"Utc", "never"}, {"Stamp", "1577836800"}}), "2020-01-01T00:00:00.000Z 1");
  EXPECT_EQ(time({{"Utc", "never"}}), "1970-01-01T00:00:00.000Z 3");
}

TEST_F(NormaliserTest, SegmentsKeepTheirShapes) {
  Shape outer = json_shape("outer");
  outer.renames = {{"x", {"Outer"}}};
  Shape inner;
  inner.name = "inner";
  inner.formats = {RecordFormat::kAuditd};
  inner.renames = {{"x", {"Inner"}}};
  inner.log_sources = "t";
  LogSourceTable table;
  table.name = "t";
  table.product = "linux";
  build({{outer, inner}, {table}});
  FlatRecord record;
  record.begin_segment(kDetectShape);
  record.add(table_->find_path("x"), "1");
  record.begin_segment(table_->shape_of(RecordFormat::kAuditd));
  record.add(table_->find_path("x"), "2");
  record.flags = kFlagInvalidUtf8 | kFlagDuplicateKey | kFlagTruncatedField;
  const Event event = run(record);
  EXPECT_EQ(text(event),
            "Outer=1;Inner=2;_flag=invalid_utf8;_flag=duplicate_key;_flag=truncated_field;");
  EXPECT_EQ(source(event), "linux||");
}

TEST_F(NormaliserTest, AFormatWithoutAShapeStillMakesAnEvent) {
  build({}, {"message"});
  FlatRecord record;
  record.begin_segment(table_->shape_of(RecordFormat::kLine));
  record.add(table_->find_path("message"), "hello");
  EXPECT_EQ(text(run(record)), "message=hello;");
}

}  // namespace
}  // namespace catena::normalise
