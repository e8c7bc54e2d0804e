// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/stream_server.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "connectors/syslog/stream_session.h"
#include "tests/support/certificates.h"
#include "tests/support/loopback_client.h"
#include "tests/support/memory_port.h"
#include "tests/support/scratch_folder.h"

namespace catena::net {
namespace {

using namespace std::chrono_literals;
using tests::CertificateAuthority;
using tests::LoopbackClient;
using tests::MemoryPort;
using tests::ScratchFolder;
using Texts = std::vector<std::string>;

SessionFactory syslog_sessions() {
  return [] { return std::make_unique<syslog::SyslogStreamSession>(syslog::FramingOptions{}); };
}

// A syslog server on a free port, and the daemon behind it.
struct Running {
  explicit Running(StreamServerOptions options = {}) {
    options.name = "syslog";
    options.log = [this](std::string_view, std::string_view, std::string_view problem) {
      const std::lock_guard lock(mutex);
      problems.emplace_back(problem);
    };
    server = std::make_unique<StreamServer>(std::move(options), syslog_sessions(), port);
    status = server->start();
  }
  ~Running() { server->stop(); }

  // Until the figure has the value; false after 20 s.
  bool wait_for(const Figures::Count& figure, std::uint64_t value) const {
    for (int i = 0; i < 2000 && figure.load() != value; ++i) std::this_thread::sleep_for(10ms);
    return figure.load() == value;
  }
  [[nodiscard]] const Figures& figures() const { return server->figures(); }

  MemoryPort port;
  std::mutex mutex;
  Texts problems;
  std::unique_ptr<StreamServer> server;
  Status status;
};

TEST(StreamServer, OffersWhatConnectionsSend) {
  Running running;
  ASSERT_TRUE(running.status.ok()) << running.status.to_string();
  LoopbackClient client(running.server->bound_port());
  ASSERT_TRUE(client.send("<13>one\n7 <13>two<13>three\n"));
  ASSERT_TRUE(running.port.wait_for_records(3));
  EXPECT_EQ(running.port.texts(), (Texts{"<13>one", "<13>two", "<13>three"}));
  EXPECT_EQ(running.port.records()[0].peer.substr(0, 10), "127.0.0.1:");
  EXPECT_TRUE(running.wait_for(running.figures().records_durable_total, 3));
  EXPECT_EQ(running.figures().records_in_flight.load(), 0U);
}

TEST(StreamServer, TakesALastLineWithoutEndAndCloses) {
  Running running;
  LoopbackClient client(running.server->bound_port());
  ASSERT_TRUE(client.send("<13>one\n<13>two"));
  client.finish_sending();
  ASSERT_TRUE(running.port.wait_for_records(2));
  EXPECT_TRUE(client.sees_close());
  EXPECT_TRUE(running.wait_for(running.figures().connections_open, 0));
}

TEST(StreamServer, StopsReadingWhileTheDaemonHasNoRoomAndLosesNothing) {
  Running running;
  LoopbackClient client(running.server->bound_port());
  running.port.answer_with(pipeline::Outcome::kOverloaded);
  ASSERT_TRUE(client.send("<13>first\n"));
  ASSERT_TRUE(running.port.wait_for_offers(3));  // offered again and again
  const std::string line = "<13>" + std::string(1000, 'x') + "\n";
  std::size_t sent = 0;
  while (sent < 100'000 && client.send(line, 300ms)) ++sent;
  EXPECT_LT(sent, 100'000U);  // 100 MB: the window closed long before
  running.port.answer_with(pipeline::Outcome::kDurable);
  ASSERT_TRUE(running.port.wait_for_records(1 + sent));
  EXPECT_EQ(running.port.texts()[0], "<13>first");
  EXPECT_EQ(running.figures().records_lost_total.load(), 0U);
}

TEST(StreamServer, WaitsWhileThePortSaysOverloaded) {
  Running running;
  running.port.set_overloaded(true);
  LoopbackClient client(running.server->bound_port());
  ASSERT_TRUE(client.send("<13>one\n"));
  EXPECT_FALSE(running.port.wait_for_records(1, 200ms));
  running.port.set_overloaded(false);
  EXPECT_TRUE(running.port.wait_for_records(1));
}

TEST(StreamServer, AFailedJournalIsAskedAgain) {
  Running running;
  running.port.script({pipeline::Outcome::kFailed, pipeline::Outcome::kFailed});
  LoopbackClient client(running.server->bound_port());
  ASSERT_TRUE(client.send("<13>one\n"));
  ASSERT_TRUE(running.port.wait_for_records(1));
  EXPECT_TRUE(running.wait_for(running.figures().offers_repeated_total, 2));
}

TEST(StreamServer, RefusesConnectionsBeyondTheLimitAndKeepsTheOthers) {
  StreamServerOptions options;
  options.limits.max_connections = 2;
  Running running(options);
  LoopbackClient first(running.server->bound_port());
  LoopbackClient second(running.server->bound_port());
  ASSERT_TRUE(running.wait_for(running.figures().connections_open, 2));
  LoopbackClient third(running.server->bound_port());
  EXPECT_TRUE(third.sees_close());
  EXPECT_EQ(running.figures().connections_refused_total.load(), 1U);
  ASSERT_TRUE(first.send("<13>one\n"));
  EXPECT_TRUE(running.port.wait_for_records(1));
  first.close();
  ASSERT_TRUE(running.wait_for(running.figures().connections_open, 1));
  LoopbackClient fourth(running.server->bound_port());
  ASSERT_TRUE(fourth.send("<13>two\n"));
  EXPECT_TRUE(running.port.wait_for_records(2));
}

TEST(StreamServer, LimitsConnectionsOfOneAddress) {
  StreamServerOptions options;
  options.limits.max_connections_per_address = 1;
  Running running(options);
  LoopbackClient first(running.server->bound_port());
  ASSERT_TRUE(running.wait_for(running.figures().connections_open, 1));
  EXPECT_TRUE(LoopbackClient(running.server->bound_port()).sees_close());
}

TEST(StreamServer, CutsOffAPeerThatNeverFinishesItsFrame) {
  StreamServerOptions options;
  options.limits.frame_timeout = 500ms;
  Running running(options);
  LoopbackClient slow(running.server->bound_port());
  LoopbackClient healthy(running.server->bound_port());
  ASSERT_TRUE(slow.send("<13>never"));
  for (int i = 0; i < 100 && !slow.closed; ++i) {
    std::string ignored;
    slow.send("x", 10ms);
    slow.receive_some(ignored, 50ms);
    ASSERT_TRUE(healthy.send("<13>fine\n"));
  }
  EXPECT_TRUE(slow.closed);
  EXPECT_EQ(running.figures().timeouts_total.load(), 1U);
  ASSERT_TRUE(healthy.send("<13>still here\n"));
  ASSERT_TRUE(running.port.wait_for_records(2));
}

TEST(StreamServer, ClosesIdleConnections) {
  StreamServerOptions options;
  options.limits.idle_timeout = 200ms;
  Running running(options);
  LoopbackClient client(running.server->bound_port());
  EXPECT_TRUE(client.sees_close());
}

TEST(StreamServer, AnImpossibleLengthCostsItsOwnConnection) {
  Running running;
  LoopbackClient bad(running.server->bound_port());
  LoopbackClient good(running.server->bound_port());
  ASSERT_TRUE(bad.send("<13>before\n99999999999 <13>x"));
  EXPECT_TRUE(bad.sees_close());
  ASSERT_TRUE(good.send("<13>after\n"));
  ASSERT_TRUE(running.port.wait_for_records(2));
  EXPECT_EQ(running.figures().protocol_errors_total.load(), 1U);
  const std::lock_guard lock(running.mutex);
  ASSERT_EQ(running.problems.size(), 1U);
}

TEST(StreamServer, DrainAnswersWhatWasOfferedAndTakesNoMore) {
  Running running;
  LoopbackClient client(running.server->bound_port());
  running.port.withhold();
  ASSERT_TRUE(client.send("<13>one\n"));
  ASSERT_TRUE(running.port.wait_for_offers(1));
  running.server->drain();
  EXPECT_FALSE(client.sees_close(200ms));  // its offer is open
  running.port.release();
  EXPECT_TRUE(client.sees_close());
  EXPECT_TRUE(running.wait_for(running.figures().records_durable_total, 1));
  EXPECT_FALSE(LoopbackClient(running.server->bound_port()).connected);
}

TEST(StreamServer, SurvivesConnectionsThatComeAndGo) {
  StreamServerOptions options;
  options.threads = 2;
  Running running(options);
  for (int i = 0; i < 2000; ++i) {
    LoopbackClient client(running.server->bound_port());
    ASSERT_TRUE(client.connected);
    if (i % 2 == 0) client.send("<13>hello\n");
  }
  EXPECT_TRUE(running.port.wait_for_records(1000));
  EXPECT_TRUE(running.wait_for(running.figures().connections_open, 0));
  EXPECT_TRUE(running.wait_for(running.figures().records_in_flight, 0));
}

TEST(StreamServer, RefusesToListenInPlaintextBeyondLoopback) {
  StreamServerOptions options;
  options.address.host = "0.0.0.0";
  Running refused(options);
  EXPECT_EQ(refused.status.code(), StatusCode::kInvalidInput);
  options.accept_plaintext = true;
  Running allowed(options);
  EXPECT_TRUE(allowed.status.ok()) << allowed.status.to_string();
}

TEST(StreamServer, NamesAnAddressThatIsTaken) {
  Running first;
  StreamServerOptions options;
  options.address.port = first.server->bound_port();
  Running second(options);
  EXPECT_EQ(second.status.code(), StatusCode::kIo);
  EXPECT_NE(second.status.message().find(std::to_string(options.address.port)), std::string::npos);
}

// --- TLS -----------------------------------------------------------------------------------------

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;

class TlsClient {
 public:
  TlsClient(std::uint16_t port, const std::string& authority, const std::string& certificate = "",
            int newest = 0)
      : context_(ssl::context::tls_client), stream_(io_, prepare(authority, certificate, newest)) {
    boost::system::error_code error;
    stream_.lowest_layer().connect({asio::ip::address_v4::loopback(), port}, error);
    if (!error) stream_.handshake(ssl::stream_base::client, error);
    connected = !error;
  }
  // False also when the server has refused our certificate, which TLS 1.3 tells only now.
  bool send(const std::string& text) {
    boost::system::error_code error;
    asio::write(stream_, asio::buffer(text), error);
    return !error;
  }
  bool sees_close() {
    boost::system::error_code error;
    char byte = 0;
    asio::read(stream_, asio::buffer(&byte, 1), error);
    return static_cast<bool>(error);
  }
  bool connected = false;

 private:
  ssl::context& prepare(const std::string& authority, const std::string& certificate, int newest) {
    context_.load_verify_file(authority);
    context_.set_verify_mode(ssl::verify_peer);
    if (newest != 0) SSL_CTX_set_max_proto_version(context_.native_handle(), newest);
    if (newest == TLS1_1_VERSION) {
      SSL_CTX_set_min_proto_version(context_.native_handle(), TLS1_VERSION);
      SSL_CTX_set_cipher_list(context_.native_handle(), "ALL:@SECLEVEL=0");
    }
    if (!certificate.empty()) {
      context_.use_certificate_chain_file(certificate + ".pem");
      context_.use_private_key_file(certificate + ".key", ssl::context::pem);
    }
    return context_;
  }

  asio::io_context io_;
  ssl::context context_;
  ssl::stream<asio::ip::tcp::socket> stream_;
};

struct TlsRunning {
  explicit TlsRunning(bool mutual, std::vector<std::string> names = {}) {
    authority.issue("server");
    authority.issue("shipper");
    authority.issue("expired", -1);
    other.issue("stranger");
    StreamServerOptions options;
    options.address.host = "0.0.0.0";  // with TLS it may
    options.limits.handshake_timeout = 1s;
    options.tls = TlsOptions{path("server.pem"), path("server.key"), mutual ? authority.file : "",
                             std::move(names)};
    running = std::make_unique<Running>(options);
  }
  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder.path() / name).string();
  }
  [[nodiscard]] std::uint16_t port() const { return running->server->bound_port(); }

  ScratchFolder folder;
  CertificateAuthority authority{folder.path().string(), "authority"};
  CertificateAuthority other{folder.path().string(), "other"};
  std::unique_ptr<Running> running;
};

TEST(StreamServerTls, TakesSyslogOverTls12And13) {
  TlsRunning tls(false);
  ASSERT_TRUE(tls.running->status.ok()) << tls.running->status.to_string();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(tls.port(), tls.authority.file, "", version);
    ASSERT_TRUE(client.connected) << version;
    ASSERT_TRUE(client.send("7 <13>one"));
  }
  ASSERT_TRUE(tls.running->port.wait_for_records(2));
}

TEST(StreamServerTls, RefusesOldVersions) {
  TlsRunning tls(false);
  EXPECT_FALSE(TlsClient(tls.port(), tls.authority.file, "", TLS1_1_VERSION).connected);
  EXPECT_TRUE(tls.running->wait_for(tls.running->figures().tls_failures_total, 1));
}

TEST(StreamServerTls, AsksForAClientsCertificateAndChecksIt) {
  TlsRunning tls(true, {"shipper"});
  TlsClient welcome(tls.port(), tls.authority.file, tls.path("shipper"));
  ASSERT_TRUE(welcome.connected);
  ASSERT_TRUE(welcome.send("7 <13>one"));
  ASSERT_TRUE(tls.running->port.wait_for_records(1));
  EXPECT_NE(tls.running->port.records()[0].peer.find("(shipper)"), std::string::npos);

  for (const char* name : {"", "stranger", "expired", "server"}) {
    TlsClient refused(tls.port(), tls.authority.file, *name == 0 ? "" : tls.path(name));
    refused.send("7 <13>bad");
    EXPECT_TRUE(refused.sees_close()) << name;
  }
  EXPECT_EQ(tls.running->port.records().size(), 1U);
}

TEST(StreamServerTls, PlaintextOnATlsPortEndsAtOnce) {
  TlsRunning tls(false);
  LoopbackClient client(tls.port());
  ASSERT_TRUE(client.send("<13>in the clear\n"));
  EXPECT_TRUE(client.sees_close());
  EXPECT_TRUE(tls.running->port.records().empty());
}

TEST(StreamServerTls, AHandshakeThatStallsIsCutOff) {
  TlsRunning tls(false);
  LoopbackClient silent(tls.port());
  EXPECT_TRUE(silent.sees_close());
  EXPECT_TRUE(tls.running->wait_for(tls.running->figures().timeouts_total, 1));
}

TEST(StreamServerTls, NewConnectionsUseReloadedCertificates) {
  TlsRunning tls(false);
  TlsClient before(tls.port(), tls.authority.file);
  ASSERT_TRUE(before.connected);
  {
    CertificateAuthority next(tls.folder.path().string(), "next");
    next.issue("server");
    ASSERT_TRUE(tls.running->server->reload_certificates().ok());
    EXPECT_TRUE(TlsClient(tls.port(), next.file).connected);
  }
  EXPECT_FALSE(TlsClient(tls.port(), tls.authority.file).connected);
  EXPECT_TRUE(before.send("7 <13>one"));
  // What cannot be read changes nothing.
  ::chmod(tls.path("server.key").c_str(), 0644);
  EXPECT_FALSE(tls.running->server->reload_certificates().ok());
  EXPECT_TRUE(TlsClient(tls.port(), tls.path("next.pem")).connected);
}

}  // namespace
}  // namespace catena::net
