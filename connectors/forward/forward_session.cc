// SPDX-License-Identifier: Apache-2.0
#include "connectors/forward/forward_session.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <initializer_list>
#include <utility>

#include "connectors/net/verdict.h"
#include "engine/base/json_writer.h"

namespace catena::forward {

namespace {

constexpr std::int8_t kEventTime = 0;  // the extension's number
constexpr std::size_t kDecimals = 9;

void append_text(std::string& out, std::string_view text) {
  if (text.size() < 32) {
    out += static_cast<char>(0xA0U | text.size());
  } else {
    out += '\xDA';
    out += static_cast<char>(text.size() >> 8U & 0xFFU);
    out += static_cast<char>(text.size() & 0xFFU);
  }
  out += text;
}

// {"ack": chunk}
void append_ack(std::string& out, std::string_view chunk) {
  out += '\x81';
  append_text(out, "ack");
  append_text(out, chunk);
}

std::string sha512_hex(std::initializer_list<std::string_view> parts) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::string_view part : parts) text += part;
  std::array<unsigned char, 64> digest{};
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha512(), nullptr);
  std::string out;
  for (const unsigned char byte : digest) {
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

// Seconds since 1970, with nine decimals where they are known.
bool append_time(const Value& value, std::string& out) {
  if (value.kind == Value::Kind::kUnsigned) {
    out += std::to_string(value.number);
    return true;
  }
  if (value.kind == Value::Kind::kReal && value.real >= 0 && value.real < 1e12) {
    JsonWriter json;
    json.fixed(value.real, 6);
    out += json.text();
    return true;
  }
  if (value.kind != Value::Kind::kExtension || value.extension != kEventTime ||
      value.text.size() != 8) {
    return false;
  }
  std::uint64_t bits = 0;
  for (const char c : value.text) bits = bits << 8U | static_cast<unsigned char>(c);
  const std::string decimals = std::to_string(bits & 0xFFFFFFFFU);
  if (decimals.size() > kDecimals) return false;
  out +=
      std::to_string(bits >> 32U) + "." + std::string(kDecimals - decimals.size(), '0') + decimals;
  return true;
}

}  // namespace

bool ForwardSession::fail(const std::string& problem, net::Turn& turn) {
  turn.close = true;
  turn.problem = "forward: " + problem;
  return false;
}

// ["HELO", {"nonce": …, "auth": "", "keepalive": true}]
void ForwardSession::begin(std::string_view peer, net::Turn& turn) {
  static_cast<void>(peer);
  if (options_.shared_key.empty()) return;
  is_welcome_ = false;
  nonce_ = options_.nonce ? options_.nonce() : std::string();
  if (nonce_.size() != kNonceBytes) {
    fail("no nonce for a handshake", turn);
    return;
  }
  turn.answer += '\x92';
  append_text(turn.answer, "HELO");
  turn.answer += '\x83';
  append_text(turn.answer, "nonce");
  turn.answer += '\xC4';
  turn.answer += static_cast<char>(kNonceBytes);
  turn.answer += nonce_;
  append_text(turn.answer, "auth");
  append_text(turn.answer, "");
  append_text(turn.answer, "keepalive");
  turn.answer += '\xC3';
}

void ForwardSession::receive(std::string_view bytes, net::Turn& turn) {
  buffer_.append(bytes);
  std::size_t taken = 0;
  while (taken < buffer_.size() && !turn.close) {
    const std::string_view rest = std::string_view(buffer_).substr(taken);
    const ValueExtent::State state = extent_.scan(rest);
    if (state == ValueExtent::State::kBroken) {
      fail("no MessagePack, or nested too deep", turn);
      return;
    }
    if (state == ValueExtent::State::kOpen) {
      if (rest.size() > kMaxMessageBytes) fail("a message is too long", turn);
      break;
    }
    const std::size_t size = extent_.size();
    extent_.reset();
    if (!take_message(rest.substr(0, size), turn)) return;
    taken += size;
  }
  buffer_.erase(0, taken);
}

bool ForwardSession::take_message(std::string_view message, net::Turn& turn) {
  MsgpackReader reader(message);
  Value head;
  if (!reader.next(head)) return fail("no message", turn);
  if (head.kind == Value::Kind::kNil) return true;  // heartbeat
  if (head.kind != Value::Kind::kArray || head.number < 2) {
    return fail("a message that is no array", turn);
  }
  return is_welcome_ ? take_entries(message, turn) : take_ping(reader, head.number, turn);
}

// ["PING", hostname, salt, sha512_hex(salt + hostname + nonce + key), user, password]
bool ForwardSession::take_ping(MsgpackReader& reader, std::uint64_t elements, net::Turn& turn) {
  std::array<Value, 4> parts;
  if (elements != 6) return fail("a handshake was expected", turn);
  for (Value& part : parts) {
    if (!reader.next(part) || !part.is_text()) return fail("a handshake was expected", turn);
  }
  const auto& [word, hostname, salt, digest] = parts;
  if (word.text != "PING") return fail("a handshake was expected", turn);
  const std::string expected = sha512_hex({salt.text, hostname.text, nonce_, options_.shared_key});
  is_welcome_ = expected.size() == digest.text.size() &&
                CRYPTO_memcmp(expected.data(), digest.text.data(), expected.size()) == 0;
  append_pong(salt.text, turn);
  if (!is_welcome_) ++turn.unauthorised;
  return is_welcome_ || fail("wrong shared key", turn);
}

// ["PONG", welcome, reason, our hostname, sha512_hex(salt + our hostname + nonce + key)]
void ForwardSession::append_pong(std::string_view salt, net::Turn& turn) const {
  const net::Reply& refused = net::reply_for(net::Protocol::kForward, net::Verdict::kUnauthorised);
  turn.answer += '\x95';
  append_text(turn.answer, "PONG");
  turn.answer += is_welcome_ ? '\xC3' : '\xC2';
  append_text(turn.answer, is_welcome_ ? std::string_view() : refused.text);
  append_text(turn.answer, options_.hostname);
  const std::string digest =
      is_welcome_ ? sha512_hex({salt, options_.hostname, nonce_, options_.shared_key}) : "";
  append_text(turn.answer, digest);
}

// [tag, [[time, record]…], option?], [tag, packed, option?] or [tag, time, record, option?]
bool ForwardSession::take_entries(std::string_view message, net::Turn& turn) {
  MsgpackReader reader(message);
  Value head;
  Value tag;
  if (!reader.next(head) || !reader.next(tag) || !tag.is_text()) {
    return fail("a message without a tag", turn);
  }
  MsgpackReader content = reader;
  Value second;
  if (!MsgpackReader(content).next(second)) return fail("a message without entries", turn);
  const bool is_single = !second.is_text() && second.kind != Value::Kind::kArray;
  const std::uint64_t parts = is_single ? 2 : 1;
  if (head.number < 1 + parts) return fail("a message without a record", turn);
  // The option stands behind what it is about.
  for (std::uint64_t i = 0; i < parts; ++i) reader.skip();
  Option option;
  if (head.number > 1 + parts && !read_option(reader, option)) return fail("a broken option", turn);
  Offers offers;
  if (second.is_text()) {
    const Status status = read_packed(tag.text, second.text, option, offers);
    if (!status.ok()) return fail(status.message(), turn);
  } else {
    if (!is_single) content.next(second);
    const std::uint64_t count = is_single ? 1 : second.number;
    for (std::uint64_t i = 0; i < count; ++i) {
      if (!read_entry(tag.text, content, offers)) return fail("broken entries", turn);
    }
  }
  offer(std::move(offers), option, message, turn);
  return true;
}

bool ForwardSession::read_option(MsgpackReader& reader, Option& option) {
  Value map;
  if (!reader.next(map)) return false;
  if (map.kind == Value::Kind::kNil) return true;
  if (map.kind != Value::Kind::kMap) return false;
  for (std::uint64_t i = 0; i < map.number; ++i) {
    MsgpackReader whole = reader;
    Value key;
    if (!reader.next(key)) return false;
    if (!key.is_text() || (key.text != "chunk" && key.text != "compressed")) {
      reader = whole;
      if (!reader.skip() || !reader.skip()) return false;
      continue;
    }
    Value value;
    if (!reader.next(value) || !value.is_text()) return false;
    if (key.text == "chunk") {
      option.chunk = value.text;
    } else if (value.text != "text") {
      option.is_compressed = true;
      if (value.text == "zstd") option.compression = net::Compression::kZstd;
    }
  }
  return option.chunk.size() <= kMaxChunkIdBytes;
}

Status ForwardSession::read_packed(std::string_view tag, std::string_view packed,
                                   const Option& option, Offers& offers) const {
  std::string expanded;
  if (option.is_compressed) {
    RETURN_IF_ERROR(net::inflate(option.compression, packed, options_.inflate, expanded));
    packed = expanded;
  }
  MsgpackReader reader(packed);
  while (!reader.at_end()) {
    if (!read_entry(tag, reader, offers)) return invalid_input("broken entries");
  }
  return ok_status();
}

// [time, record] or [[time, metadata], record]; of a single message the two without their array.
// What is MessagePack but no record is a dead letter. False when it is no MessagePack.
bool ForwardSession::read_entry(std::string_view tag, MsgpackReader& reader, Offers& offers) {
  const MsgpackReader whole = reader;
  Value time;
  if (!reader.next(time)) return false;
  const bool is_array = time.kind == Value::Kind::kArray;
  bool ok = !is_array || (time.number == 2 && reader.next(time));
  if (ok && is_array && time.kind == Value::Kind::kArray) {
    ok = time.number == 2 && reader.next(time) && reader.skip();
  }
  std::string seconds;
  std::string record = "{";
  ok = ok && append_time(time, seconds) && reader.append_json_members(record);
  if (offers.empty() || offers.back().is_full()) offers.emplace_back();
  if (ok) {
    if (record.size() > 1) record += ',';
    record += "\"fluent\":{\"tag\":";
    append_json_string(record, tag);
    record += ",\"time\":" + seconds + "}}";
    offers.back().append(record);
    return true;
  }
  reader = whole;
  if (!reader.skip() || (!is_array && !reader.skip())) return false;
  const std::size_t size = whole.rest().size() - reader.rest().size();
  offers.back().append_refused(whole.rest().substr(0, size), DeadLetterReason::kNotARecord);
  return true;
}

void ForwardSession::offer(Offers offers, const Option& option, std::string_view message,
                           net::Turn& turn) {
  Waiting waiting{0, std::string(option.chunk), std::nullopt};
  if (!option.chunk.empty()) {
    waiting.key = net::RecentIds::key("forward", option.chunk, message);
    if (recent_.contains(*waiting.key)) {
      for (const net::RecordBuffer& records : offers) turn.duplicates += records.count();
      offers.clear();
    }
  }
  std::erase_if(offers, [](const net::RecordBuffer& records) { return records.empty(); });
  waiting.offers = offers.size();
  if (offers.empty()) {
    if (!option.chunk.empty()) append_ack(turn.answer, option.chunk);
    return;
  }
  waiting_.push_back(std::move(waiting));
  for (net::RecordBuffer& records : offers) turn.offers.push_back(std::move(records));
}

void ForwardSession::settle(const pipeline::Answer& answer, net::Turn& turn) {
  if (waiting_.empty()) return;
  const net::Verdict verdict = net::verdict_of(answer.outcome);
  if (net::reply_for(net::Protocol::kForward, verdict).action != net::Action::kAcknowledge) {
    turn.close = true;  // the sender repeats the chunk
    return;
  }
  Waiting& waiting = waiting_.front();
  if (--waiting.offers != 0) return;
  if (waiting.key) recent_.insert(*waiting.key);
  if (!waiting.chunk.empty()) append_ack(turn.answer, waiting.chunk);
  waiting_.pop_front();
}

net::SessionFactory forward_sessions(ForwardOptions options) {
  struct Shared {
    ForwardOptions options;
    net::RecentIds recent;
  };
  // The factory keeps it, and a server keeps the factory longer than its sessions.
  const auto shared = std::make_shared<Shared>();
  shared->options = std::move(options);
  return [shared] { return std::make_unique<ForwardSession>(shared->options, shared->recent); };
}

}  // namespace catena::forward
