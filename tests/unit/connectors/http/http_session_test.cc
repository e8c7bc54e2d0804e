// SPDX-License-Identifier: Apache-2.0
#include "connectors/http/http_session.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>

#include "connectors/http/http_interfaces.h"
#include "tests/support/gzip_bytes.h"
#include "tests/support/session_run.h"

namespace catena::http {
namespace {

using tests::SessionRun;
using Texts = std::vector<std::string>;

using tests::gzip;

std::string post(const std::string& path, const std::string& body,
                 const std::string& headers = "") {
  return "POST " + path + " HTTP/1.1\r\nHost: x\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// A session with its surroundings.
struct Served {
  explicit Served(HttpOptions wanted = {}) : options(wanted) {}

  void start() {
    session = std::make_unique<HttpSession>(options, tokens, interfaces);
    run = std::make_unique<SessionRun>(*session);
  }
  std::string ask(const std::string& request) {
    if (!run) start();
    run->send(request);
    return run->take_answer();
  }
  void use_token() {  // printf %s secret | sha256sum
    ASSERT_TRUE(
        tokens.add("2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b", "ship")
            .ok());
  }

  HttpOptions options;
  net::AccessTokens tokens;
  HttpInterfaces interfaces;
  std::unique_ptr<HttpSession> session;
  std::unique_ptr<SessionRun> run;
};

std::string body_of(const std::string& answer) {
  return answer.substr(answer.find("\r\n\r\n") + 4);
}
bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(HttpSession, TakesLinesAndSaysHowMany) {
  Served served;
  const std::string answer =
      served.ask(post("/ingest/ndjson", "{\"a\":1}\n\n<13>two\r\n{\"b\":2}"));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_EQ(body_of(answer), R"({"accepted":3,"rejected":0})");
  EXPECT_EQ(served.run->records, (Texts{"{\"a\":1}", "<13>two", "{\"b\":2}"}));
  EXPECT_FALSE(served.run->finished);
}

TEST(HttpSession, AnyCutOfTheBytesIsTheSame) {
  const std::string bytes =
      post("/ingest/ndjson", "{\"a\":1}\n") +
      "POST /ingest/ndjson HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "6\r\n{\"b\":2\r\n2\r\n}\n\r\n0\r\n\r\n"
      "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  Served whole;
  const std::string answer = whole.ask(bytes);
  EXPECT_TRUE(whole.run->finished);
  EXPECT_EQ(whole.run->records, (Texts{"{\"a\":1}", "{\"b\":2}"}));
  for (std::size_t split = 0; split < bytes.size(); ++split) {
    Served served;
    served.start();
    served.run->send_split(bytes, split);
    EXPECT_EQ(served.run->answer, answer) << split;
    EXPECT_EQ(served.run->records, whole.run->records) << split;
  }
  Served slow;
  slow.start();
  slow.run->send(bytes, 1);
  EXPECT_EQ(slow.run->answer, answer);
}

TEST(HttpSession, AnswersWhenTheOffersAreSettledAndReadsNothingBefore) {
  Served served;
  served.start();
  served.run->settle_later();
  served.run->send(post("/ingest/ndjson", "one\n") + post("/ingest/ndjson", "two\n"));
  EXPECT_EQ(served.run->answer, "");
  EXPECT_FALSE(served.session->wants_input());
  EXPECT_EQ(served.run->records, (Texts{"one"}));
  served.run->settle_all();
  EXPECT_EQ(served.run->records, (Texts{"one", "two"}));
  EXPECT_TRUE(has(served.run->answer, "200 OK"));
}

TEST(HttpSession, SaysContinueToWhoAsksForIt) {
  Served served;
  EXPECT_EQ(served.ask("POST /ingest/ndjson HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                       "Content-Length: 4\r\n\r\n"),
            "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_TRUE(has(served.ask("one\n"), "200 OK"));
}

TEST(HttpSession, ExpandsBodies) {
  Served served;
  const std::string body = gzip("one\n") + gzip("two\n");
  EXPECT_TRUE(has(served.ask(post("/ingest/ndjson", body, "Content-Encoding: gzip\r\n")),
                  "\"accepted\":2"));
  EXPECT_TRUE(
      has(served.ask(post("/ingest/ndjson", body.substr(0, 10), "Content-Encoding: gzip\r\n")),
          " 400 "));
  EXPECT_TRUE(has(served.ask(post("/ingest/ndjson", "x", "Content-Encoding: br\r\n")), " 415 "));
}

TEST(HttpSession, ABombCostsItsRequest) {
  HttpOptions options;
  options.inflate.max_ratio = 10;
  Served served(options);
  const std::string bomb = gzip(std::string(std::size_t{4} * 1024 * 1024, 'x'));
  EXPECT_TRUE(has(served.ask(post("/ingest/ndjson", bomb, "Content-Encoding: gzip\r\n")), " 413 "));
  EXPECT_TRUE(served.run->records.empty());
}

TEST(HttpSession, RefusesALongBodyByItsLengthAlready) {
  HttpOptions options;
  options.max_body_bytes = 100;
  Served served(options);
  const std::string answer = served.ask(
      "POST /_bulk HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 101\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 413"));
  EXPECT_TRUE(served.run->finished);

  Served chunked(options);
  EXPECT_TRUE(has(chunked.ask("POST /_bulk HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                              "\r\n80\r\n" +
                              std::string(128, 'x') + "\r\n0\r\n\r\n"),
                  "HTTP/1.1 413"));
}

TEST(HttpSession, RefusesLongHeadersAndGarbage) {
  Served served;
  EXPECT_TRUE(served.ask("GET / HTTP/1.1\r\nX: " + std::string(kMaxHeaderBytes, 'x'))
                  .starts_with("HTTP/1.1 431"));
  for (const char* bytes :
       {"\x16\x03\x01\x02", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /%00 HTTP/1.1\r\n\r\n",
        "GET /%zz HTTP/1.1\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"}) {
    Served other;
    EXPECT_TRUE(other.ask(bytes).starts_with("HTTP/1.1 400")) << bytes;
    EXPECT_TRUE(other.run->finished) << bytes;
  }
}

TEST(HttpSession, AsksForATokenWhereThereAreSome) {
  Served served;
  served.use_token();
  EXPECT_FALSE(served.tokens.add("2bb8", "short").ok());
  for (const char* header :
       {"Authorization: Bearer secret\r\n", "Authorization: Splunk secret\r\n",
        "Authorization: Basic dXNlcjpzZWNyZXQ=\r\n", "Authorization: ApiKey aWQ6c2VjcmV0\r\n"}) {
    EXPECT_TRUE(has(served.ask(post("/ingest/ndjson", "x", header)), " 200 ")) << header;
  }
  for (const char* header : {"", "Authorization: Bearer Secret\r\n", "Authorization: secret\r\n",
                             "Authorization: Basic !!!\r\n", "Authorization: Bearer \r\n"}) {
    Served other;
    other.use_token();
    EXPECT_TRUE(has(other.ask(post("/ingest/ndjson", "x", header)), " 401 ")) << header;
    EXPECT_TRUE(other.run->records.empty());
  }
}

TEST(HttpSession, StopsBetweenRequests) {
  Served idle;
  idle.start();
  idle.run->stop();
  EXPECT_TRUE(idle.run->finished);

  Served busy;
  busy.start();
  busy.run->settle_later();
  busy.run->send(post("/ingest/ndjson", "one\n"));
  busy.run->stop();
  EXPECT_FALSE(busy.run->finished);
  busy.run->settle_all();
  EXPECT_TRUE(has(busy.run->answer, "200 OK"));
  EXPECT_TRUE(has(busy.run->answer, "Connection: close"));
  EXPECT_TRUE(busy.run->finished);
}

}  // namespace
}  // namespace catena::http
