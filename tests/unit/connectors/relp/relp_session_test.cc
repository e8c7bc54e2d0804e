// SPDX-License-Identifier: Apache-2.0
#include "connectors/relp/relp_session.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/session_run.h"

namespace catena::relp {
namespace {

using tests::SessionRun;
using Texts = std::vector<std::string>;

std::string message(int number, const std::string& text) {
  return std::to_string(number) + " syslog " + std::to_string(text.size()) + " " + text + "\n";
}

std::string answers_to(const std::string& bytes) {
  RelpSession session(RelpOptions{});
  SessionRun run(session);
  run.send(bytes);
  return run.answer;
}

TEST(RelpSession, OpensTakesMessagesAndCloses) {
  const std::string bytes = "1 open 30 relp_version=0\ncommands=syslog\n" +
                            message(2, "<13>one\n") + message(3, "<13>two") + "4 close 0\n";
  RelpSession session(RelpOptions{});
  SessionRun run(session);
  run.send(bytes);
  EXPECT_EQ(run.records, (Texts{"<13>one", "<13>two"}));
  EXPECT_EQ(run.answer,
            "1 rsp 58 200 OK\nrelp_version=0\nrelp_software=catena\ncommands=syslog\n"
            "2 rsp 6 200 OK\n3 rsp 6 200 OK\n4 rsp 0\n0 serverclose 0\n");
  EXPECT_TRUE(run.finished);
  EXPECT_EQ(run.problem, "");
  for (std::size_t split = 0; split < bytes.size(); ++split) {
    RelpSession other(RelpOptions{});
    SessionRun parts(other);
    parts.send_split(bytes, split);
    EXPECT_EQ(parts.answer, run.answer) << split;
    EXPECT_EQ(parts.records, run.records) << split;
  }
}

TEST(RelpSession, AnswersNothingBeforeItIsDurable) {
  RelpSession session(RelpOptions{});
  SessionRun run(session);
  run.send("1 open 0\n");
  run.take_answer();
  run.settle_later();
  run.send(message(2, "<13>one"));
  run.send(message(3, "<13>two"));
  run.send("4 close 0\n");
  EXPECT_EQ(run.answer, "");
  run.settle_all();
  EXPECT_EQ(run.answer, "2 rsp 6 200 OK\n3 rsp 6 200 OK\n4 rsp 0\n0 serverclose 0\n");
}

TEST(RelpSession, BlankMessagesAreAnsweredInTheirPlace) {
  RelpSession session(RelpOptions{});
  SessionRun run(session);
  run.send("1 open 0\n");
  run.take_answer();
  run.send(message(2, "\n"));
  EXPECT_EQ(run.take_answer(), "2 rsp 6 200 OK\n");
  run.settle_later();
  run.send(message(3, "<13>one"));
  run.send("4 syslog 0\n");
  EXPECT_EQ(run.answer, "");
  run.settle_all();
  EXPECT_EQ(run.answer, "3 rsp 6 200 OK\n4 rsp 6 200 OK\n");
}

TEST(RelpSession, LongMessagesAreCutAndFlagged) {
  RelpSession session(RelpOptions{8});
  SessionRun run(session);
  run.send("1 open 0\n" + message(2, "12345678") + message(3, "123456789") + message(4, "x"), 5);
  EXPECT_EQ(run.records, (Texts{"12345678", "12345678", "x"}));
  EXPECT_FALSE(run.details[0].shortened);
  EXPECT_TRUE(run.details[1].shortened);
}

// However the bytes come, what is whole before the fault is taken, answered, and not repeated.
TEST(RelpSession, AnswersWhatStandsBeforeAFault) {
  const std::string good = "1 open 0\n" + message(2, "<13>one");
  for (const std::string& fault : {std::string("x y z\n"), std::string("3 syslog x\n")}) {
    for (std::size_t split = 0; split <= good.size(); ++split) {
      RelpSession session(RelpOptions{});
      SessionRun run(session);
      run.send_split(good + fault, split);
      EXPECT_EQ(run.records, (Texts{"<13>one"})) << split;
      EXPECT_TRUE(run.answer.ends_with("2 rsp 6 200 OK\n")) << split;
      EXPECT_TRUE(run.finished);
    }
  }
}

TEST(RelpSession, AnswersInTheOrderOfTheFrames) {
  const std::string bytes = "1 open 0\n" + message(2, "<13>one") + "3 starttls 0\n" +
                            message(4, "\n") + message(5, "<13>two") + "6 close 0\n";
  for (std::size_t split = 0; split < bytes.size(); ++split) {
    RelpSession session(RelpOptions{});
    SessionRun run(session);
    run.send_split(bytes, split);
    EXPECT_TRUE(
        run.answer.ends_with("2 rsp 6 200 OK\n3 rsp 25 500 command not supported\n"
                             "4 rsp 6 200 OK\n5 rsp 6 200 OK\n6 rsp 0\n"
                             "0 serverclose 0\n"))
        << split << run.answer;
  }
}

TEST(RelpSession, EndsWhatIsNoRelp) {
  for (const char* bytes : {"x open 0\n", "1\n", "1 open x\n", "1 open -1\n", "1234567890 open 0\n",
                            "1 open 99999999 x", "1 open 3 abcd", "2 syslog 1 x\n", "1  0\n",
                            "GET / HTTP/1.1\r\n", "1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 0\n"}) {
    RelpSession session(RelpOptions{});
    SessionRun run(session);
    run.send(bytes);
    EXPECT_TRUE(run.finished) << bytes;
    EXPECT_NE(run.problem, "") << bytes;
    EXPECT_TRUE(run.records.empty()) << bytes;
  }
  EXPECT_EQ(answers_to("7 starttls 0\n"), "7 rsp 25 500 command not supported\n");
}

}  // namespace
}  // namespace catena::relp
