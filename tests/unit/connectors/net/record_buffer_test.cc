// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/record_buffer.h"

#include <string>

#include <gtest/gtest.h>

namespace catena::net {
namespace {

TEST(RecordBuffer, KeepsRecordsAndWhatIsKnownOfThem) {
  RecordBuffer buffer(8);
  buffer.append("one");
  buffer.append(" \r\n\t");
  buffer.append("");
  buffer.append("12345678");
  buffer.append("123456789");
  buffer.append("cut", true);
  buffer.append_refused("bad", DeadLetterReason::kInvalidJson);
  const auto records = buffer.records();
  ASSERT_EQ(records.size(), 5U);
  EXPECT_EQ(records[0].bytes, "one");
  EXPECT_FALSE(records[1].shortened);
  EXPECT_EQ(records[2].bytes, "12345678");
  EXPECT_TRUE(records[2].shortened);
  EXPECT_TRUE(records[3].shortened);
  EXPECT_EQ(records[4].refused, DeadLetterReason::kInvalidJson);
}

TEST(RecordBuffer, WhatIsCutIsNoRecordWhenOnlyBlanksRemain) {
  RecordBuffer buffer(4);
  buffer.append("     x");
  EXPECT_TRUE(buffer.empty());
}

TEST(RecordBuffer, ADeadLetterHasAnExcerptOfBoundedLength) {
  RecordBuffer buffer;
  buffer.append_refused(std::string(10'000, 'x'), DeadLetterReason::kTooLong);
  buffer.append_refused("", DeadLetterReason::kTruncated);
  EXPECT_EQ(buffer.records()[0].bytes.size(), DeadLetter::kExcerptBytes);
  EXPECT_FALSE(buffer.records()[1].bytes.empty());
}

TEST(RecordBuffer, IsFullBeforeAnOfferIsTooLarge) {
  RecordBuffer buffer;
  const std::string record(pipeline::kMaxOfferedRecordBytes, 'x');
  while (!buffer.is_full()) buffer.append(record);
  EXPECT_LE(buffer.bytes(), pipeline::kMaxOfferBytes);
  buffer.clear();
  EXPECT_TRUE(buffer.empty());
  while (!buffer.is_full()) buffer.append("x");
  EXPECT_LT(buffer.count(), pipeline::kMaxOfferRecords);
}

}  // namespace
}  // namespace catena::net
