// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/forward/msgpack_reader.h"
#include "connectors/net/inflate.h"
#include "connectors/net/recent_ids.h"
#include "connectors/net/stream_session.h"

// Fluent Forward (Fluentd's "Forward Protocol Specification v1"): all four modes, acknowledgement
// of chunks, and the handshake with a shared key. Each entry becomes its record as JSON, with
// "fluent": {"tag", "time"}. A chunk is acknowledged when all of it is durable; there is no
// negative answer, so a sender that gets none repeats the chunk, under the same id, which is
// recognised. Bounds: kMaxMessageBytes a message, kMaxMsgpackDepth; what breaks the protocol ends
// the connection. An entry that is no record is a dead letter. Thread safety: none; one per
// connection. RecentIds is shared.
namespace catena::forward {

inline constexpr std::size_t kMaxMessageBytes = std::size_t{32} * 1024 * 1024;
inline constexpr std::size_t kMaxChunkIdBytes = 256;
inline constexpr std::size_t kNonceBytes = 16;

struct ForwardOptions {
  // Empty: no handshake.
  std::string shared_key;
  std::string hostname = "catena";
  // kNonceBytes unpredictable bytes for each handshake; needed with a key.
  std::function<std::string()> nonce = nullptr;
  net::InflateLimit inflate;
};

class ForwardSession final : public net::StreamSession {
 public:
  // Both outlive the session.
  ForwardSession(const ForwardOptions& options, net::RecentIds& recent)
      : options_(options), recent_(recent) {}

  void begin(std::string_view peer, net::Turn& turn) override;
  void receive(std::string_view bytes, net::Turn& turn) override;
  void settle(const pipeline::Answer& answer, net::Turn& turn) override;
  [[nodiscard]] bool is_mid_frame() const noexcept override {
    return !buffer_.empty() || !is_welcome_;
  }
  [[nodiscard]] std::size_t held_bytes() const noexcept override { return buffer_.size(); }

 private:
  using Offers = std::vector<net::RecordBuffer>;
  // A message whose offers are under way.
  struct Waiting {
    std::size_t offers = 0;
    std::string chunk;  // to be acknowledged; empty: nothing
    std::optional<Id128> key;
  };
  // What stands behind the entries.
  struct Option {
    std::string_view chunk;
    net::Compression compression = net::Compression::kGzip;
    bool is_compressed = false;
  };

  bool take_message(std::string_view message, net::Turn& turn);
  bool take_ping(MsgpackReader& reader, std::uint64_t elements, net::Turn& turn);
  void append_pong(std::string_view salt, net::Turn& turn) const;
  bool take_entries(std::string_view message, net::Turn& turn);
  Status read_packed(std::string_view tag, std::string_view packed, const Option& option,
                     Offers& offers) const;
  static bool read_entry(std::string_view tag, MsgpackReader& reader, Offers& offers);
  static bool read_option(MsgpackReader& reader, Option& option);
  void offer(Offers offers, const Option& option, std::string_view message, net::Turn& turn);
  static bool fail(const std::string& problem, net::Turn& turn);

  const ForwardOptions& options_;
  net::RecentIds& recent_;
  std::string buffer_;
  ValueExtent extent_;
  bool is_welcome_ = true;
  std::string nonce_;
  std::deque<Waiting> waiting_;
};

// For a net::StreamServer of Protocol::kForward: sessions that share what is known of chunks.
[[nodiscard]] net::SessionFactory forward_sessions(ForwardOptions options);

}  // namespace catena::forward
