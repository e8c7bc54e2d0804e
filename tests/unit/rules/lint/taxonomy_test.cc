// SPDX-License-Identifier: Apache-2.0
#include "rules/lint/taxonomy.h"

#include <gtest/gtest.h>

namespace catena::lint {
namespace {

const LogSourceSelector kProcesses = {"windows", "process_creation", ""};

TEST(Taxonomy, JoinsPacksAndMapping) {
  Taxonomy taxonomy;
  ASSERT_TRUE(taxonomy
                  .add_pack("taxonomy: 1\nsources:\n"
                            "- {every: windows, fields: [EventID]}\n"
                            "- {product: windows, category: process_creation, fields: [Image], "
                            "also: [Extra]}\n"
                            "- {category: proxy, fields: c-ip}\n",
                            "t.yml")
                  .ok());
  normalise::MappingDefinition mapping;
  normalise::LogSourceTable table;
  table.product = "windows";
  normalise::LogSourceEntry entry;
  entry.when = {{"EventID", normalise::Condition::Operator::kEquals, {"1", "4688"}}};
  entry.categories = {"process_creation"};
  entry.aliases = {{"Image", {"NewProcessName"}}};
  entry.moves = {{"ProcessId", "ParentProcessId"}};
  table.entries.push_back(entry);
  entry.categories = {"file_event"};
  table.entries.push_back(entry);
  entry.when.clear();
  table.entries.push_back(entry);  // events of the category without an id
  mapping.tables.push_back(table);
  taxonomy.add_mapping(mapping);

  const auto* fields = taxonomy.fields({"windows", "process_creation", "sysmon"});
  ASSERT_NE(fields, nullptr);
  for (const char* name :
       {"EventID", "Image", "Extra", "NewProcessName", "ProcessId", "ParentProcessId"}) {
    EXPECT_TRUE(fields->contains(name)) << name;
  }
  EXPECT_FALSE(fields->contains("image"));
  ASSERT_NE(taxonomy.event_ids(kProcesses), nullptr);
  EXPECT_EQ(taxonomy.event_ids(kProcesses)->size(), 2u);
  EXPECT_EQ(taxonomy.event_ids({"windows", "file_event", ""}), nullptr);
  EXPECT_EQ(taxonomy.fields({"windows", "", ""}), nullptr);
  EXPECT_EQ(taxonomy.fields({"linux", "process_creation", ""}), nullptr);
  EXPECT_NE(taxonomy.fields({"", "proxy", ""}), nullptr);
}

TEST(Taxonomy, RefusesPacksWithTheirPlace) {
  Taxonomy taxonomy;
  const auto message = [&taxonomy](const char* text) {
    const Status status = taxonomy.add_pack(text, "t.yml");
    EXPECT_FALSE(status.ok()) << text;
    return status.message();
  };
  EXPECT_EQ(message("sources: []"), "t.yml:1:1: key 'taxonomy' is missing");
  EXPECT_EQ(message("taxonomy: 2\nsources: []"), "t.yml:1:1: the version of the taxonomy is not 1");
  EXPECT_EQ(message("taxonomy: 1\nsources:\n- {fields: [a]}"),
            "t.yml:3:3: the source names nothing");
  EXPECT_EQ(message("taxonomy: 1\nsources:\n- {product: a, field: [a]}"),
            "t.yml:3:16: key 'field' is not known here");
}

}  // namespace
}  // namespace catena::lint
