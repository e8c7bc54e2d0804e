// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/net/stream_session.h"

// RELP, rsyslog's reliable protocol (rsyslog documentation, "RELP - The Reliable Event Logging
// Protocol"): frames "TXNR SP COMMAND SP DATALEN [SP DATA] LF", each answered by "TXNR rsp …". A
// syslog message is answered when it is durable; a sender keeps up to a window of them and repeats
// what was not answered on its next connection. Written anew: librelp's licence is not ours.
// Bounds: numbers of at most nine digits; a message above `max_message_bytes` is cut and flagged, a
// frame above kMaxFrameBytes ends the connection.
// Thread safety: none; one per connection.
namespace catena::relp {

inline constexpr std::size_t kMaxFrameBytes = std::size_t{16} * 1024 * 1024;
inline constexpr std::size_t kMaxCommandBytes = 32;
inline constexpr std::size_t kMaxDigits = 9;

struct RelpOptions {
  std::size_t max_message_bytes = std::size_t{64} * 1024;
};

class RelpSession final : public net::StreamSession {
 public:
  explicit RelpSession(RelpOptions options) noexcept
      : options_(options), records_(options.max_message_bytes) {}

  void receive(std::string_view bytes, net::Turn& turn) override;
  void settle(const pipeline::Answer& answer, net::Turn& turn) override;
  void stopping(net::Turn& turn) override;
  [[nodiscard]] bool is_mid_frame() const noexcept override {
    return state_ != State::kNumber || !token_.empty();
  }
  [[nodiscard]] std::size_t held_bytes() const noexcept override { return data_.size(); }

 private:
  enum class State : std::uint8_t { kNumber, kCommand, kLength, kData, kEnd };
  // Answers that wait for one offer, in the order of their frames.
  struct Waiting {
    std::vector<std::uint32_t> messages;
    bool is_offer = false;
    bool closes = false;
    std::string behind;       // answers to other commands that came behind the messages
    std::uint32_t close = 0;  // the number of the frame that closes, behind all of them
  };

  void take_frames(std::string_view bytes, net::Turn& turn);
  bool take_token(std::string_view& bytes, net::Turn& turn);
  bool finish_token(char end, net::Turn& turn);
  void take_data(std::string_view& bytes);
  void take_frame(net::Turn& turn);
  void take_message();
  void take_close(net::Turn& turn);
  void offer(net::Turn& turn);
  static void answer_waiting(const Waiting& waiting, net::Turn& turn);
  // In the order of the frames: behind what waits, or at once.
  void respond_in_order(std::uint32_t number, std::string_view text, net::Turn& turn);
  static void respond(std::uint32_t number, std::string_view text, std::string& out);
  static void fail(const std::string& problem, net::Turn& turn);

  RelpOptions options_;
  State state_ = State::kNumber;
  std::string token_;
  std::uint32_t number_ = 0;
  std::string command_;
  std::size_t remaining_ = 0;
  std::string data_;
  bool open_ = false;
  net::RecordBuffer records_;
  std::vector<std::uint32_t> messages_;  // of records_
  std::deque<Waiting> waiting_;
};

}  // namespace catena::relp
