// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/listen_address.h"

#include <gtest/gtest.h>

namespace catena::net {
namespace {

TEST(ListenAddress, Parses) {
  const struct {
    const char* text;
    const char* host;
    std::uint16_t port;
  } cases[] = {{"127.0.0.1:514", "127.0.0.1", 514}, {"0.0.0.0:6514", "0.0.0.0", 6514},
               {"[::1]:9200", "::1", 9200},         {"[::]:1", "::", 1},
               {":514", "127.0.0.1", 514},          {"514", "127.0.0.1", 514},
               {"127.0.0.1:0", "127.0.0.1", 0}};
  for (const auto& example : cases) {
    const Result<ListenAddress> address = parse_listen_address(example.text);
    ASSERT_TRUE(address.ok()) << example.text;
    EXPECT_EQ(address->host, example.host) << example.text;
    EXPECT_EQ(address->port, example.port) << example.text;
  }
}

TEST(ListenAddress, RefusesWhatIsNone) {
  for (const char* text :
       {"", ":", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "localhost:514", "::1:514",
        "[127.0.0.1]:514", "256.0.0.1:514", "127.0.0.1:51 4"}) {
    EXPECT_FALSE(parse_listen_address(text).ok()) << text;
  }
}

TEST(ListenAddress, KnowsLoopback) {
  for (const char* host : {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(is_loopback({host, 1})) << host;
  }
  for (const char* host : {"0.0.0.0", "10.0.0.1", "::", "::2", "128.0.0.1", "::ffff:10.0.0.1"}) {
    EXPECT_FALSE(is_loopback({host, 1})) << host;
  }
}

TEST(ListenAddress, PlaintextBeyondLoopbackNeedsAWord) {
  for (const bool loopback : {false, true}) {
    for (const bool tls : {false, true}) {
      for (const bool accepted : {false, true}) {
        const ListenAddress address{loopback ? "127.0.0.1" : "0.0.0.0", 514};
        EXPECT_EQ(check_exposure("syslog", address, tls, accepted).ok(),
                  loopback || tls || accepted);
      }
    }
  }
}

}  // namespace
}  // namespace catena::net
