// SPDX-License-Identifier: Apache-2.0
#include "engine/lineage/observer.h"

#include <gtest/gtest.h>

#include "tests/support/event_fixture.h"

namespace catena::lineage {
namespace {

class ObserverTest : public testing::Test {
 protected:
  ObserverTest() { observer_.bind(sources_); }

  Facts observe(const std::vector<test::EventFixture::Value>& values, LogSourceId source) {
    Event event = events_.make(values, source);
    event.time = 90 * kNanosPerSecond;
    Facts facts;
    Arena arena;
    observer_.observe(event, arena, facts);
    return facts;
  }

  FieldCatalog fields_;
  LogSourceCatalog sources_;
  LogSourceId start_ = sources_.intern({"windows", {"process_creation"}, {"sysmon"}});
  LogSourceId network_ = sources_.intern({"windows", {"network_connection"}, {"sysmon"}});
  LogSourceId security_ = sources_.intern({"windows", {}, {"security"}});
  LogSourceId sshd_ = sources_.intern({"linux", {}, {"auth", "sshd"}});
  LogSourceId script_ = sources_.intern({"windows", {"ps_module"}, {"powershell"}});
  LogSourceId other_ = sources_.intern({"windows", {"registry_set"}, {"sysmon"}});
  Observer observer_{fields_};
  test::EventFixture events_{fields_};
};

TEST_F(ObserverTest, ReadsAProcessStart) {
  const Facts facts = observe({{"Computer", "WS.corp.example"},
                               {"ProcessGuid", "{11111111-1111-1111-1111-111111111111}"},
                               {"ParentProcessGuid", "{22222222-2222-2222-2222-222222222222}"},
                               {"ProcessId", "0x1a2b"},
                               {"ParentProcessId", "500"},
                               {"Image", "C:\\x\\child.exe"},
                               {"ParentImage", "C:\\Windows\\System32\\services.exe"}},
                              start_);
  ASSERT_EQ(facts.starts.size(), 1U);
  const ProcessStart& start = facts.starts.front();
  EXPECT_EQ(start.host, "ws");
  EXPECT_EQ(start.pid, 6699U);
  EXPECT_EQ(start.parent_pid, 500U);
  EXPECT_FALSE(start.is_root);
  EXPECT_TRUE(start.parent_is_root);
  EXPECT_FALSE(start.guid.is_zero());
}

TEST_F(ObserverTest, ReadsALogonOverTheNetworkOfAPerson) {
  std::vector<test::EventFixture::Value> logon = {
      {"EventID", "4624"},       {"Computer", "srv"},         {"LogonType", "3"},
      {"TargetUserName", "Bob"}, {"TargetLogonId", "0x1a2b"}, {"IpAddress", "::ffff:10.0.0.5"},
      {"IpPort", "50504"}};
  const Facts facts = observe(logon, security_);
  ASSERT_EQ(facts.logons.size(), 1U);
  EXPECT_EQ(facts.logons[0].user, "bob");
  EXPECT_EQ(facts.logons[0].logon, 6699U);
  EXPECT_EQ(facts.logons[0].from_ip, "10.0.0.5");
  EXPECT_EQ(facts.logons[0].from_port, 50504);
  logon[3].text = "SRV$";
  EXPECT_TRUE(observe(logon, security_).logons.empty());
  logon[3].text = "bob";
  logon[2].text = "5";
  EXPECT_TRUE(observe(logon, security_).logons.empty());
  logon[2].text = "3";
  logon[5].text = "127.0.0.1";
  EXPECT_TRUE(observe(logon, security_).logons.empty());
}

TEST_F(ObserverTest, ReadsAConnectionAndWhoseAddressItIs) {
  const Facts facts = observe({{"Computer", "ws"},
                               {"Initiated", "true"},
                               {"SourceIp", "10.0.0.5"},
                               {"SourcePort", "50504"},
                               {"DestinationIp", "10.0.0.9"},
                               {"ProcessId", "77"},
                               {"Image", "C:\\x\\tool.exe"}},
                              network_);
  ASSERT_EQ(facts.connections.size(), 1U);
  EXPECT_EQ(facts.connections[0].from_port, 50504);
  ASSERT_EQ(facts.addresses.size(), 1U);
  EXPECT_EQ(facts.addresses[0].ip, "10.0.0.5");
  const Facts inbound = observe({{"Computer", "srv"},
                                 {"Initiated", "false"},
                                 {"SourceIp", "10.0.0.5"},
                                 {"DestinationIp", "10.0.0.9"},
                                 {"ProcessId", "78"}},
                                network_);
  EXPECT_TRUE(inbound.connections.empty());
  const Facts filtered = observe({{"EventID", "5156"},
                                  {"Computer", "srv"},
                                  {"Direction", "%%14592"},
                                  {"SourceIp", "10.0.0.5"},
                                  {"DestinationIp", "10.0.0.9"}},
                                 security_);
  ASSERT_EQ(filtered.addresses.size(), 1U);
  EXPECT_EQ(filtered.addresses[0].ip, "10.0.0.9");
  ASSERT_EQ(inbound.addresses.size(), 1U);
  EXPECT_EQ(inbound.addresses[0].ip, "10.0.0.9");
}

TEST_F(ObserverTest, ReadsSshLogons) {
  const Facts facts = observe(
      {{"host", "gw"}, {"message", "Accepted publickey for bob from 10.0.0.5 port 51122 ssh2"}},
      sshd_);
  ASSERT_EQ(facts.logons.size(), 1U);
  EXPECT_EQ(facts.logons[0].user, "bob");
  EXPECT_EQ(facts.logons[0].from_port, 51122);
  EXPECT_TRUE(observe({{"host", "gw"}, {"message", "Accepted nothing"}}, sshd_).logons.empty());
}

TEST_F(ObserverTest, ReadsWhichProcessAPowerShellHostIs) {
  const Facts facts = observe({{"EventID", "4103"},
                               {"Computer", "ws"},
                               {"Execution_ProcessID", "8948"},
                               {"ContextInfo", " Host ID = 72bf4efc-6954-4495-997b-c187685146b3"}},
                              script_);
  ASSERT_EQ(facts.aliases.size(), 1U);
  EXPECT_EQ(facts.aliases[0].pid, 8948U);
  EXPECT_FALSE(facts.aliases[0].guid.is_zero());
}

TEST_F(ObserverTest, OtherEventsTellNothing) {
  const Facts facts = observe({{"Computer", "ws"}, {"ProcessId", "77"}}, other_);
  EXPECT_TRUE(facts.starts.empty() && facts.ends.empty() && facts.logons.empty() &&
              facts.connections.empty() && facts.addresses.empty());
}

}  // namespace
}  // namespace catena::lineage
