// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "connectors/net/figures.h"
#include "connectors/net/limits.h"
#include "connectors/net/listen_address.h"
#include "connectors/net/stream_session.h"
#include "connectors/net/tls.h"
#include "connectors/net/verdict.h"
#include "engine/pipeline/receiver.h"

// StreamServer is the receiver of every protocol that runs over one byte stream: it listens, does
// TLS, runs one StreamSession per connection, offers what sessions have cut out, holds back what
// the daemon cannot take yet, and enforces the limits. It knows no protocol.
//
//   accept ─▶ TLS ─▶ read ─▶ session ─▶ port.offer ─▶ (journal's thread) ─▶ session ─▶ write
//             └────────── one of the server's threads, always the same for a connection ──────┘
//
// Thread safety: the methods of Receiver may be called from any one thread; for_each_figure from
// any. Ownership: owns its threads and connections; the port outlives it. Errors: start() and
// reload_certificates() return them; what a peer does wrong ends its connection and is counted.
namespace catena::net {

// What a peer did wrong, for the log; called on the server's threads, at most once a connection.
using ProblemLog =
    std::function<void(std::string_view listener, std::string_view peer, std::string_view problem)>;

struct StreamServerOptions {
  std::string name;
  ListenAddress address;
  std::optional<TlsOptions> tls;
  bool accept_plaintext = false;  // beyond loopback
  Protocol protocol = Protocol::kSyslogStream;
  Limits limits;
  unsigned threads = 1;
  ProblemLog log = nullptr;
};

class StreamServer final : public pipeline::Receiver {
 public:
  StreamServer(StreamServerOptions options, SessionFactory sessions, pipeline::ReceiverPort& port);
  ~StreamServer() override;

  [[nodiscard]] std::string_view name() const noexcept override;
  Status start() override;
  void drain() override;
  void stop() override;
  void for_each_figure(
      const std::function<void(std::string_view name, std::uint64_t value)>& visit) const override;

  // The port that was bound, after start().
  [[nodiscard]] std::uint16_t bound_port() const noexcept;
  // Reads the files again; connections that come from now on use them. On an error the old ones
  // stay.
  Status reload_certificates() override;
  [[nodiscard]] const Figures& figures() const noexcept;

 private:
  class Running;
  std::unique_ptr<Running> running_;
};

}  // namespace catena::net
