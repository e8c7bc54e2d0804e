// SPDX-License-Identifier: Apache-2.0
#include "connectors/syslog/stream_session.h"

#include <utility>

namespace catena::syslog {

void SyslogStreamSession::receive(std::string_view bytes, net::Turn& turn) {
  while (!bytes.empty()) {
    net::RecordBuffer records(options_.max_message_bytes);
    const Status status = framing_.take(bytes, records);
    if (!records.empty()) turn.offers.push_back(std::move(records));
    if (!status.ok()) {
      turn.finish = true;
      turn.problem = status.message();
      return;
    }
  }
}

void SyslogStreamSession::end_of_input(net::Turn& turn) {
  net::RecordBuffer records(options_.max_message_bytes);
  framing_.finish(records);
  if (!records.empty()) turn.offers.push_back(std::move(records));
  turn.finish = true;
}

// Nobody is told, whatever the answer.
void SyslogStreamSession::settle(const pipeline::Answer& answer, net::Turn& turn) {
  static_cast<void>(answer);
  static_cast<void>(turn);
}

}  // namespace catena::syslog
