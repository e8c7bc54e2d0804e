// SPDX-License-Identifier: Apache-2.0
#include "engine/lineage/session_history.h"

#include <algorithm>
#include <tuple>

namespace catena::lineage {
namespace {

// Logons over the network of one session are seconds apart on a busy file server; an id is not
// given out again before the machine starts anew.
constexpr std::size_t kForgottenAtOnce = 4;
// A logon may be logged this long after what is done in its session.
constexpr Timestamp kLateLogon = 10 * kNanosPerSecond;

Timestamp gap(Timestamp time, Timestamp first, Timestamp last) noexcept {
  if (time < first) return first - time;
  return time > last ? time - last : 0;
}

// The time before which a quarter of the entries lie.
template <typename Map, typename TimeOf>
Timestamp quarter_border(const Map& entries, TimeOf time_of) {
  std::vector<Timestamp> times;
  times.reserve(entries.size());
  for (const auto& entry : entries) times.push_back(time_of(entry));
  const auto border = times.begin() + static_cast<std::ptrdiff_t>(times.size() / kForgottenAtOnce);
  std::nth_element(times.begin(), border, times.end());
  return *border + 1;
}

}  // namespace

void SessionHistory::observe(const RemoteLogon& logon) {
  const std::uint64_t host = hash64(logon.host);
  const SessionKey key{host, logon.logon, logon.time};
  const auto [known, is_new] = sessions_.try_emplace(key, logon);
  // Two logons of one moment with the same id: one of them, whichever came first.
  const auto content = [](const RemoteLogon& l) {
    return std::tie(l.from_ip, l.user, l.from_host, l.from_port);
  };
  if (!is_new && content(logon) < content(known->second)) known->second = logon;
  by_time_.try_emplace({host, logon.time, logon.logon}, key);
  if (sessions_.size() <= kMaxLogons) return;
  const Timestamp border =
      quarter_border(sessions_, [](const auto& entry) { return entry.second.time; });
  forgotten_ +=
      std::erase_if(sessions_, [&](const auto& entry) { return entry.second.time < border; });
  std::erase_if(by_time_, [&](const auto& entry) { return std::get<1>(entry.first) < border; });
}

void SessionHistory::observe(const Connection& connection) {
  const PortKey key{hash64(connection.from_ip), connection.from_port, connection.time};
  const auto [known, is_new] = connections_.try_emplace(key, connection);
  const auto content = [](const Connection& c) { return std::tie(c.guid, c.host, c.pid); };
  if (!is_new && content(known->second) < content(connection)) known->second = connection;
  if (connections_.size() <= kMaxConnections) return;
  const Timestamp border =
      quarter_border(connections_, [](const auto& entry) { return entry.second.time; });
  forgotten_ +=
      std::erase_if(connections_, [&](const auto& entry) { return entry.second.time < border; });
}

void SessionHistory::observe(const HostAddress& address) {
  if (addresses_.size() >= kMaxAddresses && !addresses_.contains(address.ip)) {
    ++forgotten_;
    return;
  }
  auto& spans = addresses_[address.ip];
  const auto known = std::find_if(spans.begin(), spans.end(),
                                  [&](const Span& span) { return span.host == address.host; });
  if (known != spans.end()) {
    known->first = std::min(known->first, address.time);
    known->last = std::max(known->last, address.last);
  } else if (spans.size() <= kMaxHostsPerAddress) {
    spans.push_back({address.host, address.time, address.last});
  }
}

const RemoteLogon* SessionHistory::session(const std::string& host, std::uint64_t logon,
                                           Timestamp time) const {
  if (logon == 0) return nullptr;
  const std::uint64_t where = hash64(host);
  // The logon itself may be logged a little after what is done in the session.
  auto at = sessions_.upper_bound({where, logon, time + kLateLogon});
  if (at == sessions_.begin()) return nullptr;
  --at;
  const bool same = std::get<0>(at->first) == where && std::get<1>(at->first) == logon;
  return same ? &at->second : nullptr;
}

SessionHistory::OnlyLogon SessionHistory::only_logon(const std::string& host,
                                                     Timestamp time) const {
  const std::uint64_t where = hash64(host);
  // Times of one second's resolution round the event to before its logon.
  auto at = by_time_.upper_bound({where, time + kNanosPerSecond, ~0ULL});
  OnlyLogon only;
  while (at != by_time_.begin()) {
    --at;
    const auto& [key_host, key_time, id] = at->first;
    if (key_host != where || key_time + kRemoteActionWindow < time) break;
    const auto session = sessions_.find(at->second);
    if (session == sessions_.end()) continue;
    const RemoteLogon& logon = session->second;
    if (only.logon == nullptr) only.logon = &logon;
    if (logon.user != only.logon->user || logon.from_ip != only.logon->from_ip) return {};
    only.several = only.several || logon.logon != only.logon->logon;
  }
  return only;
}

const Connection* SessionHistory::connection_of(const RemoteLogon& logon) const {
  if (logon.from_ip.empty() || logon.from_port == 0) return nullptr;
  const std::uint64_t from = hash64(logon.from_ip);
  auto at = connections_.upper_bound({from, logon.from_port, logon.time + kConnectionWindow});
  const Connection* best = nullptr;
  while (at != connections_.begin()) {
    --at;
    const auto& [address, port, time] = at->first;
    if (address != from || port != logon.from_port || time + kConnectionWindow < logon.time) break;
    // Several sources report one connection; a GUID names its process best.
    if (best == nullptr || (best->guid.is_zero() && !at->second.guid.is_zero())) {
      best = &at->second;
    }
  }
  return best;
}

std::string SessionHistory::host_of(const std::string& ip, Timestamp time) const {
  const auto known = addresses_.find(ip);
  if (known == addresses_.end() || known->second.size() > kMaxHostsPerAddress) return "";
  const auto& spans = known->second;
  const auto best = std::min_element(spans.begin(), spans.end(), [&](const Span& a, const Span& b) {
    const Timestamp gap_a = gap(time, a.first, a.last);
    const Timestamp gap_b = gap(time, b.first, b.last);
    return gap_a != gap_b ? gap_a < gap_b : a.host < b.host;
  });
  return best->host;
}

void SessionHistory::forget_before(Timestamp time) {
  std::erase_if(sessions_, [&](const auto& entry) { return entry.second.time < time; });
  std::erase_if(by_time_, [&](const auto& entry) { return std::get<1>(entry.first) < time; });
  std::erase_if(connections_, [&](const auto& entry) { return entry.second.time < time; });
  for (auto& [ip, spans] : addresses_) {
    std::erase_if(spans, [&](const Span& span) { return span.last < time; });
  }
  std::erase_if(addresses_, [](const auto& entry) { return entry.second.empty(); });
}

}  // namespace catena::lineage
