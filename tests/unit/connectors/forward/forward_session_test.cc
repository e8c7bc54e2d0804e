// SPDX-License-Identifier: Apache-2.0
#include "connectors/forward/forward_session.h"

#include <openssl/evp.h>

#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>

#include "tests/support/gzip_bytes.h"
#include "tests/support/session_run.h"

namespace catena::forward {
namespace {

using tests::SessionRun;
using Texts = std::vector<std::string>;

// MessagePack by hand.
std::string text(const std::string& bytes) {
  return (bytes.size() < 32 ? std::string(1, static_cast<char>(0xA0 + bytes.size()))
                            : "\xD9" + std::string(1, static_cast<char>(bytes.size()))) +
         bytes;
}
std::string bin(const std::string& bytes) {
  return "\xC5" + std::string(1, static_cast<char>(bytes.size() >> 8U)) +
         static_cast<char>(bytes.size() & 0xFFU) + bytes;
}
std::string array(const std::vector<std::string>& items) {
  std::string out(1, static_cast<char>(0x90 + items.size()));
  for (const std::string& item : items) out += item;
  return out;
}
std::string map(const std::vector<std::string>& items) {
  std::string out(1, static_cast<char>(0x80 + items.size() / 2));
  for (const std::string& item : items) out += item;
  return out;
}
const std::string kTime("\xCE\x6B\x02\x7F\x00", 5);                            // 1795325696
const std::string kEventTime("\xD7\x00\x6B\x02\x7F\x00\x00\x00\x00\x2A", 10);  // …000000042
std::string record(const std::string& value) { return map({text("log"), text(value)}); }
std::string json(const std::string& value, const std::string& time = "1795325696") {
  return "{\"log\":\"" + value + "\",\"fluent\":{\"tag\":\"app\",\"time\":" + time + "}}";
}

using tests::gzip;

struct Served {
  explicit Served(ForwardOptions wanted = {}) : options(std::move(wanted)) {}
  ForwardOptions options;
  net::RecentIds recent;
  ForwardSession session{options, recent};
  SessionRun run{session};
};

TEST(ForwardSession, TakesAllFourModesFromAnyCut) {
  const std::string entries = array({kTime, record("b")}) + array({kEventTime, record("c")});
  const std::string bytes =
      array({text("app"), kTime, record("a")}) +
      array({text("app"), array({array({kTime, record("b")}), array({kEventTime, record("c")})})}) +
      array({text("app"), bin(entries), map({text("chunk"), text("id1")})}) +
      array({text("app"),
             bin(gzip(array({kTime, record("d")})) + gzip(array({kTime, record("e")}))),
             map({text("compressed"), text("gzip"), text("chunk"), text("id2")})}) +
      "\xC0" +
      array({text("app"), array({array({array({kTime, map({})}), record("f")})}),
             map({text("size"), "\x01", text("chunk"), text("id3")})});
  const Texts expected{json("a"),
                       json("b"),
                       json("c", "1795325696.000000042"),
                       json("b"),
                       json("c", "1795325696.000000042"),
                       json("d"),
                       json("e"),
                       json("f")};
  const std::string acks = map({text("ack"), text("id1")}) + map({text("ack"), text("id2")}) +
                           map({text("ack"), text("id3")});
  for (std::size_t split = 0; split <= bytes.size(); ++split) {
    Served served;
    served.run.send_split(bytes, split);
    ASSERT_EQ(served.run.problem, "") << split;
    EXPECT_EQ(served.run.records, expected) << split;
    EXPECT_EQ(served.run.answer, acks) << split;
  }
  Served slow;
  slow.run.send(bytes, 1);
  EXPECT_EQ(slow.run.records, expected);
}

TEST(ForwardSession, AChunkThatComesAgainIsAcknowledgedAndNotOffered) {
  Served served;
  const std::string chunk =
      array({text("app"), array({array({kTime, record("a")})}), map({text("chunk"), text("id")})});
  served.run.settle_later();
  served.run.send(chunk);
  EXPECT_EQ(served.run.answer, "");
  served.run.settle_all();
  EXPECT_EQ(served.run.take_answer(), map({text("ack"), text("id")}));
  served.run.send(chunk);
  EXPECT_EQ(served.run.take_answer(), map({text("ack"), text("id")}));
  EXPECT_EQ(served.run.records.size(), 1U);
  // The id alone silences nothing.
  served.run.send(
      array({text("app"), array({array({kTime, record("b")})}), map({text("chunk"), text("id")})}));
  EXPECT_EQ(served.run.records.size(), 2U);
}

TEST(ForwardSession, AnEntryThatIsNoRecordIsADeadLetter) {
  Served served;
  served.run.send(array({text("app"), array({array({kTime, text("no map")}), array({kTime}),
                                             array({kTime, record("a")})})}));
  ASSERT_EQ(served.run.records.size(), 3U);
  EXPECT_EQ(served.run.details[0].refused, DeadLetterReason::kNotARecord);
  EXPECT_EQ(served.run.details[1].refused, DeadLetterReason::kNotARecord);
  EXPECT_EQ(served.run.records[2], json("a"));
}

TEST(ForwardSession, WritesAnyValueAsJson) {
  Served served;
  const std::string values =
      array({"\xC0", "\xC3", "\x07", "\xFF", std::string("\xD1\xFF\x00", 3),
             std::string("\xCB\x3F\xF8\x00\x00\x00\x00\x00\x00", 9), bin("b"),
             std::string("\xCF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 9), map({"\x01", text("x")})});
  served.run.send(array({text("app"), kTime, map({text("v"), values})}));
  ASSERT_EQ(served.run.records.size(), 1U);
  EXPECT_EQ(served.run.records[0],
            R"({"v":[null,true,7,-1,-256,1.5,"b",18446744073709551615,{"1":"x"}],)"
            R"("fluent":{"tag":"app","time":1795325696}})");
}

TEST(ForwardSession, EndsWhatBreaksTheProtocol) {
  std::string deep;
  for (unsigned i = 0; i <= kMaxMsgpackDepth; ++i) deep += '\x91';
  for (const std::string& bytes :
       {std::string("\xC1"), std::string("GET / HTTP/1.1"), deep, array({text("app")}),
        array({"\x01", array({})}), array({text("app"), kTime}), array({text("app"), bin("\x92")}),
        array({text("app"), bin("\xC1")}),
        array({text("app"), bin("x"), map({text("compressed"), text("gzip")})}),
        array({text("app"), array({}), map({text("chunk"), "\x01"})}),
        array({text("app"), array({}), "\x01"})}) {
    Served served;
    served.run.send(bytes);
    EXPECT_TRUE(served.run.closed) << bytes;
    EXPECT_TRUE(served.run.records.empty()) << bytes;
  }
}

TEST(ForwardSession, LyingLengthsWaitAndHoldNothing) {
  for (const std::string& bytes :
       {std::string("\x92\xDB\xFF\xFF\xFF\xFF", 6), std::string("\xDD\xFF\xFF\xFF\xFF", 5),
        std::string("\x92\xA1x\xDF\xFF\xFF\xFF\xFF", 8)}) {
    Served served;
    served.run.send(bytes);
    EXPECT_FALSE(served.run.closed);
    EXPECT_LE(served.session.held_bytes(), bytes.size());
    EXPECT_TRUE(served.session.is_mid_frame());
    const std::string more(1024 * 1024, '\x01');
    for (std::size_t i = 0; i < 40 && !served.run.closed; ++i) served.run.send(more);
    EXPECT_TRUE(served.run.closed);
  }
}

std::string sha512(const std::string& bytes) {
  std::array<unsigned char, 64> digest{};
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha512(), nullptr);
  std::string out;
  for (const unsigned char byte : digest) {
    out += "0123456789abcdef"[byte >> 4U];
    out += "0123456789abcdef"[byte & 15U];
  }
  return out;
}

TEST(ForwardSession, AsksForTheSharedKey) {
  const std::string nonce = "0123456789abcdef";
  for (const bool right : {true, false}) {
    ForwardOptions options;
    options.shared_key = "secret";
    options.nonce = [&nonce] { return nonce; };
    Served served(options);
    EXPECT_EQ(served.run.take_answer(),
              array({text("HELO"), map({text("nonce"), "\xC4\x10" + nonce, text("auth"), text(""),
                                        text("keepalive"), "\xC3"})}));
    const std::string digest = sha512(
        "salt"
        "client" +
        nonce + (right ? "secret" : "guess"));
    served.run.send(
        array({text("PING"), text("client"), text("salt"), text(digest), text(""), text("")}));
    EXPECT_EQ(served.run.closed, !right);
    EXPECT_EQ(served.run.answer.substr(0, 7),
              std::string("\x95\xA4PONG") + (right ? "\xC3" : "\xC2"));
    if (right) {
      EXPECT_NE(served.run.answer.find(sha512("salt"
                                              "catena" +
                                              nonce + "secret")),
                std::string::npos);
    }
    served.run.send(array({text("app"), kTime, record("a")}));
    EXPECT_EQ(served.run.records.size(), right ? 1U : 0U);
  }
}

TEST(ForwardSession, TakesNothingBeforeTheHandshake) {
  ForwardOptions options;
  options.shared_key = "secret";
  options.nonce = [] { return std::string(kNonceBytes, 'n'); };
  Served served(options);
  served.run.send(array({text("app"), kTime, record("a")}));
  EXPECT_TRUE(served.run.closed);
  EXPECT_TRUE(served.run.records.empty());
  options.nonce = nullptr;
  EXPECT_TRUE(Served(options).run.closed);  // no nonce, no handshake
}

}  // namespace
}  // namespace catena::forward
