// SPDX-License-Identifier: Apache-2.0
#include "engine/lineage/lineage_index.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/detection_fixture.h"

namespace catena::lineage {
namespace {

using incident::Entity;
using incident::EntityType;

bool has(const incident::Detection& detection, EntityType type, const std::string& value) {
  const auto& entities = detection.entities;
  return std::find(entities.begin(), entities.end(), Entity{type, value}) != entities.end();
}

// alice on "ws" (10.0.0.5) logs on to "srv" at minute 10 with session 0x1a2b.
Facts remote_logon(std::uint16_t port) {
  Facts facts;
  const Timestamp at = 10 * kNanosPerMinute;
  facts.logons.push_back({at, "srv", 0x1a2b, "alice", "10.0.0.5", "", port});
  facts.addresses.push_back({at, at, "10.0.0.5", "ws"});
  facts.connections.push_back({at, "ws", "10.0.0.5", 50504, {1, 2}, 77});
  return facts;
}

TEST(LineageIndex, GivesProcessesTheirNames) {
  LineageIndex index;
  Facts facts;
  ProcessStart& start = facts.starts.emplace_back();
  start.time = kNanosPerMinute;
  start.host = "ws";
  start.pid = 42;
  start.guid = {1, 2};
  start.parent_guid = {1, 1};
  index.observe(facts);
  auto detection = test::make_detection(2, "r", {test::host("ws"), test::process("ws|pid:42")});
  index.complete(detection);
  EXPECT_TRUE(has(detection, EntityType::kProcess, ProcessGuid{1, 2}.entity_value()));
  EXPECT_FALSE(has(detection, EntityType::kProcess, "ws|pid:42"));
  EXPECT_TRUE(has(detection, EntityType::kAncestor, ProcessGuid{1, 1}.entity_value()));
}

TEST(LineageIndex, APowerShellHostIsTheProcessThatSaidSo) {
  LineageIndex index;
  Facts facts;
  facts.aliases.push_back({kNanosPerMinute, "ws", {9, 9}, 42});
  index.observe(facts);
  auto detection = test::make_detection(
      2, "r", {test::host("ws"), test::process(ProcessGuid{9, 9}.entity_value())});
  index.complete(detection);
  EXPECT_TRUE(has(detection, EntityType::kProcess, "ws|pid:42"));
}

TEST(LineageIndex, ASessionLeadsToTheProcessThatOpenedIt) {
  LineageIndex index;
  index.observe(remote_logon(50504));
  auto detection =
      test::make_detection(20, "r", {test::host("srv"), {EntityType::kLogon, "srv|0x1a2b"}});
  index.complete(detection);
  EXPECT_TRUE(has(detection, EntityType::kRemote, "srv|0x1a2b"));
  EXPECT_TRUE(has(detection, EntityType::kRemote, ProcessGuid{1, 2}.entity_value()));
}

TEST(LineageIndex, ElseToTheAccountOnTheOtherMachine) {
  LineageIndex index;
  index.observe(remote_logon(0));
  auto detection =
      test::make_detection(20, "r", {test::host("srv"), {EntityType::kLogon, "srv|0x1a2b"}});
  index.complete(detection);
  EXPECT_TRUE(has(detection, EntityType::kRemote, "ws|alice"));
}

TEST(LineageIndex, ARecordWithoutAProcessBelongsToTheLogonJustBefore) {
  LineageIndex index;
  index.observe(remote_logon(0));
  auto service = test::make_detection(10, "service installed", {test::host("srv")});
  index.complete(service);
  EXPECT_TRUE(has(service, EntityType::kRemote, "ws|alice"));
  auto late = test::make_detection(12, "service installed", {test::host("srv")});
  index.complete(late);
  EXPECT_EQ(late.entities.size(), 1U);
  auto foreign = test::make_detection(10, "r", {test::host("srv"), test::user("bob")});
  index.complete(foreign);
  EXPECT_EQ(foreign.entities.size(), 2U);
  auto local = test::make_detection(10, "r", {test::host("srv"), test::process("srv|pid:9")});
  index.complete(local);
  EXPECT_EQ(local.entities.size(), 2U);
}

TEST(LineageIndex, EntitiesStayBounded) {
  LineageIndex index;
  std::vector<Entity> many;
  for (std::size_t i = 0; i < LineageIndex::kMaxEntities + 30; ++i) {
    many.push_back(test::process("ws|pid:" + std::to_string(100 + i)));
  }
  auto detection = test::make_detection(1, "r", many);
  index.complete(detection);
  EXPECT_LE(detection.entities.size(), LineageIndex::kMaxEntities);
}

}  // namespace
}  // namespace catena::lineage
