// SPDX-License-Identifier: Apache-2.0
#include "storage/journal/block.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace catena::storage {
namespace {

using pipeline::Record;
using pipeline::RecordBatch;

std::string sample() {
  BlockBuilder builder("syslog-tcp", 1'700'000'000'000'000'000);
  const std::vector<Record> first = {{"one", std::nullopt, false},
                                     {"two\nlines", std::nullopt, true}};
  builder.add({"syslog-tcp", "192.0.2.7:514", first});
  const std::vector<Record> second = {{"{", DeadLetterReason::kInvalidFrame, false}};
  builder.add({"syslog-tcp", "", second});
  BlockCompression compression;
  builder.seal(compression);
  return builder.encode(7, 100);
}

Status decode(const std::string& block, JournalBlock& out) {
  const auto header = parse_block_header(block);
  if (!header) return corrupt("no header");
  BlockCompression compression;
  return out.decode(*header, std::string_view(block).substr(0, kBlockHeaderBytes),
                    block.substr(kBlockHeaderBytes), compression);
}

TEST(Block, HoldsWhatWasOffered) {
  JournalBlock block;
  ASSERT_TRUE(decode(sample(), block).ok());
  EXPECT_EQ(block.listener(), "syslog-tcp");
  EXPECT_EQ(block.header().first_record, 7U);
  EXPECT_EQ(block.header().position, 100U);
  EXPECT_EQ(block.header().received_at, 1'700'000'000'000'000'000);
  EXPECT_EQ(block.bytes(), "one\ntwo\nlines\n{\n");
  ASSERT_EQ(block.records().size(), 3U);
  EXPECT_EQ(block.records()[1].begin, 4U);
  EXPECT_EQ(block.records()[1].end, 13U);
  EXPECT_TRUE(block.records()[1].shortened);
  EXPECT_EQ(block.records()[2].refused, DeadLetterReason::kInvalidFrame);
  EXPECT_EQ(block.peer_of(0), "192.0.2.7:514");
  EXPECT_EQ(block.peer_of(1), "192.0.2.7:514");
  EXPECT_EQ(block.peer_of(2), "");
}

TEST(Block, HasTheBytesThatTheFormatSays) {
  BlockBuilder builder("x", 1);
  const std::vector<Record> records = {{"ab", std::nullopt, false}};
  builder.add({"x", "p", records});
  BlockCompression compression;
  builder.seal(compression);
  const std::string head = builder.encode(2, 3);
  EXPECT_EQ(head.size(), kBlockHeaderBytes + 1 + 6 + 4 + 3);
  EXPECT_EQ(head.substr(0, 4), "CBLK");
  EXPECT_EQ(load_u32(head, 4), 1U + 6U + 4U + 3U);
  EXPECT_EQ(load_u64(head, 16), 2U);
  EXPECT_EQ(load_u64(head, 24), 3U);
  EXPECT_EQ(load_u64(head, 32), 1U);
  EXPECT_EQ(load_u32(head, 40), 1U);
  EXPECT_EQ(load_u32(head, 44), 1U | 1U << 16);
  EXPECT_EQ(head.substr(48), std::string("x\0\0\0\0\1p\2\0\0\0ab\n", 14));
}

TEST(Block, NoFlippedBitIsBelieved) {
  const std::string whole = sample();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      JournalBlock block;
      EXPECT_FALSE(decode(damaged, block).ok()) << "byte " << at << " bit " << bit;
    }
  }
}

TEST(Block, NoCutIsBelieved) {
  const std::string whole = sample();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    JournalBlock block;
    EXPECT_FALSE(decode(whole.substr(0, size), block).ok()) << size;
  }
}

TEST(Block, IsFullBeforeItWouldBeTooLarge) {
  BlockBuilder builder("x", 1);
  const std::string record(pipeline::kMaxOfferedRecordBytes - 1, 'r');
  const std::vector<Record> four(4, Record{record, std::nullopt, false});
  const std::string nearly(kFullBlockBytes - 2, 'n');
  const std::vector<Record> one = {{nearly, std::nullopt, false}};
  builder.add({"x", "", one});
  EXPECT_FALSE(builder.is_full());
  builder.add({"x", "", four});
  EXPECT_TRUE(builder.is_full());
  JournalBlock block;
  BlockCompression compression;
  builder.seal(compression);
  EXPECT_TRUE(decode(builder.encode(1, 0), block).ok());
}

TEST(Block, LargerOnesAreCompressedAndHeldTheSame) {
  BlockBuilder builder("x", 1);
  std::vector<std::string> texts;
  std::vector<Record> records;
  for (int i = 0; i < 200; ++i)
    texts.push_back("a message that repeats, number " + std::to_string(i));
  for (const std::string& text : texts) records.push_back({text, std::nullopt, false});
  builder.add({"x", "", records});
  BlockCompression compression;
  builder.seal(compression);
  const std::string whole = builder.encode(1, 0);
  EXPECT_EQ(whole.substr(0, 4), "CBLZ");
  EXPECT_LT(whole.size(), builder.record_bytes() / 4);
  JournalBlock block;
  ASSERT_TRUE(decode(whole, block).ok());
  ASSERT_EQ(block.records().size(), 200U);
  EXPECT_EQ(block.bytes().substr(block.records()[199].begin), texts[199] + "\n");
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    EXPECT_FALSE(decode(damaged, block).ok()) << at;
  }
}

TEST(Block, ACompressedBombIsRefused) {
  BlockCompression compression;
  std::string bomb;
  ASSERT_TRUE(compression.compress(std::string(kMaxBlockBytes + 1, 'a'), bomb));
  EXPECT_LT(bomb.size(), 10'000U);
  std::string out;
  EXPECT_FALSE(compression.expand(bomb, out).ok());
  EXPECT_FALSE(compression.expand("garbage", out).ok());
  EXPECT_FALSE(compression.expand("", out).ok());
}

}  // namespace
}  // namespace catena::storage
