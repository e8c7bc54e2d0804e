// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

// What one listener grants its peers. Every peer is hostile until it has shown otherwise: whatever
// one of them does costs its own connection and no more. Defaults suit a server; tests shrink them.
namespace catena::net {

struct Limits {
  std::size_t max_connections = 4096;
  std::size_t max_connections_per_address = 1024;
  // Until TLS is up.
  std::chrono::milliseconds handshake_timeout{10'000};
  // For one message, frame or request from its first byte, and one second more for each
  // kSlowestPeer bytes that came: a peer that sends a byte now and then is cut off.
  std::chrono::milliseconds frame_timeout{30'000};
  // Between frames. Shippers keep connections for days; the kernel's keep-alive finds dead ones.
  std::chrono::milliseconds idle_timeout{3'600'000};
  // A peer that does not take its answers.
  std::chrono::milliseconds write_timeout{30'000};
  // For how long overload is hidden from a peer whose protocol could be told; below the time-outs
  // of all known senders.
  std::chrono::milliseconds hold_limit{25'000};
  // Offered and not yet answered: of one connection, and of the listener with what its connections
  // hold of unfinished frames.
  std::size_t max_in_flight_per_connection = std::size_t{4} * 1024 * 1024;
  std::size_t max_in_flight = std::size_t{256} * 1024 * 1024;
};

inline constexpr std::size_t kSlowestPeer = std::size_t{32} * 1024;  // bytes a second
// Of one read.
inline constexpr std::size_t kReadBytes = std::size_t{128} * 1024;
// Answers that wait to be sent; nothing is read from the peer while there are more.
inline constexpr std::size_t kMaxAnswerBytes = std::size_t{1} * 1024 * 1024;

}  // namespace catena::net
