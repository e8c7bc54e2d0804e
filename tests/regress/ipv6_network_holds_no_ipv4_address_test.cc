// SPDX-License-Identifier: Apache-2.0
// "::/0" stands for all of IPv6. It matched IPv4 addresses too, since those are kept in their
// mapped form.
#include <gtest/gtest.h>

#include "engine/base/ip_network.h"

namespace catena {
namespace {

TEST(Ipv6Network, HoldsNoIpv4Address) {
  for (const char* network : {"::/0", "::/1", "::/80"}) {
    EXPECT_FALSE(contains(*parse_ip_network(network), *parse_ip_address("192.0.2.1"))) << network;
    EXPECT_TRUE(contains(*parse_ip_network(network), *parse_ip_address("::1"))) << network;
  }
}

}  // namespace
}  // namespace catena
