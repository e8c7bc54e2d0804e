// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/lineage/facts.h"

// SessionHistory knows who logged on to which machine over the network, from where, and which
// process of which machine opened the connection. Facts are kept by their event time, so the
// answers do not depend on the order in which they came. Memory: at most kMaxLogons logons of about
// 350 bytes, kMaxConnections connections of about 250 bytes and kMaxAddresses addresses; the oldest
// by event time are forgotten first, counted. Thread safety: none; owned by the chain stage.
namespace catena::lineage {

class SessionHistory {
 public:
  static constexpr std::size_t kMaxLogons = 200'000;
  static constexpr std::size_t kMaxConnections = 400'000;
  static constexpr std::size_t kMaxAddresses = 200'000;
  // An address that more hosts than this had is one of a translator or proxy: nobody's.
  static constexpr std::size_t kMaxHostsPerAddress = 4;
  // A connection and the logon over it are logged at most this far apart.
  static constexpr Timestamp kConnectionWindow = 30 * kNanosPerSecond;
  // What a remote logon does at once (a service, a task, a process of a root) follows within this.
  static constexpr Timestamp kRemoteActionWindow = 3 * kNanosPerSecond;

  void observe(const RemoteLogon& logon);
  void observe(const Connection& connection);
  void observe(const HostAddress& address);

  // The session with this id that was open on the host at `time`.
  [[nodiscard]] const RemoteLogon* session(const std::string& host, std::uint64_t logon,
                                           Timestamp time) const;
  // The newest logon over the network to the host within kRemoteActionWindow before `time`, if all
  // logons in that window are of one account from one address: else nobody knows whose it was.
  struct OnlyLogon {
    const RemoteLogon* logon = nullptr;
    bool several = false;  // sessions: which of them it was is not known
  };
  [[nodiscard]] OnlyLogon only_logon(const std::string& host, Timestamp time) const;
  // The connection that the logon came over.
  [[nodiscard]] const Connection* connection_of(const RemoteLogon& logon) const;
  // The host that had this address at `time`, or nearest to it; "" when none or too many had it.
  [[nodiscard]] std::string host_of(const std::string& ip, Timestamp time) const;

  void forget_before(Timestamp time);
  [[nodiscard]] std::uint64_t forgotten() const noexcept { return forgotten_; }

 private:
  struct Span {
    std::string host;
    Timestamp first = kNoTime;
    Timestamp last = kNoTime;
  };
  using SessionKey = std::tuple<std::uint64_t, std::uint64_t, Timestamp>;  // host, logon id, time
  using PortKey = std::tuple<std::uint64_t, std::uint16_t, Timestamp>;     // address, port, time

  std::map<SessionKey, RemoteLogon> sessions_;
  // Host and time to the session; the id is last so that logons of one moment are all kept.
  std::map<std::tuple<std::uint64_t, Timestamp, std::uint64_t>, SessionKey> by_time_;
  std::map<PortKey, Connection> connections_;
  std::unordered_map<std::string, std::vector<Span>> addresses_;
  std::uint64_t forgotten_ = 0;
};

}  // namespace catena::lineage
