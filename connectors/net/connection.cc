// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/connection.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

namespace catena::net {

namespace {

constexpr std::chrono::milliseconds kLongestRepeatPause{500};

void add(Figures::Count& count, std::uint64_t value) noexcept {
  count.fetch_add(value, std::memory_order_relaxed);
}
void subtract(Figures::Count& count, std::uint64_t value) noexcept {
  count.fetch_sub(value, std::memory_order_relaxed);
}

}  // namespace

Connection::Connection(ConnectionOwner& owner, std::unique_ptr<StreamSession> session,
                       std::string peer)
    : owner_(owner),
      figures_(owner.figures()),
      session_(std::move(session)),
      peer_(std::move(peer)),
      last_input_(Clock::now()),
      frame_begin_(last_input_),
      last_write_(last_input_) {}

void Connection::add_to_peer(std::string_view name) {
  const std::size_t room =
      pipeline::kMaxPeerBytes - std::min(pipeline::kMaxPeerBytes, peer_.size() + 3);
  if (name.empty() || room == 0) return;
  peer_.append(" (").append(name.substr(0, room)).append(")");
}

void Connection::open() {
  start_handshake([self = shared_from_this()](bool ok, std::size_t) { self->handshake_done(ok); });
}

void Connection::handshake_done(bool ok) {
  if (state_ != State::kHandshake) return;
  if (!ok) {
    add(figures_.tls_failures_total, 1);
    return abort("tls handshake failed");
  }
  state_ = State::kOpen;
  last_input_ = frame_begin_ = Clock::now();
  input_.resize(kReadBytes);
  Turn turn;
  session_->begin(peer_, turn);
  apply(turn);
}

// --- reading -------------------------------------------------------------------------------------

bool Connection::may_read() {
  paused_ = false;
  if (state_ == State::kLingering) return !reading_;
  if (state_ != State::kOpen || reading_ || finish_ || close_after_write_) return false;
  if (!session_->wants_input()) return false;
  if (output_.size() + written_.size() > kMaxAnswerBytes) return false;
  if (offered_bytes_ > owner_.options().limits.max_in_flight_per_connection) return false;
  // What others hold may end without a word to us, so this is asked again and again.
  paused_ = repeat_at_.has_value() || owner_.port().overloaded() ||
            figures_.bytes_in_flight.load(std::memory_order_relaxed) >
                owner_.options().limits.max_in_flight;
  if (paused_) owner_.want_room();
  return !paused_;
}

void Connection::read_more() {
  if (!may_read()) return;
  reading_ = true;
  start_read(input_.data(), input_.size(), [self = shared_from_this()](bool ok, std::size_t bytes) {
    self->read_done(ok, bytes);
  });
}

void Connection::read_done(bool ok, std::size_t bytes) {
  reading_ = false;
  if (state_ == State::kClosed) return;
  if (state_ == State::kLingering) {
    if (!ok) return close();
    return read_more();
  }
  last_input_ = Clock::now();
  add(figures_.received_bytes_total, bytes);
  frame_bytes_ += bytes;
  Turn turn;
  if (ok) {
    session_->receive({input_.data(), bytes}, turn);
  } else {
    session_->end_of_input(turn);
    turn.finish = true;
  }
  note_progress(turn);
  if (is_above_fair_share()) {
    turn.close = true;
    turn.problem = "unfinished frames of this listener hold too much memory";
  }
  apply(turn);
}

// When unfinished frames take all the memory there is for them, those that take most end.
bool Connection::is_above_fair_share() const noexcept {
  const std::uint64_t limit = owner_.options().limits.max_in_flight;
  if (figures_.held_bytes.load(std::memory_order_relaxed) <= limit) return false;
  const std::uint64_t open =
      std::max<std::uint64_t>(1, figures_.connections_open.load(std::memory_order_relaxed));
  return held_bytes_ > limit / open;
}

// A frame's time starts with its first byte, and anew with everything that was completed.
void Connection::note_progress(const Turn& turn) {
  account_held();
  if (session_->is_mid_frame() && turn.offers.empty() && turn.answer.empty() && frame_bytes_ != 0) {
    return;
  }
  frame_begin_ = last_input_;
  frame_bytes_ = 0;
}

void Connection::account_held() {
  const std::size_t now = state_ == State::kOpen ? session_->held_bytes() : 0;
  add(figures_.held_bytes, now);
  subtract(figures_.held_bytes, held_bytes_);
  held_bytes_ = now;
}

// --- offering ------------------------------------------------------------------------------------

void Connection::apply(Turn& turn) {
  take(turn);
  make_offers();
  settle_front();
  write_more();
  close_if_finished();
  read_more();
}

void Connection::take(Turn& turn) {
  output_.append(turn.answer);
  add(figures_.duplicates_total, turn.duplicates);
  add(figures_.unauthorised_total, turn.unauthorised);
  if (!turn.problem.empty()) {
    add(figures_.protocol_errors_total, 1);
    log(turn.problem);
  }
  finish_ = finish_ || turn.finish;
  close_after_write_ = close_after_write_ || turn.close;
  for (RecordBuffer& records : turn.offers) {
    add(figures_.records_total, records.count());
    add(figures_.records_in_flight, records.count());
    add(figures_.bytes_in_flight, records.bytes());
    offered_bytes_ += records.bytes();
    Offer& offer = offers_.emplace_back();
    offer.records = std::move(records);
    offer.ticket = next_ticket_++;
  }
}

// In order, and none beyond one that waits for room.
void Connection::make_offers() {
  if (repeat_at_) return;
  for (std::size_t i = 0; i < offers_.size() && !repeat_at_; ++i) {
    if (!offers_[i].offered) make_offer(offers_[i]);
  }
}

void Connection::make_offer(Offer& offer) {
  offer.offered = true;
  const pipeline::RecordBatch batch{owner_.options().name, peer_, offer.records.records()};
  // Posted even when the answer comes at once: the session must not be called from within itself.
  owner_.port().offer(
      batch, [self = shared_from_this(), ticket = offer.ticket](const pipeline::Answer& answer) {
        boost::asio::post(self->owner_.context(),
                          [self, ticket, answer]() { self->answered(ticket, answer); });
      });
}

void Connection::answered(std::uint64_t ticket, const pipeline::Answer& answer) {
  const auto offer = std::find_if(offers_.begin(), offers_.end(),
                                  [ticket](const Offer& other) { return other.ticket == ticket; });
  if (offer == offers_.end()) return;
  if (state_ != State::kOpen) {  // nobody to tell, but it counts
    offer->answer = answer;
    count_settled(*offer);
    offers_.erase(offer);
    return;
  }
  if (!hold(*offer, answer.outcome)) {
    offer->answer = answer;
    repeat_pause_ = kRoomInterval;
  }
  Turn turn;
  apply(turn);
}

// True when the offer is to be made again. Protocols without an answer wait for as long as it
// takes.
bool Connection::hold(Offer& offer, pipeline::Outcome outcome) {
  if (outcome != pipeline::Outcome::kOverloaded && outcome != pipeline::Outcome::kFailed) {
    return false;
  }
  const Clock::time_point now = Clock::now();
  if (!offer.held_since) offer.held_since = now;
  const bool is_silent =
      reply_for(owner_.options().protocol, Verdict::kOverloaded).action == Action::kStopReading;
  if (!is_silent && now - *offer.held_since >= owner_.options().limits.hold_limit) return false;
  offer.offered = false;
  repeat_at_ = now + repeat_pause_;
  repeat_pause_ = std::min(repeat_pause_ * 2, kLongestRepeatPause);
  add(figures_.offers_repeated_total, 1);
  owner_.want_room();
  return true;
}

void Connection::settle_front() {
  if (settling_) return;
  settling_ = true;
  while (state_ == State::kOpen && !offers_.empty() && offers_.front().answer) {
    const Offer offer = std::move(offers_.front());
    offers_.pop_front();
    offered_bytes_ -= offer.records.bytes();
    count_settled(offer);
    Turn turn;
    session_->settle(*offer.answer, turn);
    account_held();
    take(turn);
    make_offers();
  }
  settling_ = false;
}

void Connection::count_settled(const Offer& offer) {
  const std::uint64_t count = offer.records.count();
  subtract(figures_.records_in_flight, count);
  subtract(figures_.bytes_in_flight, offer.records.bytes());
  const bool is_answered = offer.answer.has_value();
  if (is_answered && offer.answer->outcome == pipeline::Outcome::kDurable) {
    add(figures_.records_durable_total, count);
  } else if (is_answered && offer.answer->outcome == pipeline::Outcome::kRefused) {
    add(figures_.records_refused_total, count);
  } else {
    add(figures_.records_lost_total, count);
  }
}

void Connection::room() {
  if (state_ != State::kOpen) return;
  if (repeat_at_) {
    if (Clock::now() < *repeat_at_) return owner_.want_room();
    repeat_at_.reset();
    Turn turn;
    return apply(turn);
  }
  if (paused_) read_more();
}

// --- writing and closing -------------------------------------------------------------------------

void Connection::write_more() {
  if (state_ != State::kOpen || writing_ || output_.empty()) return;
  writing_ = has_written_ = true;
  written_.clear();
  std::swap(written_, output_);
  last_write_ = Clock::now();
  start_write(written_, [self = shared_from_this()](bool ok, std::size_t) {
    self->writing_ = false;
    self->written_.clear();
    if (self->state_ == State::kClosed) return;
    if (!ok) return self->close();
    self->write_more();
    self->close_if_finished();
    self->read_more();
  });
}

void Connection::close_if_finished() {
  if (state_ != State::kOpen || writing_ || !output_.empty()) return;
  if (close_after_write_ || (finish_ && offers_.empty())) linger();
}

// Without an answer there is nothing to protect from a reset.
void Connection::linger() {
  if (!has_written_) return close();
  state_ = State::kLingering;
  account_held();
  close_by_ = Clock::now() + kLinger;
  start_shutdown([self = shared_from_this()](bool, std::size_t) { self->read_more(); });
}

void Connection::drain() {
  if (state_ == State::kHandshake) return abort("");
  if (state_ != State::kOpen || finish_) return;
  Turn turn;
  session_->stopping(turn);
  apply(turn);
}

void Connection::tick(Clock::time_point now) {
  const Limits& limits = owner_.options().limits;
  if (state_ == State::kClosed) return;
  if (state_ == State::kLingering) {
    if (now > close_by_) close();
    return;
  }
  if (state_ == State::kHandshake) {
    if (now - last_input_ > limits.handshake_timeout) {
      add(figures_.timeouts_total, 1);
      abort("tls handshake took too long");
    }
    return;
  }
  if (writing_ && now - last_write_ > limits.write_timeout) {
    add(figures_.timeouts_total, 1);
    return abort("does not take its answers");
  }
  if (!offers_.empty()) {
    Turn turn;
    session_->still_waiting(turn);
    apply(turn);
    return;
  }
  if (!reading_) {  // we do not listen, so the peer is not slow
    frame_begin_ = last_input_ = now;
    return;
  }
  const auto grace = std::chrono::seconds(frame_bytes_ / kSlowestPeer);
  const bool is_slow =
      session_->is_mid_frame() && now - frame_begin_ > limits.frame_timeout + grace;
  if (is_slow || now - last_input_ > limits.idle_timeout) {
    add(figures_.timeouts_total, 1);
    abort(is_slow ? "a frame took too long" : "");
  }
}

void Connection::abort(std::string_view problem) {
  if (!problem.empty()) log(problem);
  close();
}

void Connection::close() {
  if (state_ == State::kClosed) return;
  state_ = State::kClosed;
  account_held();
  // Offers that were made are still answered, and counted then.
  const auto not_made =
      std::stable_partition(offers_.begin(), offers_.end(),
                            [](const Offer& offer) { return offer.offered && !offer.answer; });
  std::for_each(not_made, offers_.end(), [this](const Offer& offer) { count_settled(offer); });
  offers_.erase(not_made, offers_.end());
  close_socket();
  // The set of connections may hold the last reference.
  const std::shared_ptr<Connection> self = shared_from_this();
  owner_.closed(*this);
}

void Connection::log(std::string_view problem) {
  if (logged_ || !owner_.options().log) return;
  logged_ = true;
  owner_.options().log(owner_.options().name, peer_, problem);
}

}  // namespace catena::net
