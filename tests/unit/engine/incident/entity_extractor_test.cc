// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/entity_extractor.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/event_fixture.h"

namespace catena::incident {
namespace {

class EntityExtractorTest : public testing::Test {
 protected:
  FieldCatalog fields_;
  EntityExtractor extractor_{fields_};
  test::EventFixture events_{fields_};

  bool has(const Event& event, EntityType type, const std::string& value) {
    const auto entities = extractor_.extract(event);
    return std::find(entities.begin(), entities.end(), Entity{type, value}) != entities.end();
  }
};

TEST_F(EntityExtractorTest, ReadsASysmonEventInCanonicalForm) {
  const Event event = events_.make({{"Computer", "WS-042.corp.example"},
                                    {"User", "CORP\\Alice"},
                                    {"ProcessGuid", "{3DDC5665-E7F3-5F51-DC00-000000000400}"},
                                    {"Image", "C:\\Users\\alice\\Invoice.exe"},
                                    {"DestinationIp", "::ffff:203.0.113.9"}});
  EXPECT_TRUE(has(event, EntityType::kHost, "ws-042"));
  EXPECT_TRUE(has(event, EntityType::kUser, "alice"));
  EXPECT_TRUE(has(event, EntityType::kProcess, "guid:3ddc5665-e7f3-5f51-dc00-000000000400"));
  EXPECT_TRUE(has(event, EntityType::kFile, "ws-042|c:\\users\\alice\\invoice.exe"));
  EXPECT_TRUE(has(event, EntityType::kIp, "203.0.113.9"));
}

TEST_F(EntityExtractorTest, RootProcessesAreNoReasonToJoin) {
  const Event event = events_.make({{"Computer", "a"},
                                    {"ProcessGuid", "{11111111-1111-1111-1111-111111111111}"},
                                    {"Image", "C:\\Windows\\System32\\svchost.exe"},
                                    {"ParentProcessGuid", "{22222222-2222-2222-2222-222222222222}"},
                                    {"ParentImage", "C:\\Windows\\System32\\services.exe"}});
  for (const Entity& entity : extractor_.extract(event)) {
    EXPECT_NE(entity.type, EntityType::kProcess);
    EXPECT_NE(entity.type, EntityType::kAncestor);
  }
}

TEST_F(EntityExtractorTest, ProcessIdsAreDecimalAndPerHost) {
  const Event hex = events_.make({{"Computer", "dc01"}, {"ProcessId", "0x1f4"}});
  const Event decimal = events_.make({{"Computer", "DC01"}, {"ProcessId", "500"}});
  EXPECT_TRUE(has(hex, EntityType::kProcess, "dc01|pid:500"));
  EXPECT_TRUE(has(decimal, EntityType::kProcess, "dc01|pid:500"));
  EXPECT_FALSE(has(events_.make({{"Computer", "dc01"}, {"ProcessId", "4"}}), EntityType::kProcess,
                   "dc01|pid:4"));
}

TEST_F(EntityExtractorTest, SystemFilesJoinNothing) {
  const Event event = events_.make({{"Computer", "a"}, {"TargetFilename", "C:\\Windows\\x.dll"}});
  for (const Entity& entity : extractor_.extract(event)) {
    EXPECT_NE(entity.type, EntityType::kFile);
  }
}

TEST_F(EntityExtractorTest, ReadsEntitiesOutOfMessages) {
  const Event event =
      events_.make({{"Computer", "gw"},
                    {"message", "Accepted password for bob from 198.51.100.7 port 51122 ssh2"}});
  EXPECT_TRUE(has(event, EntityType::kUser, "bob"));
  EXPECT_TRUE(has(event, EntityType::kIp, "198.51.100.7"));
}

TEST_F(EntityExtractorTest, TheWriterOfARecordIsItsSubjectOnlyWhereScriptsAreLogged) {
  const std::string value = "dc01|pid:700";
  EXPECT_FALSE(has(
      events_.make({{"Computer", "dc01"}, {"Channel", "System"}, {"Execution_ProcessID", "700"}}),
      EntityType::kProcess, value));
  EXPECT_TRUE(has(events_.make({{"Computer", "dc01"},
                                {"Channel", "Microsoft-Windows-PowerShell/Operational"},
                                {"Execution_ProcessID", "700"}}),
                  EntityType::kProcess, value));
}

TEST_F(EntityExtractorTest, AScriptRecordNamesItsPowerShellHost) {
  EXPECT_TRUE(has(events_.make({{"Computer", "ws"},
                                {"Channel", "Windows PowerShell"},
                                {"Message",
                                 "Pipeline\n\tHostName=ConsoleHost\n\t"
                                 "HostId=72BF4efc-6954-4495-997b-c187685146b3\n\t"}}),
                  EntityType::kProcess, "guid:72bf4efc-6954-4495-997b-c187685146b3"));
}

TEST_F(EntityExtractorTest, AProcessKnownByItsNameAloneMayBeARootToo) {
  EXPECT_FALSE(has(events_.make({{"Computer", "dc01"},
                                 {"ProcessName", "C:\\Windows\\System32\\lsass.exe"},
                                 {"ProcessId", "0x2b8"}}),
                   EntityType::kProcess, "dc01|pid:696"));
}

}  // namespace
}  // namespace catena::incident
