// SPDX-License-Identifier: Apache-2.0
#include "storage/incidents/decision_codec.h"

#include <gtest/gtest.h>

namespace catena::storage {
namespace {

using casework::Decision;

Decision sample() {
  Decision decision;
  decision.number = 7;
  decision.time = 1'772'445'600'000'000'000;
  decision.author = "ana";
  decision.kind = casework::DecisionKind::kCut;
  decision.subject = Id128{1, 2};
  decision.chain = Id128{3, 4};
  decision.note = "why";
  decision.detections = {Id128{5, 6}, Id128{7, 8}};
  return decision;
}

TEST(DecisionCodec, ReadsWhatItWrote) {
  const auto read = decode_decision(7, encode_decision(sample()));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, sample());
}

TEST(DecisionCodec, HasTheBytesOfTheDescription) {
  const std::string bytes = encode_decision(sample());
  EXPECT_EQ(bytes.size(), 1 + 8 + 4 + 1 + 1 + 16 + 16 + 4 + 1 + 32U);
  EXPECT_EQ(bytes.substr(9, 6), std::string("\x03") + "ana" + '\x02' + '\0');
}

TEST(DecisionCodec, SaysWhereAValueIsDamaged) {
  const std::string bytes = encode_decision(sample());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(decode_decision(7, bytes.substr(0, size)).status().code(), StatusCode::kCorrupt);
  }
  EXPECT_EQ(decode_decision(7, bytes + "x").status().code(), StatusCode::kCorrupt);
  std::string newer = bytes;
  newer[0] = 9;
  EXPECT_EQ(decode_decision(7, newer).status().code(), StatusCode::kVersion);
  std::string kind = bytes;
  kind[13] = 9;
  EXPECT_EQ(decode_decision(7, kind).status().code(), StatusCode::kCorrupt);
}

TEST(DecisionKey, SortsByNumber) {
  EXPECT_LT(decision_key(255), decision_key(256));
  EXPECT_EQ(parse_decision_key(decision_key(0x0102030405060708)), 0x0102030405060708U);
  EXPECT_FALSE(parse_decision_key("decision"));
  EXPECT_FALSE(parse_decision_key("counters12345678"));
}

}  // namespace
}  // namespace catena::storage
