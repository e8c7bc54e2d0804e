// SPDX-License-Identifier: Apache-2.0
#include "storage/kv/record_bytes.h"

#include <cstdint>
#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace catena::storage {
namespace {

std::string number_bytes(std::uint64_t value) {
  RecordWriter out;
  out.number(value);
  return std::move(out).take();
}

TEST(RecordBytes, NumbersAreSevenBitGroups) {
  EXPECT_EQ(number_bytes(0), std::string(1, '\0'));
  EXPECT_EQ(number_bytes(127), "\x7f");
  EXPECT_EQ(number_bytes(128), "\x80\x01");
  EXPECT_EQ(number_bytes(300), "\xac\x02");
  EXPECT_EQ(number_bytes(std::numeric_limits<std::uint64_t>::max()),
            "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
}

TEST(RecordBytes, NumbersComeBack) {
  for (unsigned shift = 0; shift < 64; ++shift) {
    for (const std::uint64_t value : {std::uint64_t{1} << shift, (std::uint64_t{1} << shift) - 1}) {
      const std::string bytes = number_bytes(value);
      RecordReader in(bytes);
      EXPECT_EQ(in.number(), value);
      EXPECT_TRUE(in.finish("x").ok());
    }
  }
}

TEST(RecordBytes, RefusesNumbersThatAreNotWellFormed) {
  const std::string overlong_zero("\x80\x00", 2);
  for (const std::string& bytes :
       {overlong_zero, std::string("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"),
        std::string("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")}) {
    RecordReader in(bytes);
    EXPECT_EQ(in.number(), 0U);
    EXPECT_EQ(in.finish("x").code(), StatusCode::kCorrupt);
  }
}

TEST(RecordBytes, TimesAndIdsAreBigEndian) {
  RecordWriter out;
  out.time(-2);
  out.id({1, 2});
  const std::string bytes = std::move(out).take();
  ASSERT_EQ(bytes.size(), 24U);
  EXPECT_EQ(bytes.substr(0, 8), "\xff\xff\xff\xff\xff\xff\xff\xfe");
  EXPECT_EQ(bytes[15], 1);
  EXPECT_EQ(bytes[23], 2);
  RecordReader in(bytes);
  EXPECT_EQ(in.time(), -2);
  EXPECT_EQ(in.id(), (Id128{1, 2}));
  EXPECT_TRUE(in.finish("x").ok());
}

TEST(RecordBytes, CountsNeverPromiseMoreThanCanFollow) {
  RecordWriter out;
  out.number(3);
  out.byte(0);
  out.byte(0);
  const std::string bytes = std::move(out).take();
  RecordReader in(bytes);
  EXPECT_EQ(in.count(1), 0U);
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.finish("thing").message(), "thing: record ends too early at byte 1");
}

TEST(RecordBytes, FirstFailureIsTheOneReported) {
  RecordReader in(std::string_view("\x05\x00\x00", 3));
  EXPECT_EQ(in.byte_up_to(4), 0);
  EXPECT_EQ(in.text(), "");
  EXPECT_EQ(in.id(), Id128{});
  EXPECT_EQ(in.finish("x").message(), "x: value out of range at byte 1");
}

TEST(RecordBytes, RefusesBytesAfterTheEnd) {
  RecordReader in("ab");
  in.byte();
  EXPECT_EQ(in.finish("x").message(), "x: bytes after the last field at byte 1");
}

TEST(RecordBytes, RefusesANumberThatDoesNotFit) {
  const std::string bytes = number_bytes(std::uint64_t{1} << 32U);
  RecordReader in(bytes);
  EXPECT_EQ(in.number32(), 0U);
  EXPECT_FALSE(in.finish("x").ok());
}

}  // namespace
}  // namespace catena::storage
