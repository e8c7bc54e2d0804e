// SPDX-License-Identifier: Apache-2.0
#include "connectors/forward/msgpack_reader.h"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>

#include "engine/base/json_writer.h"

namespace catena::forward {

namespace {

// What the first byte of a value says of what follows.
struct Head {
  bool known = true;
  std::size_t length_bytes = 0;
  std::uint64_t content = 0;         // bytes behind the length, beside those it counts
  std::uint64_t elements = 0;        // values that follow
  unsigned elements_per_length = 0;  // the length counts elements (1) or pairs (2), not bytes
};

constexpr std::uint64_t power_of_two(unsigned byte, unsigned first) noexcept {
  return std::uint64_t{1} << (byte - first);
}

Head head_of(unsigned char byte) noexcept {
  Head head;
  if (byte <= 0x7F || byte >= 0xE0) {
    return head;
  }
  if (byte <= 0x8F) {
    head.elements = 2ULL * (byte & 0x0FU);
  } else if (byte <= 0x9F) {
    head.elements = byte & 0x0FU;
  } else if (byte <= 0xBF) {
    head.content = byte & 0x1FU;
  } else if (byte >= 0xC4 && byte <= 0xC6) {
    head.length_bytes = power_of_two(byte, 0xC4);
  } else if (byte >= 0xC7 && byte <= 0xC9) {
    head.length_bytes = power_of_two(byte, 0xC7);
    head.content = 1;
  } else if (byte == 0xCA || byte == 0xCB) {
    head.content = byte == 0xCA ? 4 : 8;
  } else if (byte >= 0xCC && byte <= 0xCF) {
    head.content = power_of_two(byte, 0xCC);
  } else if (byte >= 0xD0 && byte <= 0xD3) {
    head.content = power_of_two(byte, 0xD0);
  } else if (byte >= 0xD4 && byte <= 0xD8) {
    head.content = 1 + power_of_two(byte, 0xD4);
  } else if (byte >= 0xD9 && byte <= 0xDB) {
    head.length_bytes = power_of_two(byte, 0xD9);
  } else if (byte >= 0xDC) {
    head.length_bytes = byte % 2 == 0 ? 2 : 4;
    head.elements_per_length = byte <= 0xDD ? 1 : 2;
  } else {
    head.known = byte != 0xC1;
  }
  return head;
}

std::uint64_t big_endian(std::string_view bytes) noexcept {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8U | static_cast<unsigned char>(c);
  return value;
}

template <typename Number>
void append_number(std::string& out, Number value) {
  std::array<char, 32> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  if (error == std::errc()) out.append(digits.data(), end);
}

}  // namespace

ValueExtent::State ValueExtent::scan(std::string_view bytes) {
  while (at_ < bytes.size()) {
    const Head head = head_of(static_cast<unsigned char>(bytes[at_]));
    if (!head.known) return State::kBroken;
    const std::size_t left = bytes.size() - at_ - 1;
    if (left < head.length_bytes) return State::kOpen;
    const std::uint64_t length = big_endian(bytes.substr(at_ + 1, head.length_bytes));
    const bool counts = head.elements_per_length != 0;
    const std::uint64_t content = head.content + (counts ? 0 : length);
    if (left - head.length_bytes < content) return State::kOpen;
    at_ += 1 + head.length_bytes + static_cast<std::size_t>(content);
    const std::uint64_t elements = counts ? length * head.elements_per_length : head.elements;
    if (elements != 0) {
      if (open_.size() >= kMaxMsgpackDepth) return State::kBroken;
      open_.push_back(elements);
      continue;
    }
    while (!open_.empty() && --open_.back() == 0) open_.pop_back();
    if (open_.empty()) return State::kComplete;
  }
  return State::kOpen;
}

bool MsgpackReader::take_big_endian(std::size_t size, std::uint64_t& value) noexcept {
  if (bytes_.size() < size) return false;
  value = big_endian(bytes_.substr(0, size));
  bytes_.remove_prefix(size);
  return true;
}

bool MsgpackReader::take_bytes(std::uint64_t size, std::string_view& text) noexcept {
  if (bytes_.size() < size) return false;
  text = bytes_.substr(0, static_cast<std::size_t>(size));
  bytes_.remove_prefix(static_cast<std::size_t>(size));
  return true;
}

bool MsgpackReader::take_sized(std::size_t length_size, Value::Kind kind, Value& value) noexcept {
  value.kind = kind;
  std::uint64_t size = 0;
  return take_big_endian(length_size, size) && take_bytes(size, value.text);
}

bool MsgpackReader::take_extension(std::uint64_t size, Value& value) noexcept {
  value.kind = Value::Kind::kExtension;
  std::uint64_t type = 0;
  if (!take_big_endian(1, type)) return false;
  value.extension = static_cast<std::int8_t>(type);
  return take_bytes(size, value.text);
}

bool MsgpackReader::take_integer(std::size_t size, bool is_signed, Value& value) noexcept {
  std::uint64_t bits = 0;
  if (!take_big_endian(size, bits)) return false;
  if (!is_signed) {
    value.kind = Value::Kind::kUnsigned;
    value.number = bits;
    return true;
  }
  const std::size_t shift = 64 - 8 * size;
  value.kind = Value::Kind::kSigned;
  value.integer = static_cast<std::int64_t>(bits << shift) >> shift;
  return true;
}

bool MsgpackReader::take_real(std::size_t size, Value& value) noexcept {
  std::uint64_t bits = 0;
  if (!take_big_endian(size, bits)) return false;
  value.kind = Value::Kind::kReal;
  value.real = size == 4 ? std::bit_cast<float>(static_cast<std::uint32_t>(bits))
                         : std::bit_cast<double>(bits);
  return true;
}

bool MsgpackReader::next(Value& value) {
  value = {};
  if (bytes_.empty()) return false;
  const auto byte = static_cast<unsigned char>(bytes_.front());
  bytes_.remove_prefix(1);
  if (byte <= 0x7F) {
    value.kind = Value::Kind::kUnsigned;
    value.number = byte;
  } else if (byte <= 0x9F) {
    value.kind = byte <= 0x8F ? Value::Kind::kMap : Value::Kind::kArray;
    value.number = byte & 0x0FU;
  } else if (byte <= 0xBF) {
    value.kind = Value::Kind::kText;
    return take_bytes(byte & 0x1FU, value.text);
  } else if (byte >= 0xE0) {
    value.kind = Value::Kind::kSigned;
    value.integer = static_cast<std::int8_t>(byte);
  } else {
    return next_marked(byte, value);
  }
  return true;
}

// Values whose first byte says only what they are.
bool MsgpackReader::next_marked(unsigned char byte, Value& value) {
  if (byte == 0xC0) return true;
  if (byte == 0xC1) return false;
  if (byte <= 0xC3) {
    value.kind = Value::Kind::kBool;
    value.boolean = byte == 0xC3;
    return true;
  }
  if (byte <= 0xC6) return take_sized(power_of_two(byte, 0xC4), Value::Kind::kBytes, value);
  if (byte <= 0xC9) {
    std::uint64_t size = 0;
    return take_big_endian(power_of_two(byte, 0xC7), size) && take_extension(size, value);
  }
  if (byte <= 0xCB) return take_real(byte == 0xCA ? 4 : 8, value);
  if (byte <= 0xCF) return take_integer(power_of_two(byte, 0xCC), false, value);
  if (byte <= 0xD3) return take_integer(power_of_two(byte, 0xD0), true, value);
  if (byte <= 0xD8) return take_extension(power_of_two(byte, 0xD4), value);
  if (byte <= 0xDB) return take_sized(power_of_two(byte, 0xD9), Value::Kind::kText, value);
  value.kind = byte <= 0xDD ? Value::Kind::kArray : Value::Kind::kMap;
  return take_big_endian(byte % 2 == 0 ? 2 : 4, value.number);
}

bool MsgpackReader::skip() {
  ValueExtent extent;
  if (extent.scan(bytes_) != ValueExtent::State::kComplete) return false;
  bytes_.remove_prefix(extent.size());
  return true;
}

bool MsgpackReader::append_json_members(std::string& out) {
  const std::size_t before = out.size();
  Value value;
  if (next(value) && value.kind == Value::Kind::kMap && append_members(value.number, out, 0)) {
    return true;
  }
  out.resize(before);
  return false;
}

bool MsgpackReader::append_members(std::uint64_t pairs, std::string& out, unsigned depth) {
  for (std::uint64_t i = 0; i < pairs; ++i) {
    if (i != 0) out += ',';
    std::string key;
    if (!append_json(key, depth + 1)) return false;
    if (key.front() == '"') {
      out += key;
    } else {
      append_json_string(out, key);
    }
    out += ':';
    if (!append_json(out, depth + 1)) return false;
  }
  return true;
}

bool MsgpackReader::append_container(const Value& value, std::string& out, unsigned depth) {
  if (value.kind == Value::Kind::kMap) {
    out += '{';
    if (!append_members(value.number, out, depth)) return false;
    out += '}';
    return true;
  }
  out += '[';
  for (std::uint64_t i = 0; i < value.number; ++i) {
    if (i != 0) out += ',';
    if (!append_json(out, depth + 1)) return false;
  }
  out += ']';
  return true;
}

bool MsgpackReader::append_json(std::string& out, unsigned depth) {
  Value value;
  if (depth > kMaxMsgpackDepth || !next(value)) return false;
  switch (value.kind) {
    case Value::Kind::kNil:
      out += "null";
      break;
    case Value::Kind::kBool:
      out += value.boolean ? "true" : "false";
      break;
    case Value::Kind::kUnsigned:
      append_number(out, value.number);
      break;
    case Value::Kind::kSigned:
      append_number(out, value.integer);
      break;
    case Value::Kind::kReal:
      if (std::isfinite(value.real)) {
        append_number(out, value.real);
      } else {
        out += "null";
      }
      break;
    case Value::Kind::kText:
    case Value::Kind::kBytes:
    case Value::Kind::kExtension:
      append_json_string(out, value.text);
      break;
    case Value::Kind::kArray:
    case Value::Kind::kMap:
      return append_container(value, out, depth);
  }
  return true;
}

}  // namespace catena::forward
