// SPDX-License-Identifier: Apache-2.0
#include "engine/incident/canonical.h"

#include <gtest/gtest.h>

namespace catena::incident {
namespace {

TEST(CanonicalForms, AreStable) {
  EXPECT_EQ(canonical_host("10.1.2.3"), "10.1.2.3");
  EXPECT_EQ(canonical_host("Web-01.shop.example"), "web-01");
  EXPECT_EQ(canonical_user("SHOP\\Alice"), "alice");
  EXPECT_EQ(canonical_user("alice@shop.example"), "alice");
  EXPECT_EQ(canonical_ip("2001:DB8:0:0::1"), "2001:db8::1");
  EXPECT_FALSE(canonical_ip("not an address").has_value());
  EXPECT_EQ(canonical_guid("{3DDC5665-E7F3-5F51-DC00-000000000400}"),
            "3ddc5665-e7f3-5f51-dc00-000000000400");
  EXPECT_FALSE(canonical_guid("{00000000-0000-0000-0000-000000000000}").has_value());
  EXPECT_FALSE(canonical_guid("42").has_value());
}

TEST(CanonicalForms, NumbersOfProcessesAndLogons) {
  EXPECT_EQ(parse_number_id("0x1a2b"), 6699U);
  EXPECT_EQ(parse_number_id("6699"), 6699U);
  EXPECT_FALSE(parse_number_id("").has_value());
  EXPECT_FALSE(parse_number_id("-").has_value());
  EXPECT_FALSE(parse_number_id("12 ").has_value());
  EXPECT_EQ(pid_value("ws", 6699), "ws|pid:6699");
  EXPECT_EQ(logon_value("ws", 6699), "ws|0x1a2b");
  EXPECT_EQ(account_value("ws", "alice"), "ws|alice");
}

TEST(CanonicalForms, FindThePowerShellHost) {
  const std::string id = "72bf4efc-6954-4495-997b-c187685146b3";
  EXPECT_EQ(powershell_host_id("a\tHostId=" + id + "\r\n"), id);
  EXPECT_EQ(powershell_host_id("Host ID = " + id), id);
  EXPECT_EQ(powershell_host_id("HostId=" + id.substr(1)), "");
  EXPECT_EQ(powershell_host_id("HostId=\n"), "");
  EXPECT_EQ(powershell_host_id(std::string(kMaxHostIdSearch, 'x') + "HostId=" + id), "");
}

TEST(CanonicalForms, KnowTheAddressesOfOnesOwnNetwork) {
  for (const char* own : {"10.0.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "fd00::1"}) {
    EXPECT_TRUE(is_private_ip(own)) << own;
  }
  for (const char* foreign : {"172.32.0.1", "203.0.113.9", "2001:db8::1", "11.0.0.1", "x"}) {
    EXPECT_FALSE(is_private_ip(foreign)) << foreign;
  }
}

}  // namespace
}  // namespace catena::incident
