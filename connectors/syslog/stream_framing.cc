// SPDX-License-Identifier: Apache-2.0
#include "connectors/syslog/stream_framing.h"

#include <algorithm>
#include <charconv>

namespace catena::syslog {

namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// What the first bytes of a message say.
struct Prefix {
  enum class Kind : std::uint8_t { kOpen, kLine, kCounted } kind = Kind::kOpen;
  std::size_t digits = 0;
};

Prefix read_prefix(std::string_view text) noexcept {
  if (text.empty()) return {};
  if (text[0] < '1' || text[0] > '9') return {Prefix::Kind::kLine, 0};
  const std::size_t most = std::min(text.size(), kMaxCountDigits + 1);
  std::size_t digits = 0;
  while (digits < most && is_digit(text[digits])) ++digits;
  if (digits > kMaxCountDigits) return {Prefix::Kind::kLine, 0};
  if (digits == text.size()) return {};
  if (text[digits] != ' ') return {Prefix::Kind::kLine, 0};
  if (digits + 1 == text.size()) return {};
  if (text[digits + 1] != '<') return {Prefix::Kind::kLine, 0};
  return {Prefix::Kind::kCounted, digits};
}

// However the bytes came, the same is cut off.
std::string_view without_line_end(std::string_view message) noexcept {
  const std::size_t last = message.find_last_not_of(std::string_view("\r\n\0", 3));
  return message.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

// The first LF or NUL.
std::size_t line_end(std::string_view bytes) noexcept {
  const std::size_t feed = bytes.find('\n');
  const std::size_t nul = bytes.substr(0, feed).find('\0');
  return nul == std::string_view::npos ? feed : nul;
}

}  // namespace

Status StreamFraming::take(std::string_view& bytes, net::RecordBuffer& out) {
  while (!bytes.empty() && !out.is_full()) {
    switch (state_) {
      case State::kStart:
        RETURN_IF_ERROR(begin(bytes));
        break;
      case State::kLine:
        take_line(bytes, out);
        break;
      case State::kCounted:
        take_counted(bytes, out);
        break;
    }
  }
  return ok_status();
}

// Decides how the message is framed. What is needed for that is at most kMaxCountDigits + 2 bytes;
// only when they come in pieces they are held.
Status StreamFraming::begin(std::string_view& bytes) {
  std::string_view text = bytes;
  const std::size_t before = held_.size();
  if (before != 0) {
    held_.append(bytes.substr(0, kMaxCountDigits + 2));
    text = held_;
  }
  const Prefix prefix = read_prefix(text);
  if (prefix.kind == Prefix::Kind::kOpen) {
    if (before == 0) held_.assign(bytes);
    bytes = {};
    return ok_status();
  }
  shortened_ = false;
  if (prefix.kind == Prefix::Kind::kLine) {
    held_.resize(before);  // digits, which belong to the line
    state_ = State::kLine;
    return ok_status();
  }
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + prefix.digits, count);
  if (error != std::errc() || count > kMaxCountedBytes) {
    return limit_exceeded("octet count " + std::string(text.substr(0, prefix.digits)) +
                          " is above " + std::to_string(kMaxCountedBytes));
  }
  // prefix.digits + 1 > before: had the space been there before, only '<' was missing.
  bytes.remove_prefix(std::min(bytes.size(), prefix.digits + 1 - before));
  held_.clear();
  remaining_ = count;
  state_ = State::kCounted;
  return ok_status();
}

void StreamFraming::take_line(std::string_view& bytes, net::RecordBuffer& out) {
  const std::size_t end = line_end(bytes);
  if (end == std::string_view::npos) {
    hold(bytes);
    bytes = {};
    return;
  }
  if (held_.empty() && end <= options_.max_message_bytes && !shortened_) {
    out.append(without_line_end(bytes.substr(0, end)));
    state_ = State::kStart;
  } else {
    hold(bytes.substr(0, end));
    deliver(out, false);
  }
  bytes.remove_prefix(end + 1);
}

void StreamFraming::take_counted(std::string_view& bytes, net::RecordBuffer& out) {
  const std::size_t size =
      static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, bytes.size()));
  hold(bytes.substr(0, size));
  bytes.remove_prefix(size);
  remaining_ -= size;
  if (remaining_ == 0) deliver(out, false);
}

void StreamFraming::hold(std::string_view part) {
  const std::size_t room =
      options_.max_message_bytes - std::min(held_.size(), options_.max_message_bytes);
  if (part.size() > room) shortened_ = true;
  held_.append(part.substr(0, room));
}

// What ends a line may be inside the count too (rsyslog's templates end in LF).
void StreamFraming::deliver(net::RecordBuffer& out, bool cut_off) {
  std::string_view message = held_;
  if (!shortened_ && !cut_off) {
    message = without_line_end(message);
  }
  out.append(message, shortened_ || cut_off);
  held_.clear();
  shortened_ = false;
  state_ = State::kStart;
}

void StreamFraming::finish(net::RecordBuffer& out) {
  if (is_mid_message()) deliver(out, state_ == State::kCounted);
  remaining_ = 0;
}

}  // namespace catena::syslog
