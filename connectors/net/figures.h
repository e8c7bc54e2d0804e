// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string_view>

// Figures counts what one listener does, for /metrics. At any quiet moment
//   records = durable + refused + lost + in flight
// which the checker of invariants relies on. Thread safety: any thread; relaxed, so figures of one
// visit may be of slightly different moments.
namespace catena::net {

class Figures {
 public:
  using Count = std::atomic<std::uint64_t>;

  Count connections_open{0};
  Count connections_total{0};
  Count connections_refused_total{0};  // beyond a limit
  Count tls_failures_total{0};
  Count timeouts_total{0};
  Count protocol_errors_total{0};
  Count unauthorised_total{0};
  Count received_bytes_total{0};
  Count records_total{0};  // offered for the first time
  Count records_durable_total{0};
  Count records_refused_total{0};  // by the daemon, for good
  Count records_lost_total{0};     // not durable, and the protocol cannot say so, or was told so
  Count records_in_flight{0};
  Count bytes_in_flight{0};
  Count held_bytes{0};             // of unfinished frames
  Count offers_repeated_total{0};  // after overload
  Count duplicates_total{0};       // recognised by their id and not offered again
  Count kernel_drops_total{0};     // UDP

  void for_each(const std::function<void(std::string_view, std::uint64_t)>& visit) const;
};

}  // namespace catena::net
