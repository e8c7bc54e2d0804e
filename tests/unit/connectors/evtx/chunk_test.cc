// SPDX-License-Identifier: Apache-2.0
#include "connectors/evtx/chunk.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "connectors/evtx/layout.h"
#include "tests/support/evtx_writer.h"

namespace catena::evtx {
namespace {

using tests::BinaryXmlWriter;
using tests::EvtxChunkWriter;
using tests::number;
using tests::patch;

void small_event(BinaryXmlWriter& xml) { xml.header().open("E").close_empty().end_of_fragment(); }

EvtxChunkWriter three() {
  EvtxChunkWriter writer;
  for (std::uint64_t id = 5; id <= 7; ++id) writer.add(id, small_event);
  return writer;
}

// "id@begin+size" of records, "problem@begin+size" of refused stretches.
std::string walk(const std::string& bytes) {
  Chunk chunk(bytes);
  Chunk::Record record;
  std::string out;
  while (chunk.next(record)) {
    out += record.problem == Problem::kNone ? std::to_string(record.id)
                                            : std::string(problem_text(record.problem));
    out += "@" + std::to_string(record.begin) + "+" + std::to_string(record.size);
    out += record.is_listed ? " " : "* ";
  }
  return out + std::to_string(chunk.count_remains());
}

TEST(Chunk, FindsRecordsUpToTheListedEnd) {
  EXPECT_EQ(walk(three().bytes()), "5@512+64 6@576+48 7@624+48 0");
}

TEST(Chunk, KnowsChunksUnusedOnesAndOthers) {
  EXPECT_EQ(Chunk(three().bytes()).problem(), Problem::kNone);
  EXPECT_EQ(Chunk(std::string(kChunkBytes, '\0')).problem(), std::nullopt);
  EXPECT_EQ(Chunk(std::string(100, '\0')).problem(), std::nullopt);
  std::string wrong = three().bytes();
  wrong[0] = '\0';
  EXPECT_EQ(Chunk(wrong).problem(), Problem::kNoChunkSignature);
  EXPECT_EQ(Chunk("ElfChn").problem(), Problem::kNoChunkSignature);
  const std::string bytes = three().bytes();
  EXPECT_EQ(Chunk(std::string_view(bytes).substr(0, 511)).problem(), Problem::kChunkCutOff);
  EXPECT_EQ(Chunk(std::string_view(bytes).substr(0, 8)).problem(), Problem::kChunkCutOff);
  EXPECT_EQ(Chunk(std::string_view(bytes).substr(0, 512)).problem(), Problem::kNone);
}

TEST(Chunk, ChecksTheHeaderAndTheRecords) {
  const std::string good = three().bytes();
  EXPECT_TRUE(Chunk(good).header_checksum_holds());
  EXPECT_TRUE(Chunk(good).records_checksum_holds());
  for (const std::size_t at :
       {std::size_t{8}, std::size_t{119}, std::size_t{128}, std::size_t{511}, kChunkChecksumAt}) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    EXPECT_FALSE(Chunk(bad).header_checksum_holds()) << at;
    EXPECT_TRUE(Chunk(bad).records_checksum_holds()) << at;
  }
  for (const std::size_t at : {std::size_t{512}, std::size_t{671}}) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    EXPECT_TRUE(Chunk(bad).header_checksum_holds()) << at;
    EXPECT_FALSE(Chunk(bad).records_checksum_holds()) << at;
  }
  std::string behind = good;
  behind[672] = 'x';
  EXPECT_TRUE(Chunk(behind).records_checksum_holds());
  // What is missing cannot be checked.
  EXPECT_TRUE(Chunk(std::string_view(good).substr(0, 600)).records_checksum_holds());
}

TEST(Chunk, RefusesADamagedRecordAndGoesOnBehindIt) {
  std::string bytes = three().bytes();
  bytes[576] = 'x';
  EXPECT_EQ(walk(bytes), "5@512+64 no record where one should begin@576+48 7@624+48 0");
  for (const std::uint64_t size : {0ULL, 27ULL, 65'000ULL, 0xFFFFFFFFULL}) {
    bytes = three().bytes();
    patch(bytes, 576 + kRecordSizeAt, size, 4);
    EXPECT_EQ(walk(bytes),
              "5@512+64 the record's size does not fit into its chunk@576+48 7@624+48 0");
  }
  bytes = three().bytes();
  patch(bytes, 576 + kRecordSizeAt, 52, 4);
  EXPECT_EQ(walk(bytes), "5@512+64 the two sizes of the record differ@576+48 7@624+48 0");
  // The last one: nothing to go on to.
  bytes = three().bytes();
  bytes[624] = 'x';
  EXPECT_EQ(walk(bytes), "5@512+64 6@576+48 no record where one should begin@624+48 0");
}

TEST(Chunk, ReadsWhatGoesOnCountingBehindTheListedEnd) {
  EvtxChunkWriter writer = three();
  writer.end_list();
  writer.add(8, small_event);
  writer.add(9, small_event);
  writer.add(11, small_event);
  EXPECT_EQ(walk(writer.bytes()), "5@512+64 6@576+48 7@624+48 8@672+48* 9@720+48* 1");
}

TEST(Chunk, CountsRemainsOfAnEarlierUse) {
  EvtxChunkWriter writer = three();
  writer.end_list();
  writer.raw().append("some of an old record");
  for (const std::uint64_t id : {2ULL, 3ULL, 9ULL}) writer.add(id, small_event);
  writer.raw().append("**\0\0****\0\0", 11);  // not even nearly
  EXPECT_EQ(walk(writer.bytes()), "5@512+64 6@576+48 7@624+48 3");
}

TEST(Chunk, SurvivesAnyListedEnd) {
  for (const std::uint64_t end : {0ULL, 511ULL, 512ULL}) {
    std::string bytes = three().bytes();
    patch(bytes, kChunkFreeSpaceAt, end, 4);
    EXPECT_EQ(walk(bytes), "3") << end;
  }
  for (const std::uint64_t end : {65'536ULL, 65'537ULL, 0xFFFFFFFFULL}) {
    std::string bytes = three().bytes();
    patch(bytes, kChunkFreeSpaceAt, end, 4);
    EXPECT_EQ(walk(bytes),
              "5@512+64 6@576+48 7@624+48 no record where one should begin@672+64864 0")
        << end;
  }
}

// Wherever the file ends, whole records are read and the cut one is refused.
TEST(Chunk, ReadsWhatIsLeftOfACutChunk) {
  const std::string bytes = three().bytes(/*cut=*/true);
  ASSERT_EQ(bytes.size(), 672U);
  for (std::size_t size = 512; size <= bytes.size(); ++size) {
    const std::string found = walk(bytes.substr(0, size));
    std::string expected;
    const std::pair<const char*, std::size_t> ends[] = {
        {"5@512+64 ", 576}, {"6@576+48 ", 624}, {"7@624+48 ", 672}};
    std::size_t begin = 512;
    for (const auto& [text, end] : ends) {
      if (size < end) break;
      expected += text;
      begin = end;
    }
    if (size > begin) {
      expected += "the file ends inside the record@" + std::to_string(begin) + "+" +
                  std::to_string(size - begin) + " ";
    }
    EXPECT_EQ(found, expected + "0") << size;
  }
}

}  // namespace
}  // namespace catena::evtx
