// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/framing.h"

#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace catena::codec {
namespace {

// "T:…" for a line, "D:…" for a document, "B(reason):…" for what is broken.
std::vector<std::string> frames(std::string_view text, bool at_end = true) {
  std::vector<std::string> out;
  Framer framer(text, at_end);
  Frame frame;
  while (framer.next(frame)) {
    std::string kind;
    switch (frame.kind) {
      case Frame::Kind::kText:
        kind = "T:";
        break;
      case Frame::Kind::kDocument:
        kind = "D:";
        break;
      case Frame::Kind::kBroken:
        kind = "B(" + std::string(dead_letter_reason_name(frame.reason)) + "):";
        break;
    }
    out.push_back(kind + std::string(text.substr(frame.begin, frame.end - frame.begin)));
  }
  return out;
}

using Frames = std::vector<std::string>;

TEST(Framing, TakesLinesAndDocumentsMixed) {
  EXPECT_EQ(frames("one\n{\"a\":1}\r\n\n  two  \n{\"b\":{\"c\":[1,2]}}"),
            (Frames{"T:one", "D:{\"a\":1}", "T:two", "D:{\"b\":{\"c\":[1,2]}}"}));
}

TEST(Framing, TakesSeveralDocumentsOfOneLine) {
  EXPECT_EQ(frames("{\"a\":1}{\"b\":2} {\"c\":3}, {\"d\":4}\n"),
            (Frames{"D:{\"a\":1}", "D:{\"b\":2}", "D:{\"c\":3}", "D:{\"d\":4}"}));
}

TEST(Framing, TakesPrettyPrintedDocuments) {
  EXPECT_EQ(
      frames("{\n  \"a\": [\n    1,\n    true\n  ],\n  \"b\": {\n  }\n}\n{\n\"c\":\n\"x\"}\n"),
      (Frames{"D:{\n  \"a\": [\n    1,\n    true\n  ],\n  \"b\": {\n  }\n}",
              "D:{\n\"c\":\n\"x\"}"}));
}

TEST(Framing, TakesTheElementsOfArraysOneByOne) {
  EXPECT_EQ(frames("[{\"a\":1},{\"a\":2}]"), (Frames{"D:{\"a\":1}", "D:{\"a\":2}"}));
  EXPECT_EQ(frames("[\n  {\"a\":1},\n  {\"a\":2}\n]\n"), (Frames{"D:{\"a\":1}", "D:{\"a\":2}"}));
  EXPECT_EQ(frames("[[{\"a\":1}],\n[]]"), (Frames{"D:{\"a\":1}"}));
}

TEST(Framing, TakesTheRecordsOfAnEnvelope) {
  EXPECT_EQ(frames("{\"Records\":[{\"a\":1},{\"a\":2}]}"), (Frames{"D:{\"a\":1}", "D:{\"a\":2}"}));
  EXPECT_EQ(frames("{ \"records\" :\n [\n{\"a\":1}\n]\n}\nx"), (Frames{"D:{\"a\":1}", "T:x"}));
  EXPECT_EQ(frames("{\"Records\":3}"), (Frames{"D:{\"Records\":3}"}));
  EXPECT_EQ(frames("{\"Records\":[]}"), Frames{});
}

TEST(Framing, LeavesTextInBracketsAlone) {
  EXPECT_EQ(frames("[Mon Sep 17] [error] x\n[    0.000000] Linux\n] x\n, y\n"),
            (Frames{"T:[Mon Sep 17] [error] x", "T:[    0.000000] Linux", "T:] x", "T:, y"}));
  EXPECT_EQ(frames("[\ntext\n[ \n"), (Frames{"T:text"}));
}

TEST(Framing, ABrokenLineCostsOnlyItself) {
  EXPECT_EQ(frames("{\"a\":1\n{\"b\":2}\n"), (Frames{"B(truncated):{\"a\":1", "D:{\"b\":2}"}));
  EXPECT_EQ(frames("{\"a\":\"x\n{\"b\":2}\n"), (Frames{"B(truncated):{\"a\":\"x", "D:{\"b\":2}"}));
  EXPECT_EQ(frames("{\"a\":{\"x\":1}\n{\"b\":2}\n"),
            (Frames{"B(truncated):{\"a\":{\"x\":1}", "D:{\"b\":2}"}));
  EXPECT_EQ(frames("{\"a\":[1]]}\n{\"b\":2}\n"),
            (Frames{"B(invalid_json):{\"a\":[1]]}", "D:{\"b\":2}"}));
  EXPECT_EQ(frames("{\"a\":1,\nJan  1 00:00:00 h p: m\n{\"b\":2}\n"),
            (Frames{"B(truncated):{\"a\":1,", "T:Jan  1 00:00:00 h p: m", "D:{\"b\":2}"}));
}

TEST(Framing, ALineThatSwallowsTheNextGivesItBack) {
  // After "[" or "," a document may go on with "{", so the lines behind look like elements at
  // first.
  EXPECT_EQ(frames("{\"a\":[\n{\"b\":2}\n{\"c\":3}\n"),
            (Frames{"B(truncated):{\"a\":[", "D:{\"b\":2}", "D:{\"c\":3}"}));
  EXPECT_EQ(frames("{\"a\":[{\"x\":1},\n{\"b\":2}\n"),
            (Frames{"B(truncated):{\"a\":[{\"x\":1},", "D:{\"b\":2}"}));
  EXPECT_EQ(frames("{\"a\":\n{\"b\":2}\ntext\n"),
            (Frames{"B(truncated):{\"a\":", "D:{\"b\":2}", "T:text"}));
}

TEST(Framing, GarbageBehindADocumentIsBroken) {
  EXPECT_EQ(frames("{\"a\":1} tail\nnext\n"),
            (Frames{"D:{\"a\":1}", "B(invalid_json):tail", "T:next"}));
}

TEST(Framing, LinesThatStartLikeScalarsEndADocument) {
  EXPECT_EQ(frames("{\"a\":\ntype=SYSCALL msg\n"),
            (Frames{"B(truncated):{\"a\":", "T:type=SYSCALL msg"}));
  EXPECT_EQ(frames("{\"a\":\n172.16.5.10 x\n"),
            (Frames{"B(truncated):{\"a\":", "T:172.16.5.10 x"}));
  EXPECT_EQ(frames("{\"a\":\n17 Jan x\n"), (Frames{"B(truncated):{\"a\":", "T:17 Jan x"}));
  EXPECT_EQ(frames("{\"a\":\n17\n}"), (Frames{"D:{\"a\":\n17\n}"}));
}

TEST(Framing, WithoutTheEndNothingIncompleteIsReturned) {
  EXPECT_EQ(frames("a\nb", false), (Frames{"T:a"}));
  EXPECT_EQ(frames("{\"a\":1}\n{\"b\"", false), (Frames{"D:{\"a\":1}"}));
  EXPECT_EQ(frames("[", false), Frames{});
  EXPECT_EQ(frames("{\"Rec", false), Frames{});
}

TEST(Framing, ABracketOfAnotherKindBreaksTheDocument) {
  EXPECT_EQ(frames("{\"a\":[}\n"), (Frames{"B(invalid_json):{\"a\":[}"}));
}

TEST(Framing, DepthBeyondTheTrackedOneIsStillCounted) {
  std::string deep;
  for (int i = 0; i < 200; ++i) deep += "{\"a\":";
  deep += "1";
  deep.append(200, '}');
  EXPECT_EQ(frames(deep + "\nx"), (Frames{"D:" + deep, "T:x"}));
}

TEST(Framing, AScannerGoesOnWhereTheBytesEnded) {
  const std::string document = "{\"a\":\"x\\\"y\",\n \"b\":[1,{\"c\":null}\n]}";
  for (std::size_t split = 1; split < document.size(); ++split) {
    DocumentScanner scanner;
    std::size_t at = 0;
    ASSERT_EQ(scanner.scan(std::string_view(document).substr(0, split), at, false),
              DocumentScanner::State::kOpen)
        << split;
    ASSERT_LE(at, split);
    EXPECT_EQ(scanner.scan(document, at, false), DocumentScanner::State::kComplete) << split;
    EXPECT_EQ(at, document.size());
  }
}

TEST(Framing, AuditIdIsFoundNearTheStart) {
  EXPECT_EQ(audit_id("type=X msg=audit(12.3:45): a"), "12.3:45");
  EXPECT_EQ(audit_id("Jan  1 00:00:00 h kernel: audit: type=1400 audit(1.2:3): x"), "1.2:3");
  EXPECT_EQ(audit_id("nothing"), "");
  EXPECT_EQ(audit_id("audit("), "");
}

TEST(Framing, CertainBoundaryIsTheStartOfALineThatContinuesNothing) {
  EXPECT_EQ(last_certain_boundary("{\"a\":1}\n{\"b\":2}\n{\"c\""), 16U);
  EXPECT_EQ(last_certain_boundary("aaa\nbbb\ncc"), 8U);
  // A pretty-printed document has none inside.
  EXPECT_EQ(last_certain_boundary("{\n  \"a\": 1,\n  \"b\": {\n  }\n}"), 0U);
  EXPECT_EQ(last_certain_boundary("{\n  \"a\": 1\n}\n{\n  \"b\": 2"), 13U);
  EXPECT_EQ(last_certain_boundary("[{\"a\":1},\n{\"a\":2},\n{\"a\":3}"), 0U);
}

TEST(Framing, BoundariesKeepAnAuditEventTogether) {
  const std::string first = "type=A msg=audit(1.0:1): x\n";
  const std::string second = "type=B msg=audit(1.0:2): x\ntype=C msg=audit(1.0:2): y\n";
  EXPECT_EQ(last_certain_boundary(first + second), first.size());
  EXPECT_EQ(last_certain_boundary(second), 0U);
  EXPECT_EQ(last_record_start(first + second), first.size());
}

TEST(Framing, RecordStartsAreFoundInArraysOnOneLine) {
  EXPECT_EQ(last_record_start("[{\"a\":1},{\"b\":2},{\"c\""), 17U);
  EXPECT_EQ(last_record_start("[{\"a\":1"), 0U);
}

TEST(Framing, HostileInputStaysLinear) {
  constexpr std::size_t kBytes = 1 << 20;
  const auto started = std::chrono::steady_clock::now();
  for (const std::string_view unit : {"[", "{", "]", ",", "\n", "{\"a\":[\n", "[\n", "\"", "{\"",
                                      "}\n", ",\n", "[{", "\\", "{}"}) {
    std::string bomb;
    while (bomb.size() < kBytes) bomb += unit;
    (void)frames(bomb);
    (void)last_certain_boundary(bomb);
    (void)last_record_start(bomb);
  }
  // Quadratic work would take minutes.
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(20));
}

}  // namespace
}  // namespace catena::codec
