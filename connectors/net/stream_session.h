// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/net/record_buffer.h"
#include "engine/pipeline/receiver.h"

// StreamSession is one protocol on one connection without the connection: received bytes go in,
// bytes to send and batches to offer come out. It knows no socket, no clock and no thread, so every
// split of its input can be tested. connectors/net/stream_server.h runs it.
//
// What the server promises a session:
//   - calls come one after the other, the first of them is begin();
//   - every offer of a turn is made, in order, and settled exactly once, in the order of offering,
//     unless the connection breaks first;
//   - an answer "overloaded" is held back, and the offer repeated, for as long as the options of
//   the
//     server say, with still_waiting() about once a second; only then it is settled like that.
// What a session promises: its memory is bounded by named constants whatever it receives; once a
// turn has `close`, it takes no further input.
// Thread safety: none. Errors: what the peer does wrong ends in `close` with `problem`, for the
// log.
namespace catena::net {

// What one call asks for.
struct Turn {
  std::string answer;  // bytes to send
  std::vector<RecordBuffer> offers;
  bool close = false;          // after the answer, without waiting for offers that are not settled
  bool finish = false;         // take no further input; close after the last offer was settled
  std::size_t duplicates = 0;  // records left out because they are durable already
  std::size_t unauthorised = 0;  // attempts without a right
  std::string problem;           // why, for the log; empty when the protocol ends in the normal way
};

class StreamSession {
 public:
  StreamSession() = default;
  StreamSession(const StreamSession&) = delete;
  StreamSession& operator=(const StreamSession&) = delete;
  virtual ~StreamSession() = default;

  // The connection is there, TLS included. `peer` names it in messages.
  virtual void begin(std::string_view peer, Turn& turn) {
    static_cast<void>(peer);
    static_cast<void>(turn);
  }
  // Takes all of `bytes`.
  virtual void receive(std::string_view bytes, Turn& turn) = 0;
  // The peer will send no more.
  virtual void end_of_input(Turn& turn) { turn.finish = true; }
  // The answer to the oldest offer that is not settled.
  virtual void settle(const pipeline::Answer& answer, Turn& turn) = 0;
  // What was received and belongs to no complete frame yet, in bytes.
  [[nodiscard]] virtual std::size_t held_bytes() const noexcept { return 0; }
  // False while input can wait, because the last of it is not settled.
  [[nodiscard]] virtual bool wants_input() const noexcept { return true; }
  // An offer has been waiting for about another second.
  virtual void still_waiting(Turn& turn) { static_cast<void>(turn); }
  // The daemon drains: say farewell if the protocol knows how, then finish.
  virtual void stopping(Turn& turn) { turn.finish = true; }
  // Something has begun and is not complete: the header timeout applies rather than the idle one.
  [[nodiscard]] virtual bool is_mid_frame() const noexcept = 0;
};

using SessionFactory = std::function<std::unique_ptr<StreamSession>()>;

}  // namespace catena::net
