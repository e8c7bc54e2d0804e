// SPDX-License-Identifier: Apache-2.0
#include "connectors/lumberjack/lumberjack_session.h"

#include <utility>

#include "connectors/net/verdict.h"
#include "engine/base/json_writer.h"

namespace catena::lumberjack {

namespace {

// Big endian; the caller has checked the size.
std::uint32_t peek32(std::string_view bytes) noexcept {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8U | static_cast<unsigned char>(bytes[i]);
  return value;
}

bool take32(std::string_view& bytes, std::uint32_t& value) noexcept {
  if (bytes.size() < 4) return false;
  value = peek32(bytes);
  bytes.remove_prefix(4);
  return true;
}

// A length and that many bytes. False when they are not all there.
bool take_text(std::string_view& bytes, std::uint32_t& size, std::string_view& text) noexcept {
  if (!take32(bytes, size) || bytes.size() < size) return false;
  text = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return true;
}

void acknowledge(char version, std::uint32_t number, std::string& out) {
  out += version;
  out += 'A';
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    out += static_cast<char>(number >> shift & 0xFFU);
  }
}

}  // namespace

// Nothing more is read; the windows that are whole are acknowledged, the others repeated.
LumberjackSession::Taken LumberjackSession::fail(const std::string& problem, net::Turn& turn) {
  turn.finish = true;
  turn.problem = "lumberjack: " + problem;
  return Taken::kBroken;
}

void LumberjackSession::receive(std::string_view bytes, net::Turn& turn) {
  buffer_.append(bytes);
  std::string_view rest = buffer_;
  take_frames(rest, false, turn);
  buffer_.erase(0, buffer_.size() - rest.size());
}

// Takes the frames that are complete. False when the connection is over.
bool LumberjackSession::take_frames(std::string_view& bytes, bool inside, net::Turn& turn) {
  while (!bytes.empty()) {
    const Taken taken = take_frame(bytes, inside, turn);
    if (taken == Taken::kBroken) return false;
    if (taken == Taken::kNeedMore) return true;
    if (records_.is_full()) offer(false, turn);
  }
  return true;
}

LumberjackSession::Taken LumberjackSession::take_frame(std::string_view& bytes, bool inside,
                                                       net::Turn& turn) {
  if (bytes[0] != '1' && bytes[0] != '2') return fail("unknown version", turn);
  if (bytes.size() < 2) return Taken::kNeedMore;
  version_ = bytes[0];
  std::string_view rest = bytes.substr(2);
  Taken taken = Taken::kBroken;
  switch (bytes[1]) {
    case 'W':
      taken = take_window(rest, turn);
      break;
    case 'J':
      taken = take_json(rest, turn);
      break;
    case 'D':
      taken = take_pairs(rest, turn);
      break;
    case 'C':
      if (inside) return fail("compressed frames inside compressed frames", turn);
      taken = take_compressed(rest, turn);
      break;
    default:
      return fail("unknown kind of frame", turn);
  }
  if (taken == Taken::kFrame) bytes = rest;
  return taken;
}

LumberjackSession::Taken LumberjackSession::take_window(std::string_view& rest, net::Turn& turn) {
  std::uint32_t count = 0;
  if (!take32(rest, count)) return Taken::kNeedMore;
  if (count > kMaxWindow) {
    return fail("a window of more than " + std::to_string(kMaxWindow) + " events", turn);
  }
  if (window_left_ != 0) return fail("a window begins before the last one ended", turn);
  window_left_ = count;
  return Taken::kFrame;
}

LumberjackSession::Taken LumberjackSession::take_json(std::string_view& rest, net::Turn& turn) {
  std::uint32_t number = 0;
  std::uint32_t size = 0;
  std::string_view text;
  if (rest.size() >= 8 && peek32(rest.substr(4)) > kMaxEventBytes) {
    return fail("an event is too long", turn);
  }
  if (!take32(rest, number) || !take_text(rest, size, text)) return Taken::kNeedMore;
  const std::size_t before = records_.count();
  records_.append(text);
  if (records_.count() == before) records_.append_refused(text, DeadLetterReason::kInvalidJson);
  return event_done(number, turn);
}

LumberjackSession::Taken LumberjackSession::take_pairs(std::string_view& rest, net::Turn& turn) {
  const std::size_t size = rest.size();
  std::uint32_t number = 0;
  std::uint32_t pairs = 0;
  if (!take32(rest, number) || !take32(rest, pairs)) return Taken::kNeedMore;
  if (pairs > kMaxPairs) return fail("an event of too many pairs", turn);
  JsonWriter json;
  json.begin_object();
  for (std::uint32_t i = 0; i < pairs; ++i) {
    std::uint32_t length = 0;
    std::string_view key;
    std::string_view value;
    const bool complete = take_text(rest, length, key) && take_text(rest, length, value);
    if (length > kMaxEventBytes || size - rest.size() > kMaxEventBytes) {
      return fail("an event is too long", turn);
    }
    if (!complete) return Taken::kNeedMore;
    json.member(key, value);
  }
  json.end_object();
  records_.append(json.text());
  return event_done(number, turn);
}

LumberjackSession::Taken LumberjackSession::take_compressed(std::string_view& rest,
                                                            net::Turn& turn) {
  std::uint32_t size = 0;
  std::string_view compressed;
  if (rest.size() >= 4 && peek32(rest) > kMaxCompressedBytes) {
    return fail("a compressed frame is too long", turn);
  }
  if (!take_text(rest, size, compressed)) return Taken::kNeedMore;
  std::string expanded;
  const Status status =
      net::inflate(net::Compression::kZlib, compressed, options_.inflate, expanded);
  if (!status.ok()) return fail(status.message(), turn);
  std::string_view frames = expanded;
  if (!take_frames(frames, true, turn)) return Taken::kBroken;
  if (!frames.empty()) return fail("a frame is cut off inside compressed frames", turn);
  return Taken::kFrame;
}

LumberjackSession::Taken LumberjackSession::event_done(std::uint32_t number, net::Turn& turn) {
  if (window_left_ == 0) return fail("an event outside a window", turn);
  last_ = number;
  if (--window_left_ == 0) offer(true, turn);
  return Taken::kFrame;
}

void LumberjackSession::offer(bool ends_window, net::Turn& turn) {
  if (records_.empty()) return;
  waiting_.push_back({ends_window, last_, version_});
  turn.offers.push_back(std::exchange(records_, net::RecordBuffer(kMaxEventBytes)));
}

void LumberjackSession::settle(const pipeline::Answer& answer, net::Turn& turn) {
  if (waiting_.empty()) return;
  const Waiting waiting = waiting_.front();
  waiting_.pop_front();
  const net::Verdict verdict = net::verdict_of(answer.outcome);
  if (net::reply_for(net::Protocol::kLumberjack, verdict).action != net::Action::kAcknowledge) {
    turn.close = true;  // the sender repeats the window
    return;
  }
  if (waiting.ends_window) acknowledge(waiting.version, waiting.last, turn.answer);
}

// Version 1 knows no number 0.
void LumberjackSession::still_waiting(net::Turn& turn) {
  if (!waiting_.empty() && version_ == '2') acknowledge('2', 0, turn.answer);
}

}  // namespace catena::lumberjack
