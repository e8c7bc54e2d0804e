// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/squid_line.h"

#include <gtest/gtest.h>

namespace catena::codec {
namespace {

TEST(SquidLine, ReadsEveryColumn) {
  const auto line = parse_squid_line(
      "1772445601.101    180 192.0.2.4 TCP_MISS/200 4411 GET http://ana@files.example:81/a.exe?x=1 "
      "ana HIER_DIRECT/198.51.100.7 text/html");
  ASSERT_TRUE(line.has_value());
  EXPECT_EQ(format_iso8601(line->time), "2026-03-02T10:00:01.101Z");
  EXPECT_EQ(line->client, "192.0.2.4");
  EXPECT_EQ(line->result, "TCP_MISS");
  EXPECT_EQ(line->status, "200");
  EXPECT_EQ(line->bytes, "4411");
  EXPECT_EQ(line->method, "GET");
  EXPECT_EQ(line->url, "http://ana@files.example:81/a.exe?x=1");
  EXPECT_EQ(line->host, "files.example");
  EXPECT_EQ(line->user, "ana");
  EXPECT_EQ(line->peer, "198.51.100.7");
  EXPECT_EQ(line->content_type, "text/html");
}

TEST(SquidLine, LeavesDashesEmpty) {
  const auto line = parse_squid_line(
      "1772445602.202 12 192.0.2.4 TCP_TUNNEL/200 9911 CONNECT www.example:443 - HIER_NONE/- -");
  ASSERT_TRUE(line.has_value());
  EXPECT_EQ(line->host, "www.example");
  EXPECT_EQ(line->user, "");
  EXPECT_EQ(line->peer, "");
  EXPECT_EQ(line->content_type, "");
}

TEST(SquidLine, RefusesOtherLines) {
  for (const char* text :
       {"", "1772445602.202 12 192.0.2.4 TCP_TUNNEL/200 9911 CONNECT www.example:443 - HIER_NONE/-",
        "1772445602 12 192.0.2.4 TCP_MISS/200 9 GET u - H/- -",
        "1772445602.202 x 192.0.2.4 TCP_MISS/200 9 GET u - H/- -",
        "1772445602.202 12 192.0.2.4 TCP_MISS 9 GET u - H/- -",
        "1772445602.202 12 192.0.2.4 TCP_MISS/2x0 9 GET u - H/- -"}) {
    EXPECT_FALSE(parse_squid_line(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace catena::codec
