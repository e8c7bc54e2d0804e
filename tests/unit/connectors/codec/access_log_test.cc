// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/access_log.h"

#include <string>

#include <gtest/gtest.h>

namespace catena::codec {
namespace {

TEST(AccessLog, CommonFormat) {
  const auto line =
      parse_access_log("::1 - - [10/Oct/2000:13:55:36 +0130] \"HEAD /x?y?z HTTP/1.0\" 404 -");
  ASSERT_TRUE(line.has_value());
  EXPECT_EQ(line->client, "::1");
  EXPECT_EQ(line->user, "");
  EXPECT_EQ(format_iso8601(line->time), "2000-10-10T12:25:36.000Z");
  EXPECT_EQ(line->stem, "/x");
  EXPECT_EQ(line->query, "y?z");
  EXPECT_EQ(line->version, "HTTP/1.0");
  EXPECT_EQ(line->bytes, "");
}

TEST(AccessLog, OddRequests) {
  const auto probe = parse_access_log(
      "192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] \"\\x16\\x03\" 400 0 \"-\" \"-\"");
  ASSERT_TRUE(probe.has_value());
  EXPECT_EQ(probe->method, "");
  EXPECT_EQ(probe->target, "\\x16\\x03");
  EXPECT_EQ(probe->user_agent, "");
  const auto blanks = parse_access_log(
      "192.0.2.1 - a b [10/Oct/2000:13:55:36 +0000] \"GET /a b c HTTP/1.1\" 200 1");
  ASSERT_TRUE(blanks.has_value());
  EXPECT_EQ(blanks->user, "a b");
  EXPECT_EQ(blanks->target, "/a b c");
}

TEST(AccessLog, OtherLinesAreNone) {
  for (const char* line : {"", "a b c", "a - - [x] \"GET / HTTP/1.1\" 200 1",
                           "a - - [10/Foo/2000:13:55:36 +0000] \"GET / HTTP/1.1\" 200 1",
                           "a - - [10/Oct/2000:13:55:36 +0000] GET / 200 1",
                           "a - - [10/Oct/2000:13:55:36 +0000] \"GET /\" two 1",
                           "a - - [10/Oct/2000:13:55:36 +0000] \"GET /"}) {
    EXPECT_FALSE(parse_access_log(line).has_value()) << line;
  }
}

}  // namespace
}  // namespace catena::codec
