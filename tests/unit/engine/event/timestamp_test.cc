// SPDX-License-Identifier: Apache-2.0
#include "engine/event/timestamp.h"

#include <algorithm>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace catena {
namespace {

std::string round_trip(std::string_view text) {
  const auto time = parse_iso8601(text);
  return time ? format_iso8601(*time) : "refused";
}

TEST(Timestamp, ReadsTheFormsThatProducersWrite) {
  EXPECT_EQ(round_trip("2020-09-04T07:29:45.114Z"), "2020-09-04T07:29:45.114Z");
  EXPECT_EQ(round_trip("2020-09-04 07:29:45"), "2020-09-04T07:29:45.000Z");
  EXPECT_EQ(round_trip("2021-08-02T13:11:39.7724491Z"), "2021-08-02T13:11:39.772Z");
  EXPECT_EQ(round_trip("2020-12-31T23:30:00.5-01:00"), "2021-01-01T00:30:00.500Z");
  EXPECT_EQ(round_trip("2020-01-01T00:30:00+0100"), "2019-12-31T23:30:00.000Z");
  EXPECT_EQ(round_trip("2000/02/29 12:00:00"), "2000-02-29T12:00:00.000Z");
  EXPECT_EQ(round_trip("1969-12-31T23:59:59.999Z"), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(round_trip("2020-01-01T00:00:00.1234567890123Z"), "2020-01-01T00:00:00.123Z");
}

// The usual form has a short way of its own; with a zone written out, it is read the long way.
TEST(Timestamp, TheUsualFormIsReadLikeAnyOther) {
  std::mt19937 random(5);
  const auto number = [&](unsigned digits, unsigned most) {
    const std::string text = std::to_string(random() % 10 == 0 ? random() % 100 : random() % most);
    return std::string(digits - std::min<std::size_t>(digits, text.size()), '0') + text;
  };
  for (int i = 0; i < 20'000; ++i) {
    std::string text = std::to_string(16 + random() % 7) + number(2, 100) + "-" + number(2, 13) +
                       "-" + number(2, 32) + (random() % 2 == 0 ? "T" : " ") + number(2, 25) + ":" +
                       number(2, 61) + ":" + number(2, 61);
    if (random() % 2 == 0) text += "." + std::to_string(random() % 10'000'000'000);
    if (random() % 50 == 0) text[random() % text.size()] = static_cast<char>(random() % 128);
    const auto usual = parse_iso8601(text);
    ASSERT_EQ(usual, parse_iso8601(text + "+00:00")) << text;
    ASSERT_EQ(usual, parse_iso8601(text + "Z")) << text;
  }
}

TEST(Timestamp, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "now", "2020-13-01T00:00:00Z", "2020-00-01T00:00:00Z", "2020-01-32T00:00:00Z",
        "2020-01-01T24:00:00Z", "2020-01-01", "2020-01-01T00:00:00X", "2020-01-01T00:00:00Z ",
        "2020-1-1T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
        "2020-01-01T00:00:00.Z", "2020-01/01T00:00:00Z"}) {
    EXPECT_EQ(round_trip(text), "refused") << text;
  }
}

TEST(Timestamp, ReadsEpochsByMagnitude) {
  EXPECT_EQ(format_iso8601(*parse_epoch("1604996384.965")), "2020-11-10T08:19:44.965Z");
  EXPECT_EQ(*parse_epoch("1604996384965"), *parse_epoch("1604996384.965"));
  EXPECT_EQ(*parse_epoch("1604996384965000"), *parse_epoch("1604996384.965"));
  EXPECT_EQ(*parse_epoch("1604996384965000000"), *parse_epoch("1604996384.965"));
  for (const char* text : {"", "x", "-5", "1.", "1.2.3", "99999999999999999999",
                           "66666666666666661", "16666666666666.5", "9000000001"}) {
    EXPECT_FALSE(parse_epoch(text).has_value()) << text;
  }
}

TEST(Timestamp, EveryDayOfAFewCenturiesRoundTrips) {
  for (std::int64_t day = days_from_civil(1700, 1, 1); day < days_from_civil(2250, 1, 1);
       day += 13) {
    const Timestamp time = day * 24 * kNanosPerHour + 5 * kNanosPerHour;
    ASSERT_EQ(parse_iso8601(format_iso8601(time)), time);
  }
}

}  // namespace
}  // namespace catena
