// SPDX-License-Identifier: Apache-2.0
#include "connectors/evtx/batch_decoder.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "connectors/codec/json_walker.h"
#include "rules/mapping/mapping_pack.h"
#include "tests/support/decoding.h"
#include "tests/support/evtx_writer.h"

namespace catena::evtx {
namespace {

using tests::BinaryXmlWriter;
using tests::Decoding;
using tests::evtx_file;
using tests::EvtxChunkWriter;
using tests::number;
using tests::patch;
using tests::wide;
using tests::windows_event;

struct Letter {
  std::string place;  // "line@offset"
  std::string reason;
  std::string detail;
  friend bool operator==(const Letter&, const Letter&) = default;
};

std::ostream& operator<<(std::ostream& out, const Letter& letter) {
  return out << letter.place << " " << letter.reason << " " << letter.detail;
}

struct Read {
  std::vector<std::string> raw;
  std::vector<std::string> places;
  std::vector<Letter> letters;
};

class EvtxBatchDecoder : public testing::Test {
 protected:
  // Decodes a file, or a part of it from `offset` on, in one batch.
  Read read(const std::string& bytes, std::uint64_t offset = 0, bool lines = false) {
    batch_.clear();
    batch_.form = lines ? BatchForm::kLines : BatchForm::kEvtx;
    batch_.source = 3;
    batch_.first_offset = offset;
    batch_.bytes = bytes;
    batch_.size = bytes.size();
    batch_.bytes.append(EventBatch::kPadding, '\0');
    decoder_.decode(batch_);
    Read out;
    for (const Event& event : batch_.events) {
      EXPECT_EQ(event.origin.source, 3U);
      out.raw.emplace_back(event.raw);
      out.places.push_back(place(event.origin));
    }
    for (const DeadLetter& letter : batch_.dead_letters) {
      EXPECT_EQ(letter.origin.source, 3U);
      out.letters.push_back({place(letter.origin),
                             std::string(dead_letter_reason_name(letter.reason)),
                             std::string(letter.detail)});
    }
    return out;
  }

  static std::string place(const EventOrigin& origin) {
    return std::to_string(origin.line) + "@" + std::to_string(origin.offset);
  }

  // The count of a finding over all that was read.
  std::uint64_t found(Finding finding) {
    Findings sum = decoder_.findings();
    sum.finish();
    return sum[finding].count;
  }

  Decoding decoding_;
  codec::Decoder lines_{decoding_.table(), decoding_.catalog()};
  BatchDecoder decoder_{lines_, 99};
  EventBatch batch_;
};

EvtxChunkWriter two_logons() {
  EvtxChunkWriter writer;
  writer.add(7, windows_event(7, 4624, "Security", {{"TargetUserName", "ana"}, {"Gone", ""}}));
  writer.add(8, windows_event(8, 4625, "Security", {{"TargetUserName", "bo"}, {"Gone", ""}}));
  return writer;
}

const char* const kEvent =
    R"({"Event":{"#attributes":{"xmlns":"http://schemas.microsoft.com/win/2004/08/events/event"},)"
    R"("System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Security-Auditing"}},)"
    R"("EventID":4624,"TimeCreated":{"#attributes":{"SystemTime":"2019-04-17T18:40:07.000000Z"}},)"
    R"("EventRecordID":7,"Correlation":null,"Channel":"Security","Computer":"ws-01.example.org",)"
    R"("Security":{"#attributes":{"UserID":"S-1-5-18"}}},)"
    R"("EventData":{"TargetUserName":"ana","Gone":""}}})";

TEST_F(EvtxBatchDecoder, ARecordIsTheEventOfItsJsonExport) {
  const Read direct = read(evtx_file({two_logons().bytes()}));
  ASSERT_EQ(direct.raw.size(), 2U);
  EXPECT_EQ(direct.raw[0], kEvent);
  EXPECT_EQ(direct.places[0], "7@4608");
  EXPECT_EQ(direct.places[1].substr(0, 2), "8@");
  EXPECT_TRUE(direct.letters.empty());
  const auto channel = batch_.events[0].log_source;
  const auto time = batch_.events[0].time;
  const std::size_t fields = batch_.events[0].fields.size();
  // The same as a line.
  const Read line = read(kEvent, 0, /*lines=*/true);
  ASSERT_EQ(line.raw.size(), 1U);
  EXPECT_EQ(batch_.events[0].log_source, channel);
  EXPECT_EQ(batch_.events[0].time, time);
  EXPECT_EQ(batch_.events[0].fields.size(), fields);
  EXPECT_EQ(format_iso8601(time).substr(0, 19), "2019-04-17T18:40:07");
}

TEST_F(EvtxBatchDecoder, PartsOfAFileAreTheWhole) {
  const std::string file = evtx_file({two_logons().bytes(), two_logons().bytes()});
  const Read whole = read(file);
  ASSERT_EQ(whole.raw.size(), 4U);
  const Read first = read(file.substr(0, kFileHeaderBytes + kChunkBytes));
  const Read second =
      read(file.substr(kFileHeaderBytes + kChunkBytes), kFileHeaderBytes + kChunkBytes);
  EXPECT_EQ(first.places[0], whole.places[0]);
  EXPECT_EQ(second.places, std::vector<std::string>(whole.places.begin() + 2, whole.places.end()));
  // Both readings together have more chunks than each of the two headers says.
  EXPECT_EQ(found(Finding::kChunkCount), 2U);
}

TEST_F(EvtxBatchDecoder, AGoodFileHasNoFindings) {
  read(evtx_file({two_logons().bytes(), std::string(kChunkBytes, '\0')}));
  for (std::size_t i = 0; i < kFindingCount; ++i) {
    const auto finding = static_cast<Finding>(i);
    EXPECT_EQ(found(finding), finding == Finding::kChunkCount ? 1U : 0U) << finding_name(finding);
  }
  EXPECT_EQ(decoder_.findings().chunks(), 1U);
  EXPECT_EQ(decoder_.findings().records(), 2U);
}

TEST_F(EvtxBatchDecoder, ReportsChecksumsAndReadsOn) {
  std::string file = evtx_file({two_logons().bytes()}, kFileIsDirty);
  file[16] = 'x';                          // in the file's header
  file[kFileHeaderBytes + 300] = 'x';      // in the chunk's tables
  file[kFileHeaderBytes + 512 + 17] ^= 1;  // in a record, where nobody looks
  EXPECT_EQ(read(file).raw.size(), 2U);
  EXPECT_EQ(found(Finding::kDirtyFile), 1U);
  EXPECT_EQ(found(Finding::kFileHeaderChecksum), 1U);
  EXPECT_EQ(found(Finding::kChunkHeaderChecksum), 1U);
  EXPECT_EQ(found(Finding::kRecordsChecksum), 1U);
}

TEST_F(EvtxBatchDecoder, ReportsGapsLateRecordsAndRemains) {
  EvtxChunkWriter writer = two_logons();
  writer.add(11, windows_event(11, 1, "Security", {}));
  writer.end_list();
  writer.add(12, windows_event(12, 1, "Security", {}));
  writer.add(3, windows_event(3, 1, "Security", {}));
  const Read late = read(evtx_file({writer.bytes()}));
  EXPECT_EQ(late.raw.size(), 4U);
  EXPECT_TRUE(late.letters.empty());
  EXPECT_EQ(found(Finding::kMissingRecords), 2U);
  EXPECT_EQ(found(Finding::kUnlistedRecords), 1U);
  EXPECT_EQ(found(Finding::kRemains), 1U);
}

TEST_F(EvtxBatchDecoder, RefusesARecordAndReadsTheOthers) {
  EvtxChunkWriter writer;
  writer.add(1, windows_event(1, 1, "Security", {}));
  const std::size_t broken = writer.position();
  writer.add(2, [](BinaryXmlWriter& xml) { xml.header().open("E").end(); });
  writer.add(3, windows_event(3, 1, "Security", {}));
  const Read mixed = read(evtx_file({std::string(kChunkBytes, '\0'), writer.bytes()}));
  EXPECT_EQ(mixed.raw.size(), 2U);
  EXPECT_EQ(mixed.letters,
            (std::vector<Letter>{{"2@" + std::to_string(kFileHeaderBytes + kChunkBytes + broken),
                                  "invalid_evtx_record", "chunk 1: a token where it may not be"}}));
  // Its excerpt is what stands there.
  EXPECT_EQ(batch_.dead_letters[0].excerpt.substr(0, 4), std::string("**\0\0", 4));
  EXPECT_EQ(found(Finding::kMissingRecords), 0U);
}

TEST_F(EvtxBatchDecoder, RefusesWhatIsNoChunk) {
  const std::string noise(kChunkBytes, 'n');
  const Read mixed = read(evtx_file({noise, two_logons().bytes()}));
  EXPECT_EQ(mixed.raw.size(), 2U);
  EXPECT_EQ(mixed.letters, (std::vector<Letter>{{"0@4096", "invalid_evtx_chunk",
                                                 "chunk 0: neither a chunk nor empty"}}));
}

TEST_F(EvtxBatchDecoder, RefusesWhatIsCutOff) {
  const std::string file = evtx_file({two_logons().bytes(true)});
  const std::vector<Letter> header{{"0@0", "truncated", "the file ends inside its header"}};
  EXPECT_EQ(read(file.substr(0, 8)).letters, header);
  EXPECT_EQ(read(file.substr(0, 4095)).letters, header);
  EXPECT_TRUE(read(file.substr(0, 4096)).letters.empty());
  const std::vector<Letter> chunk{
      {"0@4096", "truncated", "chunk 0: the file ends inside the chunk header"}};
  EXPECT_EQ(read(file.substr(0, 4200)).letters, chunk);
  const Read cut = read(file.substr(0, file.size() - 1));
  EXPECT_EQ(cut.places, std::vector<std::string>{"7@4608"});
  ASSERT_EQ(cut.letters.size(), 1U);
  EXPECT_EQ(cut.letters[0].reason, "truncated");
}

// A dead letter of the codec is placed like one of our own.
TEST_F(EvtxBatchDecoder, ARecordWithTooLongAKeyIsRefusedInItsPlace) {
  EvtxChunkWriter writer = two_logons();
  const std::string place = "9@" + std::to_string(kFileHeaderBytes + writer.position());
  const std::string name(codec::kMaxKeyBytes + 1, 'k');
  writer.add(9, windows_event(9, 1, "Security", {{name, "v"}}));
  writer.add(10, windows_event(10, 1, "Security", {}));
  const Read mixed = read(evtx_file({writer.bytes()}));
  EXPECT_EQ(mixed.raw.size(), 3U);
  EXPECT_EQ(mixed.letters, (std::vector<Letter>{{place, "key_too_long", ""}}));
}

TEST_F(EvtxBatchDecoder, LoneSurrogatesAreFlagged) {
  EvtxChunkWriter writer;
  writer.add(1, [](BinaryXmlWriter& xml) {
    xml.header().open("Event").close_start().open("System").close_start();
    xml.token(0x08).raw(number(0xD800, 2)).end().end().end_of_fragment();
  });
  ASSERT_EQ(read(evtx_file({writer.bytes()})).raw.size(), 1U);
  EXPECT_EQ(batch_.events[0].flags, kFlagInvalidUtf8);
}

TEST_F(EvtxBatchDecoder, BoundsWhatAChunkExpandsTo) {
  EvtxChunkWriter writer;
  const auto bomb = [](BinaryXmlWriter& xml) {
    xml.instance("t",
                 [](BinaryXmlWriter& t) {
                   t.open("E").close_start();
                   for (unsigned i = 0; i < 50; ++i) t.substitution(0);
                   t.end();
                 },
                 {{1, wide(std::string(10'000, 'x')), {}}});
  };
  // A template that is one text many times, and many small records with a template of many
  // elements.
  writer.add(1, bomb);
  const auto reuse = [](BinaryXmlWriter& xml) {
    xml.instance("many",
                 [](BinaryXmlWriter& t) {
                   t.open("E").close_start();
                   for (unsigned i = 0; i < 1500; ++i)
                     t.open("F").close_start().substitution(0).end();
                   t.end();
                 },
                 {{1, wide(std::string(60, 'y')), {}}});
  };
  for (std::uint64_t id = 2; id < 100; ++id) writer.add(id, reuse);
  const Read some = read(evtx_file({writer.bytes()}));
  EXPECT_GT(some.raw.size(), 10U);
  EXPECT_LT(some.raw.size(), 99U);
  EXPECT_EQ(some.raw.size() + some.letters.size(), 99U);
  EXPECT_EQ(some.letters.back().detail, "chunk 0: the records of the chunk expand too much");
  std::size_t text = 0;
  for (const std::string& raw : some.raw) text += raw.size();
  EXPECT_LT(text, kMaxChunkCost);
}

TEST_F(EvtxBatchDecoder, LeavesLinesToTheCodec) {
  const Read lines = read("{\"a\":1}\nElfFile\n", 0, /*lines=*/true);
  EXPECT_EQ(lines.raw, (std::vector<std::string>{"{\"a\":1}", "ElfFile"}));
  EXPECT_EQ(lines.places, (std::vector<std::string>{"1@0", "2@8"}));
}

}  // namespace
}  // namespace catena::evtx
