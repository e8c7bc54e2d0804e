// SPDX-License-Identifier: Apache-2.0
// Holds every cell of the table of answers (connectors/net/verdict.h): what a sender of each
// protocol really gets for each verdict.
#include <memory>
#include <set>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "connectors/forward/forward_session.h"
#include "connectors/http/http_interfaces.h"
#include "connectors/http/http_session.h"
#include "connectors/lumberjack/lumberjack_session.h"
#include "connectors/net/stream_server.h"
#include "connectors/net/verdict.h"
#include "connectors/relp/relp_session.h"
#include "connectors/syslog/stream_session.h"
#include "connectors/syslog/udp_receiver.h"
#include "tests/support/loopback_client.h"
#include "tests/support/memory_port.h"
#include "tests/support/session_run.h"

namespace catena::net {
namespace {

using namespace std::chrono_literals;
using pipeline::Outcome;
using tests::LoopbackClient;
using tests::MemoryPort;
using tests::SessionRun;

using Cell = std::pair<Protocol, Verdict>;

// Which cells this file has looked at; the last test wants them all.
std::set<Cell>& seen() {
  static std::set<Cell> cells;
  return cells;
}

const Reply& cell(Protocol protocol, Verdict verdict) {
  seen().emplace(protocol, verdict);
  return reply_for(protocol, verdict);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// --- HTTP ----------------------------------------------------------------------------------------

struct HttpCase {
  Protocol protocol;
  std::string path;
  std::string headers;
  std::string body;
  std::string bad;
};

const HttpCase kHttpCases[] = {
    {Protocol::kNdjson, "/ingest/ndjson", "", "{}", "[1]"},
    {Protocol::kBulk, "/_bulk", "", "{\"create\":{\"_id\":\"1\"}}\n{\"a\":1}\n",
     "{\"create\":{}}\nnone\n"},
    {Protocol::kHec, "/services/collector", "", "{\"event\":\"a\"}", "{\"event\":"},
    {Protocol::kOtlp, "/v1/logs", "Content-Type: application/json\r\n",
     R"({"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"a"}}]}]}]})", ""},
    {Protocol::kJournal, "/upload", "", "MESSAGE=a\n\n", ""}};

std::string post(const HttpCase& sender, const std::string& body, const std::string& more = "") {
  return "POST " + sender.path + " HTTP/1.1\r\nHost: x\r\n" + sender.headers + more +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

struct HttpSender {
  void use_token() {
    ASSERT_TRUE(
        tokens.add("2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b", "x").ok());
  }
  http::HttpOptions options{1000, {}, 5};
  AccessTokens tokens;
  http::HttpInterfaces interfaces;
  http::HttpSession session{options, tokens, interfaces};
  SessionRun run{session};
};

void expect_reply(const std::string& answer, const SessionRun& run, const Reply& reply,
                  const HttpCase& sender) {
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 " + std::to_string(reply.status)))
      << protocol_name(sender.protocol) << ": " << answer;
  if (!reply.text.empty() && reply.action != Action::kAcknowledge) {
    EXPECT_TRUE(has(answer, std::string(reply.text))) << answer;
  }
  EXPECT_EQ(run.finished || run.closed, reply.action == Action::kErrorClose)
      << protocol_name(sender.protocol);
  EXPECT_EQ(has(answer, "Retry-After: 5\r\n"), reply.status == 429 || reply.status == 503);
}

TEST(VerdictCells, Http) {
  for (const HttpCase& sender : kHttpCases) {
    const struct {
      Outcome outcome;
      Verdict verdict;
    } settled[] = {{Outcome::kDurable, Verdict::kAccepted},
                   {Outcome::kOverloaded, Verdict::kOverloaded},
                   {Outcome::kFailed, Verdict::kOverloaded},
                   {Outcome::kStopping, Verdict::kStopping}};
    for (const auto& [outcome, verdict] : settled) {
      HttpSender http;
      http.run.settle_later();
      http.run.answer_with(outcome);
      http.run.send(post(sender, sender.body));
      // Waiting is silence, and nothing further is read.
      EXPECT_EQ(cell(sender.protocol, Verdict::kWaiting).action, Action::kWithhold);
      EXPECT_EQ(http.run.answer, "");
      EXPECT_FALSE(http.session.wants_input());
      http.run.settle_all();
      expect_reply(http.run.answer, http.run, cell(sender.protocol, verdict), sender);
    }
    HttpSender large;
    large.run.send(post(sender, std::string(1001, ' ')));
    expect_reply(large.run.answer, large.run, cell(sender.protocol, Verdict::kTooLarge), sender);

    HttpSender stranger;
    stranger.use_token();
    stranger.run.send(post(sender, sender.body));
    expect_reply(stranger.run.answer, stranger.run, cell(sender.protocol, Verdict::kUnauthorised),
                 sender);
    EXPECT_TRUE(stranger.run.records.empty());
  }
}

TEST(VerdictCells, HttpDuplicates) {
  for (const HttpCase& sender : kHttpCases) {
    HttpSender http;
    http.run.send(post(sender, sender.body));
    http.run.take_answer();
    http.run.send(post(sender, sender.body));
    const Reply& reply = cell(sender.protocol, Verdict::kDuplicate);
    EXPECT_TRUE(has(http.run.answer, "HTTP/1.1 " + std::to_string(reply.status)));
    if (sender.protocol == Protocol::kBulk) {
      EXPECT_TRUE(has(http.run.answer, "\"status\":" + std::to_string(reply.code)));
      EXPECT_TRUE(has(http.run.answer, std::string(reply.text)));
      EXPECT_EQ(http.run.records.size(), 1U);
    } else {  // no ids: taken again, and found once
      EXPECT_EQ(http.run.records.size(), 2U);
    }
  }
}

TEST(VerdictCells, HttpBadRecords) {
  for (const HttpCase& sender : kHttpCases) {
    const Reply& reply = cell(sender.protocol, Verdict::kBad);
    HttpSender http;
    if (sender.protocol == Protocol::kOtlp) {
      std::string deep = R"({"stringValue":"x"})";
      for (int i = 0; i < 40; ++i) deep = R"({"arrayValue":{"values":[)" + deep + "]}}";
      http.options.max_body_bytes = 100'000;
      http::HttpSession session(http.options, http.tokens, http.interfaces);
      SessionRun run(session);
      run.send(post(
          sender, R"({"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":)" + deep + "}]}]}]}"));
      EXPECT_TRUE(run.answer.starts_with("HTTP/1.1 " + std::to_string(reply.status)));
      EXPECT_TRUE(has(run.answer, "partialSuccess"));
      ASSERT_EQ(run.details.size(), 1U);
      EXPECT_TRUE(run.details[0].refused.has_value());
      continue;
    }
    std::string bad = sender.bad;
    if (sender.protocol == Protocol::kJournal) {
      http.options.max_body_bytes = 100'000;
      for (int i = 0; i < 1100; ++i) bad += "F" + std::to_string(i) + "=x\n";
      bad += "\n";
    }
    http::HttpSession session(http.options, http.tokens, http.interfaces);
    SessionRun run(session);
    run.send(post(sender, bad));
    EXPECT_TRUE(run.answer.starts_with("HTTP/1.1 " + std::to_string(reply.status)))
        << protocol_name(sender.protocol) << run.answer;
    if (sender.protocol == Protocol::kHec) {  // told, so not kept
      EXPECT_TRUE(has(run.answer, "\"code\":" + std::to_string(reply.code)));
      EXPECT_TRUE(run.records.empty());
      continue;
    }
    ASSERT_EQ(run.details.size(), 1U) << protocol_name(sender.protocol);
    EXPECT_TRUE(run.details[0].refused.has_value());
    if (sender.protocol == Protocol::kBulk) {
      EXPECT_TRUE(has(run.answer, "\"status\":" + std::to_string(reply.code)));
    }
  }
}

// --- streams with answers ------------------------------------------------------------------------

const std::string kRelpMessage = "1 open 0\n2 syslog 4 <13>\n";
const std::string kWindow = std::string("2W\0\0\0\1", 6) + std::string("2J\0\0\0\1\0\0\0\2{}", 12);
const std::string kChunk(
    "\x93\xa1t\x91\x92\x01\x80\x81\xa5"
    "chunk\xa1i",
    16);
const std::string kBadChunk(
    "\x93\xa1t\x91\x92\x01\x01\x81\xa5"
    "chunk\xa1i",
    16);

struct Sender {
  explicit Sender(Protocol wanted) : protocol(wanted) {
    if (protocol == Protocol::kRelp) {
      session = std::make_unique<relp::RelpSession>(relp::RelpOptions{16});
      bytes = kRelpMessage;
      positive = "2 rsp 6 200 OK\n";
      bad = "1 open 0\n2 syslog 1 {\n";  // the decoder makes it a dead letter
      large = "1 open 0\n2 syslog 20 " + std::string(20, 'x') + "\n";
    } else if (protocol == Protocol::kLumberjack) {
      session = std::make_unique<lumberjack::LumberjackSession>(lumberjack::LumberjackOptions{});
      bytes = kWindow;
      positive = std::string("2A\0\0\0\1", 6);
      bad = std::string("2W\0\0\0\1", 6) + std::string("2J\0\0\0\1\0\0\0\0", 10);
      large = std::string("2W\0\0\0\1", 6) + std::string("2J\0\0\0\1\x7f\0\0\0", 10);
    } else {
      session = std::make_unique<forward::ForwardSession>(options, recent);
      bytes = kChunk;
      positive =
          "\x81\xa3"
          "ack\xa1i";
      bad = kBadChunk;
    }
    run = std::make_unique<SessionRun>(*session);
  }

  Protocol protocol;
  forward::ForwardOptions options;
  RecentIds recent;
  std::unique_ptr<StreamSession> session;
  std::unique_ptr<SessionRun> run;
  std::string bytes;
  std::string positive;
  std::string bad;
  std::string large;
};

TEST(VerdictCells, StreamsWithAnswers) {
  for (const Protocol protocol : {Protocol::kRelp, Protocol::kLumberjack, Protocol::kForward}) {
    SCOPED_TRACE(protocol_name(protocol));
    Sender accepted(protocol);
    accepted.run->send(accepted.bytes);
    EXPECT_EQ(cell(protocol, Verdict::kAccepted).action, Action::kAcknowledge);
    EXPECT_TRUE(accepted.run->answer.ends_with(accepted.positive));
    EXPECT_FALSE(accepted.run->closed);

    accepted.run->take_answer();  // the same again
    accepted.run->send(accepted.bytes);
    EXPECT_EQ(cell(protocol, Verdict::kDuplicate).action, Action::kAcknowledge);
    EXPECT_TRUE(accepted.run->answer.ends_with(accepted.positive));
    EXPECT_EQ(accepted.run->offers, protocol == Protocol::kForward ? 1U : 2U);

    Sender bad(protocol);
    bad.run->send(bad.bad);
    EXPECT_EQ(cell(protocol, Verdict::kBad).action, Action::kAcknowledge);
    EXPECT_TRUE(bad.run->answer.ends_with(bad.positive));
    EXPECT_EQ(bad.run->offers, 1U);

    for (const Outcome outcome : {Outcome::kOverloaded, Outcome::kFailed, Outcome::kStopping}) {
      Sender refused(protocol);
      refused.run->settle_later();
      refused.run->answer_with(outcome);
      refused.run->send(refused.bytes);
      refused.run->take_answer();
      refused.run->still_waiting();
      const Action waiting = cell(protocol, Verdict::kWaiting).action;
      EXPECT_EQ(refused.run->take_answer(),
                waiting == Action::kKeepAlive ? std::string("2A\0\0\0\0", 6) : "");
      refused.run->settle_all();
      EXPECT_TRUE(refused.run->closed);
      const Action action = cell(protocol, verdict_of(outcome)).action;
      const bool farewell = action == Action::kFarewell && protocol == Protocol::kRelp;
      EXPECT_EQ(refused.run->answer, farewell ? "0 serverclose 0\n" : "");
      EXPECT_TRUE(action == Action::kFarewell || action == Action::kClose);
    }
  }
}

TEST(VerdictCells, StreamsThatTakeTooMuch) {
  Sender relp(Protocol::kRelp);
  relp.run->send(relp.large);
  EXPECT_EQ(cell(Protocol::kRelp, Verdict::kTooLarge).action, Action::kShorten);
  ASSERT_EQ(relp.run->details.size(), 1U);
  EXPECT_TRUE(relp.run->details[0].shortened);
  EXPECT_TRUE(relp.run->answer.ends_with(relp.positive));

  Sender lumberjack(Protocol::kLumberjack);
  lumberjack.run->send(lumberjack.large);
  EXPECT_EQ(cell(Protocol::kLumberjack, Verdict::kTooLarge).action, Action::kClose);
  EXPECT_TRUE(lumberjack.run->finished);

  Sender forward(Protocol::kForward);
  forward.run->send(std::string("\x92\xa1t\xc6\x7f\xff\xff\xff", 8));
  forward.run->send(std::string(forward::kMaxMessageBytes, 'x'));
  EXPECT_EQ(cell(Protocol::kForward, Verdict::kTooLarge).action, Action::kClose);
  EXPECT_TRUE(forward.run->closed);
}

TEST(VerdictCells, StreamsOfStrangers) {
  // Of a certificate the server knows before a session begins (stream_server_test.cc).
  EXPECT_EQ(cell(Protocol::kSyslogStream, Verdict::kUnauthorised).action, Action::kClose);
  EXPECT_EQ(cell(Protocol::kLumberjack, Verdict::kUnauthorised).action, Action::kClose);
  // RELP knows no identity beside the certificate: before `open`, everybody is a stranger.
  Sender relp(Protocol::kRelp);
  relp.run->send("2 syslog 4 <13>\n");
  EXPECT_EQ(cell(Protocol::kRelp, Verdict::kUnauthorised).action, Action::kClose);
  EXPECT_TRUE(relp.run->finished);
  EXPECT_TRUE(relp.run->records.empty());

  forward::ForwardOptions options;
  options.shared_key = "key";
  options.nonce = [] { return std::string(forward::kNonceBytes, 'n'); };
  RecentIds recent;
  forward::ForwardSession session(options, recent);
  SessionRun run(session);
  run.take_answer();
  run.send(
      "\x96\xa4PING\xa1h\xa1s\xa1"
      "d\xa0\xa0");
  const Reply& reply = cell(Protocol::kForward, Verdict::kUnauthorised);
  EXPECT_EQ(reply.action, Action::kErrorClose);
  EXPECT_TRUE(has(run.answer, std::string(reply.text)));
  EXPECT_TRUE(run.closed);
}

// --- protocols without answers -------------------------------------------------------------------

TEST(VerdictCells, SyslogStream) {
  MemoryPort port;
  StreamServerOptions options;
  options.name = "syslog";
  options.limits.hold_limit = 0ms;  // does not matter: there is nobody to tell
  StreamServer server(
      options,
      [] { return std::make_unique<syslog::SyslogStreamSession>(syslog::FramingOptions{16}); },
      port);
  ASSERT_TRUE(server.start().ok());
  LoopbackClient client(server.bound_port());

  const auto& accepted = cell(Protocol::kSyslogStream, Verdict::kAccepted);
  const auto& duplicate = cell(Protocol::kSyslogStream, Verdict::kDuplicate);
  const auto& bad = cell(Protocol::kSyslogStream, Verdict::kBad);
  EXPECT_EQ(accepted.action, Action::kReadOn);
  EXPECT_EQ(duplicate.action, Action::kReadOn);
  EXPECT_EQ(bad.action, Action::kReadOn);
  ASSERT_TRUE(client.send("<13>a\n<13>a\n{\n"));
  ASSERT_TRUE(port.wait_for_records(3));
  port.script({Outcome::kRefused});
  ASSERT_TRUE(client.send("<13>refused\n"));
  ASSERT_TRUE(port.wait_for_offers(2));

  EXPECT_EQ(cell(Protocol::kSyslogStream, Verdict::kWaiting).action, Action::kStopReading);
  EXPECT_EQ(cell(Protocol::kSyslogStream, Verdict::kOverloaded).action, Action::kStopReading);
  port.script({Outcome::kOverloaded, Outcome::kOverloaded, Outcome::kOverloaded});
  ASSERT_TRUE(client.send("<13>b\n"));
  ASSERT_TRUE(port.wait_for_records(4));

  EXPECT_EQ(cell(Protocol::kSyslogStream, Verdict::kTooLarge).action, Action::kShorten);
  ASSERT_TRUE(client.send("<13>" + std::string(50, 'x') + "\n"));
  ASSERT_TRUE(port.wait_for_records(5));
  EXPECT_TRUE(port.records()[4].shortened);

  EXPECT_EQ(cell(Protocol::kSyslogStream, Verdict::kStopping).action, Action::kFarewell);
  server.drain();
  EXPECT_TRUE(client.sees_close());
  server.stop();
}

TEST(VerdictCells, SyslogUdp) {
  MemoryPort port;
  syslog::UdpOptions options;
  options.name = "udp";
  options.max_message_bytes = 16;
  syslog::UdpReceiver receiver(options, port);
  ASSERT_TRUE(receiver.start().ok());
  LoopbackClient client(receiver.bound_port(), SOCK_DGRAM);
  for (const Verdict verdict : {Verdict::kAccepted, Verdict::kDuplicate, Verdict::kBad}) {
    EXPECT_EQ(cell(Protocol::kSyslogUdp, verdict).action, Action::kReadOn);
  }
  for (const char* text : {"<13>a", "<13>a", "{"}) client.send(text);
  ASSERT_TRUE(port.wait_for_records(3));

  EXPECT_EQ(cell(Protocol::kSyslogUdp, Verdict::kWaiting).action, Action::kStopReading);
  EXPECT_EQ(cell(Protocol::kSyslogUdp, Verdict::kOverloaded).action, Action::kStopReading);
  port.set_overloaded(true);
  std::this_thread::sleep_for(300ms);  // longer than a receiver waits without asking
  client.send("<13>later");
  EXPECT_FALSE(port.wait_for_records(4, 100ms));
  port.set_overloaded(false);
  ASSERT_TRUE(port.wait_for_records(4));

  EXPECT_EQ(cell(Protocol::kSyslogUdp, Verdict::kTooLarge).action, Action::kShorten);
  client.send("<13>" + std::string(50, 'x'));
  ASSERT_TRUE(port.wait_for_records(5));
  EXPECT_TRUE(port.records()[4].shortened);

  EXPECT_EQ(cell(Protocol::kSyslogUdp, Verdict::kStopping).action, Action::kDrop);
  port.answer_with(Outcome::kStopping);
  client.send("<13>lost");
  for (int i = 0; i < 200 && receiver.figures().records_lost_total.load() == 0; ++i) {
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(receiver.figures().records_lost_total.load(), 1U);

  // No identity: who is not wanted is for the firewall.
  EXPECT_EQ(cell(Protocol::kSyslogUdp, Verdict::kUnauthorised).action, Action::kDrop);
  receiver.stop();
}

TEST(VerdictCells, ZAllOfThemWereLookedAt) {
  for (std::size_t p = 0; p < kProtocolCount; ++p) {
    for (std::size_t v = 0; v < kVerdictCount; ++v) {
      const Cell wanted{static_cast<Protocol>(p), static_cast<Verdict>(v)};
      EXPECT_TRUE(seen().contains(wanted))
          << protocol_name(wanted.first) << ", " << verdict_name(wanted.second);
    }
  }
}

}  // namespace
}  // namespace catena::net
