// SPDX-License-Identifier: Apache-2.0
#include "engine/normalise/normalisation_table.h"

#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace catena::normalise {
namespace {

Shape shape(std::string name, RecordFormat format = RecordFormat::kJson) {
  Shape out;
  out.name = std::move(name);
  out.formats = {format};
  return out;
}

std::string failure(MappingDefinition definition) {
  const auto created = NormalisationTable::create(std::move(definition));
  return created.ok() ? "ok" : created.status().message();
}

TEST(NormalisationTable, RefusesWhatItCannotHold) {
  EXPECT_EQ(failure({}), "ok");
  Shape lost = shape("a");
  lost.log_sources = "nowhere";
  EXPECT_EQ(failure({{lost}, {}}), "shape a: no log source table named nowhere");
  EXPECT_EQ(failure({{shape("a", RecordFormat::kLine), shape("b", RecordFormat::kLine)}, {}}),
            "shape b: a second shape for format line");
  MappingDefinition many_shapes;
  for (std::size_t i = 0; i <= kMaxShapes; ++i)
    many_shapes.shapes.push_back(shape(std::to_string(i)));
  EXPECT_EQ(failure(many_shapes), "more than 256 shapes");
  Shape markers = shape("m");
  for (std::size_t i = 0; i <= kMaxMarkers; ++i)
    markers.when_any.push_back("p" + std::to_string(i));
  EXPECT_EQ(failure({{markers}, {}}), "more than 192 paths in `when` of shapes");
  Shape times = shape("t");
  for (std::size_t i = 0; i <= kMaxTimeRules; ++i) times.times.push_back({"p", {}, {}, {}});
  EXPECT_EQ(failure({{times}, {}}), "shape t: more than 8 time paths");
}

TEST(NormalisationTable, RefusesTooManyKeyCombinations) {
  LogSourceTable table;
  table.name = "t";
  table.by = {"a", "b"};
  LogSourceEntry entry;
  for (const char* field : {"a", "b"}) {
    Condition condition{field, Condition::Operator::kEquals, {}};
    for (int i = 0; i < 70; ++i) condition.values.push_back(std::to_string(i));
    entry.when.push_back(condition);
  }
  table.entries = {entry};
  EXPECT_EQ(failure({{}, {table}}), "t: an entry has more than 4096 key combinations");
  table.by = {"a", "b", "c", "d"};
  table.entries.clear();
  EXPECT_EQ(failure({{}, {table}}), "t: more than 3 key fields");
}

TEST(NormalisationTable, LogSourcesAreCompleteBeforeFinish) {
  LogSourceTable table;
  table.name = "t";
  table.product = "aws";
  LogSourceEntry entry;
  entry.services = {"cloudtrail"};
  table.entries = {entry};
  const auto created = NormalisationTable::create({{}, {table}});
  ASSERT_TRUE(created.ok());
  EXPECT_TRUE((*created)->log_sources().reachable({"aws", "", "cloudtrail"}));
  EXPECT_FALSE((*created)->log_sources().reachable({"aws", "", "other"}));
}

TEST(NormalisationTable, KnowsCatalogNamesEntityFieldsAndNothingLonger) {
  auto created = NormalisationTable::create({});
  ASSERT_TRUE(created.ok());
  FieldCatalog catalog;
  const FieldId long_name = catalog.intern(std::string(kMaxPathBytes + 1, 'x'));
  (*created)->finish(catalog);
  const NormalisationTable& table = **created;
  EXPECT_EQ(catalog.name(table.own_field(table.find_path("ProcessGuid"))), "ProcessGuid");
  EXPECT_EQ(table.path_name(table.find_path("_flag")), "_flag");
  EXPECT_EQ(table.find_path("no such path"), kUnknownPath);
  EXPECT_EQ(table.find_path(catalog.name(long_name)), kUnknownPath);
  EXPECT_EQ(table.find_path(""), kUnknownPath);
}

TEST(NormalisationTable, FormatNamesAreTwoWay) {
  for (std::size_t i = 0; i < kRecordFormatCount; ++i) {
    const auto format = static_cast<RecordFormat>(i);
    EXPECT_EQ(parse_record_format(record_format_name(format)), format);
  }
  EXPECT_FALSE(parse_record_format("nothing").has_value());
}

TEST(NormalisationTable, BlanksInPathsDoNotCount) {
  Shape defender = shape("defender");
  defender.strip_prefixes = {"Event.EventData."};
  auto table = NormalisationTable::create({{defender}, {}});
  ASSERT_TRUE(table.ok());
  FieldCatalog catalog;
  catalog.intern("ThreatName");
  (*table)->finish(catalog);
  const PathId known = (*table)->find_path("Event.EventData.ThreatName");
  EXPECT_NE(known, kUnknownPath);
  EXPECT_EQ((*table)->find_path("Event.EventData.Threat Name"), known);
  EXPECT_EQ((*table)->find_path("Event.EventData.Threat Names"), kUnknownPath);
  EXPECT_EQ((*table)->find_path("   "), kUnknownPath);
}

}  // namespace
}  // namespace catena::normalise
