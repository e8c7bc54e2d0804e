// SPDX-License-Identifier: Apache-2.0
#include "engine/base/ip_network.h"

#include <gtest/gtest.h>

namespace catena {
namespace {

bool inside(std::string_view network, std::string_view address) {
  return contains(*parse_ip_network(network), *parse_ip_address(address));
}

TEST(IpNetwork, HoldsItsAddressesInBothForms) {
  EXPECT_TRUE(inside("10.0.0.0/8", "10.255.1.2"));
  EXPECT_FALSE(inside("10.0.0.0/8", "11.0.0.1"));
  EXPECT_TRUE(inside("10.1.2.3/8", "10.9.9.9"));  // host bits may be set
  EXPECT_TRUE(inside("10.0.0.0/8", "::ffff:10.0.0.1"));
  EXPECT_TRUE(inside("192.168.1.128/25", "192.168.1.200"));
  EXPECT_FALSE(inside("192.168.1.128/25", "192.168.1.100"));
  EXPECT_TRUE(inside("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(inside("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_TRUE(inside("0.0.0.0/0", "1.2.3.4"));
  EXPECT_FALSE(inside("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(inside("::/0", "2001:db8::1"));
  EXPECT_FALSE(inside("::/0", "1.2.3.4"));
  EXPECT_FALSE(inside("::/0", "::ffff:1.2.3.4"));
  EXPECT_TRUE(inside("::/0", "::1.2.3.4"));
  EXPECT_TRUE(inside("::ffff:0:0/96", "1.2.3.4"));
  EXPECT_TRUE(inside("203.0.113.7", "203.0.113.7"));
  EXPECT_TRUE(inside("fe80::/10", "fe80::1%eth0"));
}

TEST(IpNetwork, RefusesWhatIsNone) {
  for (const char* text : {"", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/", "10.0.0.0/x",
                           "host/8", "10.0.0.0/8 ", "1.2.3.4.5"}) {
    EXPECT_FALSE(parse_ip_network(text).has_value()) << text;
  }
  EXPECT_FALSE(parse_ip_address("shop.example").has_value());
  EXPECT_FALSE(parse_ip_address(std::string(1000, '1')).has_value());
}

}  // namespace
}  // namespace catena
