// SPDX-License-Identifier: Apache-2.0
// Mounts every receiver on loopback ports with a daemon in memory behind them, for tests with
// senders that nobody here wrote (tests/interop/run.py). It writes one JSON line with the ports,
// then one for each record as it becomes "durable", and ends with its standard input.
//   receiver_host FOLDER            certificates are taken from FOLDER: server.pem, server.key,
//   ca.pem
// Lines of standard input are outcomes for the offers that follow, one each: durable, overloaded,
// failed; then durable again.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

#include "connectors/forward/forward_session.h"
#include "connectors/http/http_interfaces.h"
#include "connectors/lumberjack/lumberjack_session.h"
#include "connectors/net/stream_server.h"
#include "connectors/relp/relp_session.h"
#include "connectors/syslog/stream_session.h"
#include "connectors/syslog/udp_receiver.h"
#include "engine/base/json_writer.h"

namespace {

using namespace catena;
using pipeline::Outcome;

// Prints what is durable.
class PrintingPort final : public pipeline::ReceiverPort {
 public:
  void offer(const pipeline::RecordBatch& batch, Done done) override {
    pipeline::Answer answer;
    {
      const std::lock_guard lock(mutex_);
      if (!script_.empty()) {
        answer.outcome = script_.front();
        script_.erase(script_.begin());
      }
      if (answer.outcome == Outcome::kDurable) print(batch);
    }
    done(answer);
  }
  [[nodiscard]] bool overloaded() const noexcept override { return false; }
  [[nodiscard]] bool stopping() const noexcept override { return false; }

  void add(Outcome outcome) {
    const std::lock_guard lock(mutex_);
    script_.push_back(outcome);
  }

 private:
  static void print(const pipeline::RecordBatch& batch) {
    for (const pipeline::Record& record : batch.records) {
      JsonWriter json;
      json.begin_object().member("listener", batch.listener).member("peer", batch.peer);
      json.key("refused").boolean(record.refused.has_value());
      json.key("shortened").boolean(record.shortened).member("text", record.bytes).end_object();
      std::fwrite(json.text().data(), 1, json.text().size(), stdout);
      std::fputc('\n', stdout);
    }
    std::fflush(stdout);
  }

  std::mutex mutex_;
  std::vector<Outcome> script_;
};

class Host {
 public:
  explicit Host(const std::string& folder)
      : tls_{folder + "/server.pem", folder + "/server.key", "", {}} {}

  bool start() {
    const auto syslog_sessions = [] {
      return std::make_unique<syslog::SyslogStreamSession>(syslog::FramingOptions{});
    };
    add("syslog", net::Protocol::kSyslogStream, syslog_sessions, false);
    add("syslog-tls", net::Protocol::kSyslogStream, syslog_sessions, true);
    add(
        "relp", net::Protocol::kRelp,
        [] { return std::make_unique<relp::RelpSession>(relp::RelpOptions{}); }, false);
    add(
        "lumberjack", net::Protocol::kLumberjack,
        [] {
          return std::make_unique<lumberjack::LumberjackSession>(lumberjack::LumberjackOptions{});
        },
        false);
    add("forward", net::Protocol::kForward, forward::forward_sessions({}), false);
    add("http", net::Protocol::kBulk, http::http_sessions({}, {}), false);
    add("https", net::Protocol::kBulk, http::http_sessions({}, {}), true);
    JsonWriter json;
    json.begin_object().key("ports").begin_object();
    for (const auto& server : servers_) {
      const Status status = server->start();
      if (!status.ok()) {
        std::cerr << status.to_string() << "\n";
        return false;
      }
      json.key(server->name()).unsigned_integer(server->bound_port());
    }
    syslog::UdpOptions options;
    options.name = "syslog-udp";
    udp_ = std::make_unique<syslog::UdpReceiver>(options, port);
    if (!udp_->start().ok()) return false;
    json.key(udp_->name()).unsigned_integer(udp_->bound_port());
    json.end_object().end_object();
    std::cout << json.text() << std::endl;
    return true;
  }
  void stop() {
    for (const auto& server : servers_) server->drain();
    udp_->drain();
    for (const auto& server : servers_) server->stop();
    udp_->stop();
  }

  PrintingPort port;

 private:
  void add(const std::string& name, net::Protocol protocol, net::SessionFactory sessions,
           bool with_tls) {
    net::StreamServerOptions options;
    options.name = name;
    options.protocol = protocol;
    if (with_tls) options.tls = tls_;
    options.log = [](std::string_view listener, std::string_view peer, std::string_view problem) {
      std::cerr << listener << " " << peer << ": " << problem << "\n";
    };
    servers_.push_back(
        std::make_unique<net::StreamServer>(std::move(options), std::move(sessions), port));
  }

  net::TlsOptions tls_;
  std::vector<std::unique_ptr<net::StreamServer>> servers_;
  std::unique_ptr<syslog::UdpReceiver> udp_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: receiver_host FOLDER\n";
    return 2;
  }
  Host host(argv[1]);
  if (!host.start()) return 1;
  std::string line;
  while (std::getline(std::cin, line)) {
    host.port.add(line == "overloaded" ? Outcome::kOverloaded
                  : line == "failed"   ? Outcome::kFailed
                                       : Outcome::kDurable);
  }
  host.stop();
  return 0;
}
