// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "connectors/net/figures.h"
#include "connectors/net/listen_address.h"
#include "engine/pipeline/receiver.h"

// UdpReceiver takes syslog over UDP (RFC 5426): every datagram is one message. Several sockets
// share the port (SO_REUSEPORT), each with a thread of its own that takes datagrams in bunches
// (recvmmsg). Nothing can be said back to a sender. While the daemon has no room nothing is read,
// the kernel's buffer fills, and what it drops is counted from what the kernel itself reports
// (SO_RXQ_OVFL).
//
// Thread safety: the methods of Receiver from any one thread; for_each_figure from any. Ownership:
// owns its threads; the port outlives it. Memory: kBunch datagrams and `max_in_flight` a thread.
namespace catena::syslog {

struct UdpOptions {
  std::string name;
  net::ListenAddress address = {};
  bool accept_plaintext = false;  // beyond loopback; UDP has no TLS
  unsigned sockets = 1;
  // Asked of the kernel; without CAP_NET_ADMIN it grants at most net.core.rmem_max. The figure
  // receive_buffer_bytes says what was granted.
  std::size_t receive_buffer_bytes = std::size_t{32} * 1024 * 1024;
  std::size_t max_message_bytes = std::size_t{64} * 1024;
  std::size_t max_in_flight = std::size_t{32} * 1024 * 1024;
  // How long a message may wait for others before it is offered.
  std::chrono::milliseconds gather{2};
};

class UdpReceiver final : public pipeline::Receiver {
 public:
  // Datagrams of one system call.
  static constexpr std::size_t kBunch = 64;

  UdpReceiver(UdpOptions options, pipeline::ReceiverPort& port);
  ~UdpReceiver() override;

  [[nodiscard]] std::string_view name() const noexcept override { return options_.name; }
  Status start() override;
  void drain() override;
  void stop() override;
  void for_each_figure(
      const std::function<void(std::string_view name, std::uint64_t value)>& visit) const override;

  // The port that was bound, after start().
  [[nodiscard]] std::uint16_t bound_port() const noexcept { return options_.address.port; }
  [[nodiscard]] const net::Figures& figures() const noexcept { return figures_; }

 private:
  class Socket;

  UdpOptions options_;
  pipeline::ReceiverPort& port_;
  net::Figures figures_;
  std::uint64_t granted_bytes_ = 0;
  std::vector<std::unique_ptr<Socket>> sockets_;
};

}  // namespace catena::syslog
