// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connectors/net/stream_session.h"
#include "connectors/syslog/stream_framing.h"

// Syslog over a stream: RFC 6587 over TCP, RFC 5425 over TLS. There is no answer in the protocol:
// what the daemon cannot take now is kept and offered again while nothing more is read, so a sender
// with a queue fills that instead. What lies in the socket when the connection breaks is lost; only
// the sender could know (README: at most once over TCP).
namespace catena::syslog {

class SyslogStreamSession final : public net::StreamSession {
 public:
  explicit SyslogStreamSession(FramingOptions options) noexcept
      : options_(options), framing_(options) {}

  void receive(std::string_view bytes, net::Turn& turn) override;
  void end_of_input(net::Turn& turn) override;
  void settle(const pipeline::Answer& answer, net::Turn& turn) override;
  [[nodiscard]] bool is_mid_frame() const noexcept override { return framing_.is_mid_message(); }

 private:
  FramingOptions options_;
  StreamFraming framing_;
};

}  // namespace catena::syslog
