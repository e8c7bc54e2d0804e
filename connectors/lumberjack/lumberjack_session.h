// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "connectors/net/inflate.h"
#include "connectors/net/stream_session.h"

// Lumberjack, the protocol of Beats and Logstash, versions 1 and 2 (logstash-input-beats,
// PROTOCOL.md; go-lumber): windows of events, each acknowledged by the number of its last event
// when all of them are durable. A sender repeats a window that was not acknowledged; while it waits
// it is sent an acknowledgement of 0 as a sign of life.
//   W count    a window begins; J number length JSON    an event; D number pairs    an event, v1
//   C length   zlib of frames; A number                 ours
// Bounds: see the constants; whatever breaks the protocol ends the connection.
// Thread safety: none; one per connection.
namespace catena::lumberjack {

inline constexpr std::uint32_t kMaxWindow = 100'000;  // events
inline constexpr std::size_t kMaxCompressedBytes = std::size_t{64} * 1024 * 1024;
inline constexpr std::size_t kMaxEventBytes = pipeline::kMaxOfferedRecordBytes;
inline constexpr std::size_t kMaxPairs = 1024;

struct LumberjackOptions {
  net::InflateLimit inflate;
};

class LumberjackSession final : public net::StreamSession {
 public:
  explicit LumberjackSession(LumberjackOptions options) noexcept : options_(options) {}

  void receive(std::string_view bytes, net::Turn& turn) override;
  void settle(const pipeline::Answer& answer, net::Turn& turn) override;
  void still_waiting(net::Turn& turn) override;
  [[nodiscard]] bool is_mid_frame() const noexcept override {
    return !buffer_.empty() || window_left_ != 0;
  }
  [[nodiscard]] std::size_t held_bytes() const noexcept override {
    return buffer_.size() + records_.bytes();
  }

 private:
  // What an offer is the end of.
  struct Waiting {
    bool ends_window = false;
    std::uint32_t last = 0;
    char version = '2';
  };
  enum class Taken : std::uint8_t { kFrame, kNeedMore, kBroken };

  bool take_frames(std::string_view& bytes, bool inside, net::Turn& turn);
  Taken take_frame(std::string_view& bytes, bool inside, net::Turn& turn);
  Taken take_window(std::string_view& rest, net::Turn& turn);
  Taken take_json(std::string_view& rest, net::Turn& turn);
  Taken take_pairs(std::string_view& rest, net::Turn& turn);
  Taken take_compressed(std::string_view& rest, net::Turn& turn);
  Taken event_done(std::uint32_t number, net::Turn& turn);
  static Taken fail(const std::string& problem, net::Turn& turn);
  void offer(bool ends_window, net::Turn& turn);

  LumberjackOptions options_;
  std::string buffer_;
  char version_ = '2';
  std::uint32_t window_left_ = 0;
  std::uint32_t last_ = 0;
  net::RecordBuffer records_{kMaxEventBytes};
  std::deque<Waiting> waiting_;
};

}  // namespace catena::lumberjack
