// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "connectors/net/record_buffer.h"
#include "engine/base/status.h"

// StreamFraming cuts the bytes of one syslog connection (TCP or TLS) into messages. Senders mix
// both ways of RFC 6587, so it is decided anew for every message:
//   - octet counting (3.4.1; the only way of RFC 5425): "LENGTH SP <…", LENGTH without leading
//   zero;
//   - anything else is a line (3.4.2), ended by LF, CR LF or NUL. A line that begins with a number
//     but not with a number, a space and '<' is a line.
// It does not read the messages; connectors/codec does.
// Bounds: a message longer than `max_message_bytes` is cut there and flagged, and the rest is
// skipped without being held. A length above kMaxCountedBytes cannot be waited for: an error, and
// the connection is of no further use.
// Thread safety: none; one per connection. Cost: one pass and one copy; memory: one message.
namespace catena::syslog {

struct FramingOptions {
  // RFC 5424 asks for 2,048, RFC 5425 for 8,192; at most pipeline::kMaxOfferedRecordBytes.
  std::size_t max_message_bytes = std::size_t{64} * 1024;
};

// The longest message whose end is waited for.
inline constexpr std::uint64_t kMaxCountedBytes = std::uint64_t{16} * 1024 * 1024;
// Digits of a length; a line that begins with more is no length.
inline constexpr std::size_t kMaxCountDigits = 20;

class StreamFraming {
 public:
  explicit StreamFraming(FramingOptions options) noexcept : options_(options) {}

  // Takes bytes up to where `out` is full or they end, appends the messages that are complete and
  // removes what it took from `bytes`. kLimit for an impossible length.
  Status take(std::string_view& bytes, net::RecordBuffer& out);

  // The stream has ended: a line without an end is a message, a counted one was cut off.
  void finish(net::RecordBuffer& out);

  [[nodiscard]] bool is_mid_message() const noexcept {
    return !held_.empty() || state_ != State::kStart;
  }

 private:
  enum class State : std::uint8_t {
    kStart,    // the first bytes of a message; held_ while they do not say which way it is framed
    kLine,     // held_ has the line so far
    kCounted,  // held_ has the message so far, remaining_ bytes follow
  };

  Status begin(std::string_view& bytes);
  void take_line(std::string_view& bytes, net::RecordBuffer& out);
  void take_counted(std::string_view& bytes, net::RecordBuffer& out);
  void hold(std::string_view part);
  void deliver(net::RecordBuffer& out, bool cut_off);

  FramingOptions options_;
  State state_ = State::kStart;
  std::string held_;
  std::uint64_t remaining_ = 0;
  bool shortened_ = false;
};

}  // namespace catena::syslog
