// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/syslog_header.h"

#include <string>

#include <gtest/gtest.h>

namespace catena::codec {
namespace {

constexpr Timestamp kReference = 1'655'251'200 * kNanosPerSecond;  // 2022-06-15

std::string bsd(std::string_view text, Timestamp reference = kReference) {
  std::size_t taken = 0;
  const auto time = parse_bsd_time(text, reference, taken);
  return time ? format_iso8601(*time) + " " + std::to_string(taken) : "none";
}

TEST(SyslogHeader, YearIsTheLastThatIsNotInTheFuture) {
  EXPECT_EQ(bsd("Jun 14 00:00:00"), "2022-06-14T00:00:00.000Z 15");
  EXPECT_EQ(bsd("Jun 16 00:00:00"), "2022-06-16T00:00:00.000Z 15");  // within a day
  EXPECT_EQ(bsd("Jun 17 00:00:00"), "2021-06-17T00:00:00.000Z 15");
  EXPECT_EQ(bsd("Dec 31 23:59:59"), "2021-12-31T23:59:59.000Z 15");
  EXPECT_EQ(bsd("Feb 29 00:00:00"), "2020-02-29T00:00:00.000Z 15");
  EXPECT_EQ(bsd("Jan  2 03:04:05", kNoTime), "1970-01-02T03:04:05.000Z 15");
}

TEST(SyslogHeader, BsdTimeHasVariants) {
  EXPECT_EQ(bsd("Feb 17 2021 13:40:03"), "2021-02-17T13:40:03.000Z 20");
  EXPECT_EQ(bsd("Feb 17 13:40:03.673: x"), "2022-02-17T13:40:03.673Z 19");
  for (const char* wrong :
       {"", "Foo 17 13:40:03", "Feb 30 13:40:03", "Feb 17 24:40:03", "Feb 17 13:60:03",
        "Feb 17 13:40", "Feb17 13:40:03", "Feb 0 00:00:00"}) {
    EXPECT_EQ(bsd(wrong), "none") << wrong;
  }
}

TEST(SyslogHeader, LinesWithoutHeaderHaveNone) {
  for (const char* line : {"", "plain text", "<999>x", "<1x", "2020-13-01T00:00:00Z h p: m",
                           "type=SYSCALL msg=audit(1.2:3): x"}) {
    EXPECT_FALSE(parse_syslog_header(line, kReference).has_value()) << line;
  }
}

TEST(SyslogHeader, PriorityAloneIsAHeader) {
  const auto header = parse_syslog_header("<13>su: hello", kReference);
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->priority, 13);
  EXPECT_EQ(header->program, "su");
  EXPECT_EQ(header->message, "hello");
  EXPECT_FALSE(header->has_time);
}

TEST(SyslogHeader, HostMayBeMissing) {
  const auto header = parse_syslog_header("Jun  1 00:00:00 kernel: text", kReference);
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->host, "");
  EXPECT_EQ(header->program, "kernel");
}

TEST(SyslogHeader, StructuredDataEndsWhereItBreaks) {
  SyslogParameter parameter;
  std::size_t at = 0;
  EXPECT_TRUE(next_parameter("[a b=\"c\" d=\"e\\\"]\"]", at, parameter));
  EXPECT_EQ(parameter.element, "a");
  EXPECT_EQ(parameter.value, "c");
  EXPECT_TRUE(next_parameter("[a b=\"c\" d=\"e\\\"]\"]", at, parameter));
  EXPECT_EQ(parameter.value, "e\\\"]");
  EXPECT_FALSE(next_parameter("[a b=\"c\" d=\"e\\\"]\"]", at, parameter));
  for (const char* broken : {"[a b=c]", "[a b=\"c", "[a b", "[a b=", "["}) {
    at = 0;
    EXPECT_FALSE(next_parameter(broken, at, parameter)) << broken;
  }
}

TEST(SyslogHeader, EveryPrefixOfALineIsRead) {
  const std::string line =
      "<165>1 2003-10-11T22:14:15.003Z host app 99 ID47 [e@1 a=\"b\\\"\"] message";
  for (std::size_t size = 0; size <= line.size(); ++size) {
    const std::string part = line.substr(0, size);
    (void)parse_syslog_header(part, kReference);
  }
}

TEST(SyslogHeader, NamesOfPriorities) {
  EXPECT_EQ(facility_name(165), "local4");
  EXPECT_EQ(severity_name(165), "notice");
  EXPECT_EQ(facility_name(-1), "");
  EXPECT_EQ(severity_name(-1), "");
  EXPECT_EQ(parse_month("Dec"), 12U);
  EXPECT_EQ(parse_month("anF"), 0U);
}

}  // namespace
}  // namespace catena::codec
