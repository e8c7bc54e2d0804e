// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

// A plain client on 127.0.0.1 for tests of receivers: blocking, with a time limit on every wait.
// Thread safety: none.
namespace catena::tests {

class LoopbackClient {
 public:
  explicit LoopbackClient(std::uint16_t port, int type = SOCK_STREAM)
      : socket_(::socket(AF_INET, type | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  LoopbackClient(const LoopbackClient&) = delete;
  LoopbackClient& operator=(const LoopbackClient&) = delete;
  ~LoopbackClient() { close(); }

  // False when the peer is gone or takes nothing for `time`.
  bool send(std::string_view bytes, std::chrono::milliseconds time = std::chrono::seconds(20)) {
    while (!bytes.empty()) {
      if (!wait(POLLOUT, time)) return false;
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  void finish_sending() { ::shutdown(socket_, SHUT_WR); }

  // At least `size` bytes, or what came before the end or the time limit.
  std::string receive(std::size_t size, std::chrono::milliseconds time = std::chrono::seconds(20)) {
    std::string bytes;
    while (bytes.size() < size && receive_some(bytes, time)) {
    }
    return bytes;
  }
  // All until the peer closes; `closed` says whether it did within the time limit.
  std::string receive_all(std::chrono::milliseconds time = std::chrono::seconds(20)) {
    std::string bytes;
    while (receive_some(bytes, time)) {
    }
    return bytes;
  }
  // What came within `time`, at least something, unless the peer closes.
  bool receive_some(std::string& bytes, std::chrono::milliseconds time) {
    if (!wait(POLLIN, time)) return false;
    char buffer[65536];
    const ssize_t got = ::recv(socket_, buffer, sizeof buffer, 0);
    if (got <= 0) {
      closed = true;
      return false;
    }
    bytes.append(buffer, static_cast<std::size_t>(got));
    return true;
  }
  // The peer closed within the time limit.
  bool sees_close(std::chrono::milliseconds time = std::chrono::seconds(20)) {
    receive_all(time);
    return closed;
  }
  void close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }

  bool connected = false;
  bool closed = false;

 private:
  bool wait(short events, std::chrono::milliseconds time) const {
    pollfd wanted{socket_, events, 0};
    return poll(&wanted, 1, static_cast<int>(time.count())) == 1;
  }

  int socket_;
};

}  // namespace catena::tests
