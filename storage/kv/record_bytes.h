// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/hash.h"
#include "engine/base/status.h"

// The bytes of a record: unsigned numbers in seven-bit groups, least significant first (varint),
// times in eight bytes big-endian, ids in sixteen, texts as length and bytes. One value has one
// encoding. FORMAT.md says which fields a record has.
// Thread safety: none; one writer or reader per record and thread.
namespace catena::storage {

class RecordWriter {
 public:
  void byte(std::uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  void number(std::uint64_t value);
  void time(std::int64_t value);
  void id(const Id128& value);
  void text(std::string_view value);
  [[nodiscard]] std::string take() && { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Reads what RecordWriter wrote. The first thing that is wrong is kept; after it every read gives
// zero or empty, so a decoder checks once, at the end. Never reads outside the record.
class RecordReader {
 public:
  explicit RecordReader(std::string_view bytes) : bytes_(bytes) {}

  std::uint8_t byte();
  // A byte that is at most `greatest`: an enumeration or a flag.
  std::uint8_t byte_up_to(std::uint8_t greatest);
  std::uint64_t number();
  std::uint32_t number32();
  std::int64_t time();
  Id128 id();
  std::string text();
  // The count of a list whose items take at least `item_bytes` each: never more than can follow.
  std::size_t count(std::size_t item_bytes);

  [[nodiscard]] bool ok() const noexcept { return reason_.empty(); }
  [[nodiscard]] std::size_t position() const noexcept { return position_; }
  // Ok when nothing was wrong and nothing is left; otherwise kCorrupt, "what: reason at byte n".
  [[nodiscard]] Status finish(std::string_view what);

 private:
  bool take(std::size_t size, std::string_view& out);
  void fail(std::string_view reason);

  std::string_view bytes_;
  std::size_t position_ = 0;
  std::string_view reason_;
  std::size_t failed_at_ = 0;
};

}  // namespace catena::storage
