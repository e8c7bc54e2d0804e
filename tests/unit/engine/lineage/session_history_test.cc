// SPDX-License-Identifier: Apache-2.0
#include "engine/lineage/session_history.h"

#include <gtest/gtest.h>

namespace catena::lineage {
namespace {

constexpr Timestamp kSecond = kNanosPerSecond;

RemoteLogon logon(Timestamp seconds, std::uint64_t id, const std::string& ip,
                  std::uint16_t port = 0) {
  return {seconds * kSecond, "srv", id, "alice", ip, "", port};
}

TEST(SessionHistory, FindsASessionByItsIdWhileItIsTheLatestWithIt) {
  SessionHistory history;
  history.observe(logon(10, 0x1a, "10.0.0.5"));
  history.observe(logon(1000, 0x1a, "10.0.0.6"));
  EXPECT_EQ(history.session("srv", 0x1a, 500 * kSecond)->from_ip, "10.0.0.5");
  EXPECT_EQ(history.session("srv", 0x1a, 1500 * kSecond)->from_ip, "10.0.0.6");
  EXPECT_EQ(history.session("srv", 0x1b, 500 * kSecond), nullptr);
  EXPECT_EQ(history.session("other", 0x1a, 500 * kSecond), nullptr);
  EXPECT_EQ(history.session("srv", 0, 500 * kSecond), nullptr);
}

TEST(SessionHistory, TheNewestLogonCountsForSecondsAndWhenNobodyElseLoggedOn) {
  SessionHistory history;
  history.observe(logon(10, 0x1a, "10.0.0.5"));
  history.observe(logon(12, 0x1b, "10.0.0.5"));
  EXPECT_EQ(history.only_logon("srv", 14 * kSecond).logon->logon, 0x1bU);
  EXPECT_FALSE(history.only_logon("srv", 14 * kSecond).several);
  EXPECT_TRUE(history.only_logon("srv", 13 * kSecond).several);
  EXPECT_EQ(history.only_logon("srv", 30 * kSecond).logon, nullptr);
  EXPECT_EQ(history.only_logon("srv", 5 * kSecond).logon, nullptr);
  history.observe(logon(13, 0x1c, "10.0.0.6"));
  EXPECT_EQ(history.only_logon("srv", 14 * kSecond).logon, nullptr);
}

TEST(SessionHistory, FindsTheConnectionOfALogonByItsPort) {
  SessionHistory history;
  history.observe(Connection{9 * kSecond, "ws", "10.0.0.5", 50504, {1, 2}, 77});
  history.observe(Connection{9 * kSecond, "ws", "10.0.0.5", 50505, {1, 3}, 78});
  const Connection* found = history.connection_of(logon(10, 1, "10.0.0.5", 50504));
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->pid, 77U);
  EXPECT_EQ(history.connection_of(logon(10, 1, "10.0.0.5", 50506)), nullptr);
  EXPECT_EQ(history.connection_of(logon(100, 1, "10.0.0.5", 50504)), nullptr);
  EXPECT_EQ(history.connection_of(logon(10, 1, "10.0.0.5")), nullptr);
}

TEST(SessionHistory, AnAddressMovesAndOneOfManyHostsIsNobodys) {
  SessionHistory history;
  history.observe(HostAddress{10 * kSecond, 10 * kSecond, "10.0.0.5", "ws-a"});
  history.observe(HostAddress{100 * kSecond, 100 * kSecond, "10.0.0.5", "ws-b"});
  EXPECT_EQ(history.host_of("10.0.0.5", 20 * kSecond), "ws-a");
  EXPECT_EQ(history.host_of("10.0.0.5", 99 * kSecond), "ws-b");
  EXPECT_EQ(history.host_of("10.0.0.6", 99 * kSecond), "");
  for (const char* name : {"c", "d", "e"})
    history.observe(HostAddress{kSecond, kSecond, "10.0.0.5", name});
  EXPECT_EQ(history.host_of("10.0.0.5", 20 * kSecond), "");
}

TEST(SessionHistory, ForgetsByEventTime) {
  SessionHistory history;
  history.observe(logon(10, 0x1a, "10.0.0.5"));
  history.observe(HostAddress{10 * kSecond, 10 * kSecond, "10.0.0.5", "ws"});
  history.forget_before(20 * kSecond);
  EXPECT_EQ(history.session("srv", 0x1a, 15 * kSecond), nullptr);
  EXPECT_EQ(history.only_logon("srv", 12 * kSecond).logon, nullptr);
  EXPECT_EQ(history.host_of("10.0.0.5", 15 * kSecond), "");
}

}  // namespace
}  // namespace catena::lineage
