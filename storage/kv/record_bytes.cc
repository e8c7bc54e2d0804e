// SPDX-License-Identifier: Apache-2.0
#include "storage/kv/record_bytes.h"

#include <limits>

namespace catena::storage {
namespace {

constexpr unsigned kGroupBits = 7;
constexpr unsigned kLastGroupShift = 63;  // the tenth group has one bit
constexpr std::uint8_t kMore = 0x80;
constexpr std::size_t kIdBytes = 16;
constexpr std::size_t kTimeBytes = 8;

}  // namespace

void RecordWriter::number(std::uint64_t value) {
  while (value >= kMore) {
    byte(static_cast<std::uint8_t>(value | kMore));
    value >>= kGroupBits;
  }
  byte(static_cast<std::uint8_t>(value));
}

void RecordWriter::time(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  for (unsigned shift = 64; shift > 0; shift -= 8) {
    byte(static_cast<std::uint8_t>(bits >> (shift - 8)));
  }
}

void RecordWriter::id(const Id128& value) {
  const auto raw = value.bytes();
  bytes_.append(raw.data(), raw.size());
}

void RecordWriter::text(std::string_view value) {
  number(value.size());
  bytes_.append(value);
}

void RecordReader::fail(std::string_view reason) {
  if (!ok()) return;
  reason_ = reason;
  failed_at_ = position_;
}

bool RecordReader::take(std::size_t size, std::string_view& out) {
  if (!ok()) return false;
  if (size > bytes_.size() - position_) {
    fail("record ends too early");
    return false;
  }
  out = bytes_.substr(position_, size);
  position_ += size;
  return true;
}

std::uint8_t RecordReader::byte() {
  std::string_view out;
  return take(1, out) ? static_cast<std::uint8_t>(out[0]) : std::uint8_t{0};
}

std::uint8_t RecordReader::byte_up_to(std::uint8_t greatest) {
  const std::uint8_t value = byte();
  if (value <= greatest) return value;
  fail("value out of range");
  return 0;
}

std::uint64_t RecordReader::number() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; ok(); shift += kGroupBits) {
    const std::uint8_t group = byte();
    if (shift == kLastGroupShift && group > 1) break;
    value |= static_cast<std::uint64_t>(group & 0x7fU) << shift;
    if ((group & kMore) != 0) continue;
    if (group == 0 && shift > 0) break;  // a longer encoding than needed
    return value;
  }
  fail("number is not well formed");
  return 0;
}

std::uint32_t RecordReader::number32() {
  const std::uint64_t value = number();
  if (value <= std::numeric_limits<std::uint32_t>::max()) return static_cast<std::uint32_t>(value);
  fail("value out of range");
  return 0;
}

std::int64_t RecordReader::time() {
  std::string_view out;
  if (!take(kTimeBytes, out)) return 0;
  std::uint64_t bits = 0;
  for (const char c : out) bits = (bits << 8U) | static_cast<unsigned char>(c);
  return static_cast<std::int64_t>(bits);
}

Id128 RecordReader::id() {
  std::string_view out;
  return take(kIdBytes, out) ? Id128::from_bytes(out) : Id128{};
}

std::string RecordReader::text() {
  const std::size_t size = count(1);
  std::string_view out;
  return take(size, out) ? std::string(out) : std::string();
}

std::size_t RecordReader::count(std::size_t item_bytes) {
  const std::uint64_t value = number();
  if (ok() && value > (bytes_.size() - position_) / item_bytes) fail("record ends too early");
  return ok() ? static_cast<std::size_t>(value) : 0;
}

Status RecordReader::finish(std::string_view what) {
  if (ok() && position_ != bytes_.size()) fail("bytes after the last field");
  if (ok()) return {};
  return corrupt(std::string(what) + ": " + std::string(reason_) + " at byte " +
                 std::to_string(failed_at_));
}

}  // namespace catena::storage
