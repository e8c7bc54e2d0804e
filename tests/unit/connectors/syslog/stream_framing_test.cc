// SPDX-License-Identifier: Apache-2.0
#include "connectors/syslog/stream_framing.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "connectors/syslog/stream_session.h"
#include "tests/support/session_run.h"

namespace catena::syslog {
namespace {

using tests::SessionRun;

struct Outcome {
  std::vector<std::string> records;
  std::vector<bool> shortened;
  bool failed = false;

  bool operator==(const Outcome&) const = default;
};

Outcome run(const std::string& bytes, std::size_t split, FramingOptions options = {}) {
  SyslogStreamSession session(options);
  SessionRun run(session);
  run.send_split(bytes, split);
  run.end();
  Outcome outcome{run.records, {}, !run.problem.empty()};
  for (const auto& record : run.details) outcome.shortened.push_back(record.shortened);
  return outcome;
}

// The same from every place where the bytes may be cut in two, and byte by byte.
Outcome run_all_splits(const std::string& bytes, FramingOptions options = {}) {
  const Outcome whole = run(bytes, bytes.size(), options);
  for (std::size_t split = 0; split < bytes.size(); ++split) {
    EXPECT_EQ(run(bytes, split, options), whole) << "split at " << split << " of " << bytes;
  }
  SyslogStreamSession session(options);
  SessionRun slow(session);
  slow.send(bytes, 1);
  slow.end();
  EXPECT_EQ(slow.records, whole.records);
  return whole;
}

using Texts = std::vector<std::string>;

TEST(StreamFraming, LinesEndWithLfCrLfOrNul) {
  const std::string bytes = std::string("<13>one\n<13>two\r\n<13>three") + '\0' + "<13>four\n";
  EXPECT_EQ(run_all_splits(bytes).records, (Texts{"<13>one", "<13>two", "<13>three", "<13>four"}));
}

TEST(StreamFraming, SeveralCarriageReturnsEndALineLikeOne) {
  EXPECT_EQ(run_all_splits("<13>one\r\r\n<13>two\n").records, (Texts{"<13>one", "<13>two"}));
}

TEST(StreamFraming, CountedMessagesMayHoldLineEnds) {
  EXPECT_EQ(run_all_splits("11 <13>one\ntwo9 <13>three").records,
            (Texts{"<13>one\ntwo", "<13>three"}));
}

TEST(StreamFraming, TheCountMayIncludeALineEnd) {
  EXPECT_EQ(run_all_splits("8 <13>one\n8 <13>two\n").records, (Texts{"<13>one", "<13>two"}));
}

TEST(StreamFraming, ALineEndBehindACountedMessageIsNothing) {
  EXPECT_EQ(run_all_splits("7 <13>one\n7 <13>two\n").records, (Texts{"<13>one", "<13>two"}));
}

TEST(StreamFraming, IsDecidedAnewForEveryMessage) {
  EXPECT_EQ(run_all_splits("7 <13>one<13>two\n9 <13>three<13>four\n").records,
            (Texts{"<13>one", "<13>two", "<13>three", "<13>four"}));
}

TEST(StreamFraming, ALineMayBeginWithANumber) {
  EXPECT_EQ(
      run_all_splits("2026-10-13T08:41:02Z host a: b\n10 bottles\n0 <13>x\n-1 <13>y\n").records,
      (Texts{"2026-10-13T08:41:02Z host a: b", "10 bottles", "0 <13>x", "-1 <13>y"}));
}

TEST(StreamFraming, ALineWithoutEndIsAMessageWhenTheStreamEnds) {
  const Outcome outcome = run_all_splits("<13>one\n<13>two");
  EXPECT_EQ(outcome.records, (Texts{"<13>one", "<13>two"}));
  EXPECT_EQ(outcome.shortened, (std::vector<bool>{false, false}));
  EXPECT_EQ(run_all_splits("123").records, (Texts{"123"}));
}

TEST(StreamFraming, ACountedMessageThatIsCutOffIsFlagged) {
  const Outcome outcome = run_all_splits("20 <13>one");
  EXPECT_EQ(outcome.records, (Texts{"<13>one"}));
  EXPECT_EQ(outcome.shortened, (std::vector<bool>{true}));
}

TEST(StreamFraming, LongMessagesAreCutAndTheStreamStaysInStep) {
  const FramingOptions options{16};
  const std::string long_line = "<13>" + std::string(40, 'a');
  const std::string bytes =
      long_line + "\n<13>b\n" + std::to_string(long_line.size()) + " " + long_line + "6 <13>cc";
  const Outcome outcome = run_all_splits(bytes, options);
  EXPECT_EQ(outcome.records,
            (Texts{long_line.substr(0, 16), "<13>b", long_line.substr(0, 16), "<13>cc"}));
  EXPECT_EQ(outcome.shortened, (std::vector<bool>{true, false, true, false}));
}

TEST(StreamFraming, AMessageOfExactlyTheLimitIsWhole) {
  const FramingOptions options{16};
  const std::string line = "<13>" + std::string(12, 'a');
  EXPECT_EQ(run_all_splits(line + "\n16 " + line, options).shortened,
            (std::vector<bool>{false, false}));
}

TEST(StreamFraming, AnImpossibleCountEndsTheConnection) {
  for (const char* count : {"16777217", "99999999999", "18446744073709551616"}) {
    const Outcome outcome = run_all_splits("<13>a\n" + std::string(count) + " <13>b");
    EXPECT_EQ(outcome.records, (Texts{"<13>a"})) << count;
    EXPECT_TRUE(outcome.failed) << count;
  }
  EXPECT_FALSE(run_all_splits(std::to_string(kMaxCountedBytes) + " <13>b").failed);
  // More digits than any length has: a line.
  EXPECT_EQ(run_all_splits(std::string(kMaxCountDigits + 1, '1') + " <13>b\n").records.size(), 1U);
}

TEST(StreamFraming, BlankLinesAreNothing) {
  EXPECT_TRUE(run_all_splits(std::string("\n \r\n\0\t\n", 7)).records.empty());
}

TEST(StreamFraming, HoldsNoMoreThanOneMessage) {
  StreamFraming framing({64});
  net::RecordBuffer records;
  for (int i = 0; i < 1000; ++i) {
    std::string piece(4096, 'x');
    std::string_view bytes = piece;
    ASSERT_TRUE(framing.take(bytes, records).ok());
  }
  EXPECT_TRUE(records.empty());
  std::string_view end = "\n";
  ASSERT_TRUE(framing.take(end, records).ok());
  ASSERT_EQ(records.count(), 1U);
  EXPECT_EQ(records.records()[0].bytes.size(), 64U);
}

TEST(StreamFraming, CutsWhatIsReadIntoOffersOfBoundedSize) {
  std::string bytes;
  for (std::size_t i = 0; i < net::RecordBuffer::kFullRecords + 10; ++i) bytes += "<13>a\n";
  SyslogStreamSession session(FramingOptions{});
  SessionRun run(session);
  run.send(bytes);
  EXPECT_EQ(run.records.size(), net::RecordBuffer::kFullRecords + 10);
  EXPECT_EQ(run.offers, 2U);
}

}  // namespace
}  // namespace catena::syslog
