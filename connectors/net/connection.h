// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/net/stream_server.h"

// Connection is one peer of a StreamServer: between its session, the port and a transport (plain or
// TLS, which subclasses provide). Everything runs on one thread, that of its io_context; only the
// port's answers come from elsewhere and are posted over. Kept alive by the operations under way.
// Internal to connectors/net.
namespace catena::net {

using Clock = std::chrono::steady_clock;

class Connection;

// The thread of the server that runs some of its connections. Outlives them.
class ConnectionOwner {
 public:
  ConnectionOwner() = default;
  ConnectionOwner(const ConnectionOwner&) = delete;
  ConnectionOwner& operator=(const ConnectionOwner&) = delete;
  virtual ~ConnectionOwner() = default;

  [[nodiscard]] virtual const StreamServerOptions& options() const noexcept = 0;
  [[nodiscard]] virtual pipeline::ReceiverPort& port() noexcept = 0;
  [[nodiscard]] virtual Figures& figures() noexcept = 0;
  [[nodiscard]] virtual boost::asio::io_context& context() noexcept = 0;
  // `connection` wants room() to be called soon.
  virtual void want_room() = 0;
  virtual void closed(Connection& connection) = 0;
};

// How long input waits before the port is asked again whether it has room.
inline constexpr std::chrono::milliseconds kRoomInterval{20};
// How long a closing connection reads what its peer still sends, so that the last answer arrives
// before the reset that unread bytes would cause.
inline constexpr std::chrono::milliseconds kLinger{2'000};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Transferred = std::function<void(bool ok, std::size_t bytes)>;

  Connection(ConnectionOwner& owner, std::unique_ptr<StreamSession> session, std::string peer);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection() = default;

  void open();
  // Once a second: the time-outs.
  void tick(Clock::time_point now);
  // About every kRoomInterval while wants_room().
  void room();
  [[nodiscard]] bool wants_room() const noexcept { return paused_ || repeat_at_.has_value(); }
  void drain();
  // Ends at once.
  void abort(std::string_view problem);

  [[nodiscard]] const std::string& peer() const noexcept { return peer_; }

 protected:
  // The peer's certificate, when there is one, is told by a subclass.
  void add_to_peer(std::string_view name);

 private:
  // Done is called on thread().
  virtual void start_handshake(Transferred done) = 0;
  virtual void start_read(char* bytes, std::size_t size, Transferred done) = 0;
  virtual void start_write(std::string_view bytes, Transferred done) = 0;
  // Tells the peer that nothing more will come.
  virtual void start_shutdown(Transferred done) = 0;
  virtual void close_socket() = 0;

  enum class State : std::uint8_t { kHandshake, kOpen, kLingering, kClosed };

  struct Offer {
    RecordBuffer records;
    std::uint64_t ticket = 0;
    bool offered = false;
    std::optional<pipeline::Answer> answer;
    std::optional<Clock::time_point> held_since;  // first told "overloaded"
  };

  void handshake_done(bool ok);
  void read_more();
  [[nodiscard]] bool may_read();
  void read_done(bool ok, std::size_t bytes);
  void note_progress(const Turn& turn);
  void account_held();
  void apply(Turn& turn);
  void take(Turn& turn);
  void make_offers();
  void make_offer(Offer& offer);
  void answered(std::uint64_t ticket, const pipeline::Answer& answer);
  [[nodiscard]] bool hold(Offer& offer, pipeline::Outcome outcome);
  void settle_front();
  void count_settled(const Offer& offer);
  void write_more();
  void close_if_finished();
  [[nodiscard]] bool is_above_fair_share() const noexcept;
  void linger();
  void close();
  void log(std::string_view problem);

  ConnectionOwner& owner_;
  Figures& figures_;
  std::unique_ptr<StreamSession> session_;
  std::string peer_;

  State state_ = State::kHandshake;
  bool reading_ = false;
  bool writing_ = false;
  bool has_written_ = false;
  bool paused_ = false;  // would read if the port had room
  bool finish_ = false;  // no further input
  bool close_after_write_ = false;
  bool settling_ = false;
  bool logged_ = false;
  std::vector<char> input_;
  std::string output_;   // to be written next
  std::string written_;  // being written
  std::deque<Offer> offers_;
  std::uint64_t next_ticket_ = 0;
  std::size_t offered_bytes_ = 0;
  std::size_t held_bytes_ = 0;
  std::optional<Clock::time_point> repeat_at_;
  std::chrono::milliseconds repeat_pause_ = kRoomInterval;
  Clock::time_point last_input_;
  Clock::time_point frame_begin_;
  std::size_t frame_bytes_ = 0;
  Clock::time_point last_write_;
  Clock::time_point close_by_;
};

}  // namespace catena::net
