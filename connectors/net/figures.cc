// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/figures.h"

namespace catena::net {

void Figures::for_each(const std::function<void(std::string_view, std::uint64_t)>& visit) const {
  const auto show = [&visit](std::string_view name, const Count& count) {
    visit(name, count.load(std::memory_order_relaxed));
  };
  show("connections_open", connections_open);
  show("connections_total", connections_total);
  show("connections_refused_total", connections_refused_total);
  show("tls_failures_total", tls_failures_total);
  show("timeouts_total", timeouts_total);
  show("protocol_errors_total", protocol_errors_total);
  show("unauthorised_total", unauthorised_total);
  show("received_bytes_total", received_bytes_total);
  show("records_total", records_total);
  show("records_durable_total", records_durable_total);
  show("records_refused_total", records_refused_total);
  show("records_lost_total", records_lost_total);
  show("records_in_flight", records_in_flight);
  show("bytes_in_flight", bytes_in_flight);
  show("held_bytes", held_bytes);
  show("offers_repeated_total", offers_repeated_total);
  show("duplicates_total", duplicates_total);
  show("kernel_drops_total", kernel_drops_total);
}

}  // namespace catena::net
