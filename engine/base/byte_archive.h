// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

// ByteWriter and ByteReader have the same calls, so that one template lists the members of a struct
// for both directions and neither can forget one:
//   template <class Archive, class T> void transfer(Archive& archive, T& place) {
//     auto& [line, column] = place;  // does not compile once Place has a third member
//     archive.integer(line);
//     archive.integer(column);
//   }
// Little-endian, fixed widths, texts and lists with a 32-bit count. Not self-describing: the owner
// of a format keeps a version number.
// The reader takes hostile bytes: the first read beyond the end, count that cannot be or value that
// is no choice makes ok() false for good, and everything read afterwards is zero or empty. It never
// holds more elements than bytes were given. Thread safety: none.
namespace catena {

class ByteWriter {
 public:
  // False once a text or list was longer than its count can say.
  [[nodiscard]] bool ok() const noexcept { return ok_; }
  [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::string take() noexcept { return std::move(bytes_); }

  template <typename Integer>
  void integer(const Integer& value) {
    static_assert(std::is_integral_v<Integer>);
    const auto wide = static_cast<std::uint64_t>(value);
    char bytes[sizeof(Integer)];
    for (std::size_t i = 0; i < sizeof(Integer); ++i) {
      bytes[i] = static_cast<char>((wide >> (8 * i)) & 0xFF);
    }
    bytes_.append(bytes, sizeof(Integer));
  }
  void flag(const bool& value) { bytes_.push_back(value ? '\1' : '\0'); }
  void real(const double& value) { integer(std::bit_cast<std::uint64_t>(value)); }
  void text(std::string_view value) {
    count(value.size());
    bytes_ += value;
  }
  template <std::size_t kSize>
  void raw(const std::array<std::uint8_t, kSize>& value) {
    bytes_.append(reinterpret_cast<const char*>(value.data()), kSize);
  }
  // An enumeration of one byte; `is_known` is for the reader.
  template <typename Enum, typename IsKnown>
  void choice(const Enum& value, IsKnown /*is_known*/) {
    static_assert(sizeof(Enum) == 1);
    integer(static_cast<std::uint8_t>(value));
  }
  template <typename Element, typename Transfer>
  void list(const std::vector<Element>& values, Transfer transfer) {
    count(values.size());
    for (const Element& value : values) transfer(*this, value);
  }

 private:
  void count(std::size_t size) {
    if (size > std::numeric_limits<std::uint32_t>::max()) ok_ = false;
    integer(static_cast<std::uint32_t>(size));
  }

  std::string bytes_;
  bool ok_ = true;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] bool ok() const noexcept { return ok_; }
  // True when everything was read and nothing was wrong.
  [[nodiscard]] bool finished() const noexcept { return ok_ && rest_.empty(); }

  template <typename Integer>
  void integer(Integer& value) {
    static_assert(std::is_integral_v<Integer>);
    std::uint64_t wide = 0;
    const std::string_view bytes = take(sizeof(Integer));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      wide |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    }
    value = static_cast<Integer>(wide);
  }
  void flag(bool& value) {
    std::uint8_t byte = 0;
    integer(byte);
    value = byte == 1;
    if (byte > 1) fail();
  }
  void real(double& value) {
    std::uint64_t bits = 0;
    integer(bits);
    value = std::bit_cast<double>(bits);
  }
  void text(std::string& value) { value = take(count()); }
  // The text where it stands; valid as long as the reader's bytes.
  void text(std::string_view& value) { value = take(count()); }
  template <std::size_t kSize>
  void raw(std::array<std::uint8_t, kSize>& value) {
    const std::string_view bytes = take(kSize);
    value.fill(0);
    std::copy(bytes.begin(), bytes.end(), value.begin());
  }
  template <typename Enum, typename IsKnown>
  void choice(Enum& value, IsKnown is_known) {
    static_assert(sizeof(Enum) == 1);
    std::uint8_t byte = 0;
    integer(byte);
    value = static_cast<Enum>(byte);
    if (is_known(value)) return;
    value = Enum{};
    fail();
  }
  template <typename Element, typename Transfer>
  void list(std::vector<Element>& values, Transfer transfer) {
    const std::size_t size = count();
    values.clear();
    // A count is only a claim: memory for all is taken as far as the bytes could hold them.
    values.reserve(std::min(size, rest_.size() / kReservedPerBytes));
    for (std::size_t i = 0; i < size && ok_; ++i) transfer(*this, values.emplace_back());
    if (!ok_) values.clear();
  }

 private:
  static constexpr std::size_t kReservedPerBytes = 32;

  // Every element and character takes a byte or more.
  std::size_t count() {
    std::uint32_t size = 0;
    integer(size);
    if (size <= rest_.size()) return size;
    fail();
    return 0;
  }
  std::string_view take(std::size_t size) {
    if (size > rest_.size()) fail();
    if (!ok_) return {};
    const std::string_view bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return bytes;
  }
  void fail() noexcept {
    ok_ = false;
    rest_ = {};
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace catena
