// SPDX-License-Identifier: Apache-2.0
#include "connectors/lumberjack/lumberjack_session.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>

#include "tests/support/session_run.h"

namespace catena::lumberjack {
namespace {

using tests::SessionRun;
using Texts = std::vector<std::string>;

std::string u32(std::uint32_t value) {
  std::string out;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) out += static_cast<char>(value >> shift & 0xFFU);
  return out;
}
std::string window(std::uint32_t count) { return "2W" + u32(count); }
std::string event(std::uint32_t number, const std::string& json) {
  return "2J" + u32(number) + u32(static_cast<std::uint32_t>(json.size())) + json;
}
std::string text(const std::string& bytes) {
  return u32(static_cast<std::uint32_t>(bytes.size())) + bytes;
}
std::string compressed(const std::string& frames) {
  std::string out(compressBound(frames.size()), '\0');
  uLongf size = out.size();
  EXPECT_EQ(compress(reinterpret_cast<Bytef*>(out.data()), &size,
                     reinterpret_cast<const Bytef*>(frames.data()), frames.size()),
            Z_OK);
  out.resize(size);
  return "2C" + text(out);
}
std::string ack(std::uint32_t number) { return "2A" + u32(number); }

TEST(LumberjackSession, AcknowledgesWindows) {
  const std::string bytes = window(2) + event(1, "{\"a\":1}") + event(2, "{\"b\":2}") + window(1) +
                            compressed(event(1, "{\"c\":3}")) + window(0);
  LumberjackSession session(LumberjackOptions{});
  SessionRun run(session);
  run.send(bytes);
  EXPECT_EQ(run.records, (Texts{"{\"a\":1}", "{\"b\":2}", "{\"c\":3}"}));
  EXPECT_EQ(run.answer, ack(2) + ack(1));
  EXPECT_FALSE(run.closed);
  for (std::size_t split = 0; split < bytes.size(); ++split) {
    LumberjackSession other(LumberjackOptions{});
    SessionRun parts(other);
    parts.send_split(bytes, split);
    EXPECT_EQ(parts.answer, run.answer) << split;
    EXPECT_EQ(parts.records, run.records) << split;
  }
}

TEST(LumberjackSession, ShowsSignsOfLifeWhileItWaits) {
  LumberjackSession session(LumberjackOptions{});
  SessionRun run(session);
  run.settle_later();
  run.send(window(1) + event(7, "{}"));
  EXPECT_EQ(run.take_answer(), "");
  run.still_waiting();
  EXPECT_EQ(run.take_answer(), ack(0));
  run.settle_all();
  EXPECT_EQ(run.take_answer(), ack(7));
  run.still_waiting();
  EXPECT_EQ(run.take_answer(), "");
}

TEST(LumberjackSession, TakesEventsOfVersionOne) {
  LumberjackSession session(LumberjackOptions{});
  SessionRun run(session);
  run.send("1W" + u32(1) + "1D" + u32(1) + u32(2) + text("line") + text("a \"b\"") + text("host") +
               text("web-01"),
           3);
  EXPECT_EQ(run.records, (Texts{R"({"line":"a \"b\"","host":"web-01"})"}));
  EXPECT_EQ(run.answer, "1A" + u32(1));
}

TEST(LumberjackSession, ABlankEventIsADeadLetterAndAcknowledged) {
  LumberjackSession session(LumberjackOptions{});
  SessionRun run(session);
  run.send(window(1) + event(1, ""));
  ASSERT_EQ(run.details.size(), 1U);
  EXPECT_EQ(run.details[0].refused, DeadLetterReason::kInvalidJson);
  EXPECT_EQ(run.answer, ack(1));
}

// However the bytes come, a window that is whole before the fault is taken and acknowledged.
TEST(LumberjackSession, AcknowledgesWhatStandsBeforeAFault) {
  const std::string bytes = window(1) + event(1, "{\"a\":1}") + window(1) + "2X";
  for (std::size_t split = 0; split < bytes.size(); ++split) {
    LumberjackSession session(LumberjackOptions{});
    SessionRun run(session);
    run.send_split(bytes, split);
    EXPECT_EQ(run.records, (Texts{"{\"a\":1}"})) << split;
    EXPECT_EQ(run.answer, ack(1)) << split;
    EXPECT_TRUE(run.finished);
  }
}

TEST(LumberjackSession, EndsWhatIsNoLumberjack) {
  LumberjackOptions options;
  options.inflate.max_bytes = 1000;
  const std::string long_event(2000, 'x');
  for (const std::string& bytes :
       {std::string("3W"), std::string("2X"), window(kMaxWindow + 1), event(1, "{}"),
        window(2) + window(1), window(1) + "2J" + u32(1) + u32(kMaxEventBytes + 1),
        "2C" + u32(0xFFFFFFFF), "2C" + text("garbage"), window(1) + "2D" + u32(1) + u32(100'000),
        window(1) + "2D" + u32(1) + u32(1) + u32(0xFFFFFFFF),
        window(1) + compressed(compressed(event(1, "{}"))),
        window(1) + compressed(event(1, "{}").substr(0, 5)),
        window(1) + compressed(event(1, long_event)), std::string("GET / HTTP/1.1\r\n")}) {
    LumberjackSession session(options);
    SessionRun run(session);
    run.send(bytes);
    EXPECT_TRUE(run.finished) << bytes;
    EXPECT_NE(run.problem, "");
    EXPECT_EQ(run.answer, "");
  }
}

}  // namespace
}  // namespace catena::lumberjack
