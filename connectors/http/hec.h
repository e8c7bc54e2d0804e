// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "connectors/http/message.h"

// Splunk's HTTP Event Collector (Splunk documentation, "HTTP Event Collector REST API endpoints"
// and "About HTTP Event Collector Indexer Acknowledgment"): events, raw lines, health and acks. An
// event that is an object is the record, with its envelope under "hec"; an event that is a text is
// {"message": text, "hec": envelope}, whose inner record the mapping pack finds.
// A request with a channel gets an ackId. As answers are given when events are durable, an ackId is
// true at once, and told so once.
// Thread safety: all methods from any thread.
namespace catena::http {

// Acks that nobody asked for are forgotten, oldest first, so a client repeats.
inline constexpr std::size_t kMaxChannels = 10'000;
inline constexpr std::size_t kMaxAcksPerChannel = 100'000;
inline constexpr std::size_t kMaxChannelBytes = 128;
inline constexpr std::size_t kMaxAcksAsked = 100'000;

// Which acks are open on which channel.
class AckChannels {
 public:
  // Of something that is durable.
  std::uint64_t issue(std::string_view channel);
  // True once for each number that was issued.
  bool take(std::string_view channel, std::uint64_t number);

 private:
  struct Channel {
    std::string name;
    std::uint64_t next = 0;
    std::set<std::uint64_t> open;
  };
  // The one last used in front.
  Channel* find(std::string_view name);

  std::mutex mutex_;
  std::list<Channel> channels_;
  std::unordered_map<std::string, std::list<Channel>::iterator> by_name_;
};

class Hec {
 public:
  [[nodiscard]] static bool owns(std::string_view path) noexcept {
    return path.starts_with("/services/collector");
  }
  [[nodiscard]] static bool is_health(std::string_view path) noexcept {
    return path.starts_with("/services/collector/health");
  }

  Intake take(const Request& request);
  [[nodiscard]] Response refusal(const Request& request, net::Verdict verdict,
                                 std::string_view detail) const;

 private:
  Intake take_events(const Request& request);
  Intake take_raw(const Request& request);
  Intake take_acks(const Request& request);
  [[nodiscard]] std::function<Response(net::Verdict)> answer(const Request& request,
                                                             Response on_success);

  AckChannels channels_;
};

}  // namespace catena::http
