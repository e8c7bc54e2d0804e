// SPDX-License-Identifier: Apache-2.0
#include "connectors/relp/relp_session.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "connectors/net/verdict.h"

namespace catena::relp {

namespace {

constexpr std::string_view kOffer = "200 OK\nrelp_version=0\nrelp_software=catena\ncommands=syslog";
constexpr std::string_view kFarewell = "0 serverclose 0\n";

template <typename Number>
bool parse_number(std::string_view digits, Number& number) noexcept {
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc() && end == digits.data() + digits.size();
}

const net::Reply& reply(net::Verdict verdict) noexcept {
  return net::reply_for(net::Protocol::kRelp, verdict);
}

std::string accepted_text() {
  const net::Reply& accepted = reply(net::Verdict::kAccepted);
  return std::to_string(accepted.status) + " " + std::string(accepted.text);
}

}  // namespace

void RelpSession::respond_in_order(std::uint32_t number, std::string_view text, net::Turn& turn) {
  offer(turn);
  respond(number, text, waiting_.empty() ? turn.answer : waiting_.back().behind);
}

void RelpSession::respond(std::uint32_t number, std::string_view text, std::string& out) {
  out += std::to_string(number) + " rsp " + std::to_string(text.size());
  if (!text.empty()) {
    out += ' ';
    out += text;
  }
  out += '\n';
}

// Nothing more is read; the messages before the fault are taken and answered.
void RelpSession::fail(const std::string& problem, net::Turn& turn) {
  turn.finish = true;
  turn.problem = "relp: " + problem;
}

void RelpSession::receive(std::string_view bytes, net::Turn& turn) {
  take_frames(bytes, turn);
  offer(turn);
}

void RelpSession::take_frames(std::string_view bytes, net::Turn& turn) {
  while (!bytes.empty() && !turn.finish) {
    switch (state_) {
      case State::kNumber:
      case State::kCommand:
      case State::kLength:
        if (!take_token(bytes, turn)) return;
        break;
      case State::kData:
        take_data(bytes);
        break;
      case State::kEnd:
        if (bytes.front() != '\n') return fail("no line end behind the data", turn);
        bytes.remove_prefix(1);
        take_frame(turn);
        break;
    }
  }
}

// A number or a word up to a space or line end. False when the frame is none.
bool RelpSession::take_token(std::string_view& bytes, net::Turn& turn) {
  const std::size_t most = state_ == State::kCommand ? kMaxCommandBytes : kMaxDigits;
  const std::size_t end = std::min(bytes.find_first_of(" \n"), bytes.size());
  if (token_.size() + end > most) {
    fail("a header that is none", turn);
    return false;
  }
  token_.append(bytes.substr(0, end));
  bytes.remove_prefix(end);
  if (bytes.empty()) return true;
  const char separator = bytes.front();
  bytes.remove_prefix(1);
  return finish_token(separator, turn);
}

bool RelpSession::finish_token(char end, net::Turn& turn) {
  const std::string token = std::exchange(token_, std::string());
  bool ok = end == ' ';
  if (state_ == State::kNumber) {
    ok = ok && parse_number(token, number_);
    state_ = State::kCommand;
  } else if (state_ == State::kCommand) {
    ok = ok && !token.empty();
    command_ = token;
    state_ = State::kLength;
  } else {
    ok = parse_number(token, remaining_) && remaining_ <= kMaxFrameBytes &&
         (end == ' ' || remaining_ == 0);
    data_.clear();
    state_ = remaining_ == 0 ? State::kEnd : State::kData;
    if (ok && end == '\n') take_frame(turn);
  }
  if (!ok) fail("a header that is none, or a frame that is too long", turn);
  return ok;
}

void RelpSession::take_data(std::string_view& bytes) {
  const std::string_view part = bytes.substr(0, remaining_);
  // One byte above the limit says that there was more.
  const std::size_t most = options_.max_message_bytes + 1;
  data_.append(part.substr(0, most - std::min(data_.size(), most)));
  remaining_ -= part.size();
  bytes.remove_prefix(part.size());
  if (remaining_ == 0) state_ = State::kEnd;
}

void RelpSession::take_frame(net::Turn& turn) {
  state_ = State::kNumber;
  if (command_ == "syslog") {
    if (!open_) return fail("a message before open", turn);
    take_message();
    if (records_.is_full()) offer(turn);
  } else if (command_ == "open") {
    open_ = true;
    respond_in_order(number_, kOffer, turn);
  } else if (command_ == "close") {
    take_close(turn);
  } else if (command_ != "rsp") {
    respond_in_order(number_, "500 command not supported", turn);
  }
}

void RelpSession::take_message() {
  std::string_view text = data_;
  const bool is_long = text.size() > options_.max_message_bytes;
  text = text.substr(0, options_.max_message_bytes);
  if (!is_long) {
    const std::size_t last = text.find_last_not_of(std::string_view("\r\n\0", 3));
    text = text.substr(0, last == std::string_view::npos ? 0 : last + 1);
  }
  records_.append(text, is_long);
  messages_.push_back(number_);
}

// Answered when everything before it is.
void RelpSession::take_close(net::Turn& turn) {
  offer(turn);
  turn.finish = true;
  Waiting close;
  close.closes = true;
  close.close = number_;
  if (waiting_.empty()) return answer_waiting(close, turn);
  waiting_.back().closes = true;
  waiting_.back().close = number_;
}

void RelpSession::offer(net::Turn& turn) {
  if (messages_.empty()) return;
  Waiting next;
  next.messages = std::exchange(messages_, {});
  if (!records_.empty()) {
    next.is_offer = true;
    turn.offers.push_back(std::exchange(records_, net::RecordBuffer(options_.max_message_bytes)));
    waiting_.push_back(std::move(next));
  } else if (waiting_.empty()) {  // blank messages, and nothing before them
    answer_waiting(next, turn);
  } else {
    for (const std::uint32_t number : next.messages) {
      respond(number, accepted_text(), waiting_.back().behind);
    }
  }
}

void RelpSession::answer_waiting(const Waiting& waiting, net::Turn& turn) {
  const std::string text = accepted_text();
  for (const std::uint32_t number : waiting.messages) respond(number, text, turn.answer);
  turn.answer += waiting.behind;
  if (waiting.closes) {
    respond(waiting.close, "", turn.answer);
    turn.answer += kFarewell;
  }
}

void RelpSession::settle(const pipeline::Answer& answer, net::Turn& turn) {
  if (waiting_.empty()) return;
  const Waiting waiting = std::move(waiting_.front());
  waiting_.pop_front();
  const net::Action action = reply(net::verdict_of(answer.outcome)).action;
  if (action == net::Action::kAcknowledge) return answer_waiting(waiting, turn);
  // Not durable: the sender repeats what has no answer.
  if (action == net::Action::kFarewell) turn.answer += kFarewell;
  turn.close = true;
}

void RelpSession::stopping(net::Turn& turn) {
  turn.finish = true;
  if (waiting_.empty()) {
    turn.answer += kFarewell;
  } else {
    waiting_.back().closes = true;
  }
}

}  // namespace catena::relp
