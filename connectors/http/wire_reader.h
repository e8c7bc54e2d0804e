// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

// WireReader reads the fields of one protobuf message (Protocol Buffers documentation, "Encoding").
// Of the format it knows what OTLP's logs need: varints, fixed numbers and length-delimited fields;
// groups are refused, fields that a reader does not know are skipped. A few dozen lines serve five
// messages; the library would bring a code generator into the build and .proto files of others into
// the tree. Thread safety: none. Memory: none; values are views.
namespace catena::http {

class WireReader {
 public:
  explicit WireReader(std::string_view bytes) noexcept : bytes_(bytes) {}

  // The next field. False at the end, and when the bytes break the encoding (see failed()).
  bool next() noexcept {
    std::uint64_t tag = 0;
    if (bytes_.empty() || failed_ || !read_varint(tag)) return false;
    field_ = static_cast<std::uint32_t>(tag >> 3U);
    type_ = static_cast<std::uint8_t>(tag & 7U);
    number_ = 0;
    text_ = {};
    if (field_ == 0 || tag >> 32U != 0) return fail();
    switch (type_) {
      case 0:
        return read_varint(number_);
      case 1:
        return read_fixed(8);
      case 2:
        return read_text();
      case 5:
        return read_fixed(4);
      default:
        return fail();
    }
  }
  [[nodiscard]] bool failed() const noexcept { return failed_; }

  [[nodiscard]] std::uint32_t field() const noexcept { return field_; }
  // 0 varint, 1 fixed64, 2 length-delimited, 5 fixed32.
  [[nodiscard]] std::uint8_t type() const noexcept { return type_; }
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  [[nodiscard]] double real() const noexcept {
    double value = 0;
    std::memcpy(&value, &number_, sizeof value);
    return value;
  }
  // The field is length-delimited and has this number.
  [[nodiscard]] bool is_text(std::uint32_t field) const noexcept {
    return field_ == field && type_ == 2;
  }

 private:
  bool fail() noexcept {
    failed_ = true;
    return false;
  }
  bool read_varint(std::uint64_t& value) noexcept {
    value = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
      if (bytes_.empty()) return fail();
      const auto byte = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      if (shift == 63 && byte > 1) return fail();
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return true;
    }
    return fail();
  }
  bool read_fixed(std::size_t size) noexcept {
    if (bytes_.size() < size) return fail();
    for (std::size_t i = 0; i < size; ++i) {
      number_ |= std::uint64_t{static_cast<unsigned char>(bytes_[i])} << (8 * i);
    }
    bytes_.remove_prefix(size);
    return true;
  }
  bool read_text() noexcept {
    std::uint64_t size = 0;
    if (!read_varint(size)) return false;
    if (size > bytes_.size()) return fail();
    text_ = bytes_.substr(0, static_cast<std::size_t>(size));
    bytes_.remove_prefix(static_cast<std::size_t>(size));
    return true;
  }

  std::string_view bytes_;
  std::uint32_t field_ = 0;
  std::uint8_t type_ = 0;
  bool failed_ = false;
  std::uint64_t number_ = 0;
  std::string_view text_;
};

}  // namespace catena::http
