// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

// LineScan is the one pass over a line that an outline is compared with (outline_table.h): it finds
// the line's end and notes by one bit a byte where its unescaped quotes and its backslashes are.
// It does not know what a line means.
// Thread safety: none; one per thread, reused. Cost: one pass, 64 bytes a step, the widest
// instructions that the machine has; half of simdjson's stage 1, which finds all punctuation.
namespace catena::codec {

// Longer lines are not scanned.
inline constexpr std::size_t kMaxScannedLine = 1024 * 1024;

class LineScan {
 public:
  // Which instructions are used; the widest that there are when not told.
  enum class Width : std::uint8_t { kPortable, k32, k64 };
  [[nodiscard]] static Width widest() noexcept;

  explicit LineScan(Width width = widest());

  // Scans the line that `bytes` start with; at least 64 readable bytes lie behind them. False when
  // it is longer than kMaxScannedLine, holds a control character (other than "\r" at its end), or
  // a backslash with a character behind that JSON does not know there; nothing else is valid then.
  bool read(std::string_view bytes) noexcept;

  // Of the line last read: bytes before its line end, and without blanks before that.
  [[nodiscard]] std::size_t line_end() const noexcept { return line_end_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  // Some escape is "\u", not checked further.
  [[nodiscard]] bool has_unicode_escapes() const noexcept { return unicode_ != 0; }
  // No byte of the line is 0x80 or above.
  [[nodiscard]] bool is_ascii() const noexcept { return !any_high_; }

  // A string body: up to the next quote that is not escaped.
  struct Body {
    std::size_t end = 0;
    bool escaped = false;  // holds a backslash
  };
  // The body that starts at `begin` <= size(); its end is beyond size() when there is no quote.
  [[nodiscard]] Body body(std::size_t begin) const noexcept {
    // The bits from `begin` on, of which there are at least 57, without a branch on where they lie.
    const std::uint64_t quote = bits_from(quotes_.get(), begin);
    const std::uint64_t backslash = bits_from(backslashes_.get(), begin);
    if (quote == 0) return long_body(begin, backslash != 0);
    const std::uint64_t before = (quote & -quote) - 1;
    return {begin + static_cast<std::size_t>(std::countr_zero(quote)), (backslash & before) != 0};
  }

 private:
  static std::uint64_t bits_from(const std::uint64_t* words, std::size_t begin) noexcept {
    std::uint64_t bits = 0;
    std::memcpy(&bits, reinterpret_cast<const char*>(words) + begin / 8, sizeof(bits));
    return bits >> (begin % 8);
  }

  // One bit for each of 64 bytes.
  struct Block {
    std::uint64_t quote = 0;
    std::uint64_t backslash = 0;
    std::uint64_t valid = 0;  // may stand behind a backslash
    std::uint64_t letter_u = 0;
  };
  // What classifying found: the blocks up to and with the first one that has a control character.
  struct Blocks {
    std::size_t count = 0;
    std::uint64_t control = 0;  // of the last block: bytes below 0x20, and bytes that are not there
    bool any_high = false;      // some byte is 0x80 or above, perhaps behind the control character
  };

  // Classifies the blocks of `bytes` up to the end of the line. Apart from the arithmetic on the
  // result: with both in one loop, compilers do that in mask registers, at three times the cost.
  using Classify = Blocks (*)(std::string_view bytes, Block* out);
  static std::uint64_t missing(std::size_t left) noexcept;
  static Blocks classify_portable(std::string_view bytes, Block* out) noexcept;
  static Blocks classify_32(std::string_view bytes, Block* out) noexcept;
  static Blocks classify_64(std::string_view bytes, Block* out) noexcept;
  [[nodiscard]] Body long_body(std::size_t begin, bool escaped) const noexcept;

  Classify classify_;
  // A bit for each byte of the line, and a word of zeros.
  std::unique_ptr<std::uint64_t[]> quotes_;
  std::unique_ptr<std::uint64_t[]> backslashes_;
  std::unique_ptr<Block[]> blocks_;
  std::size_t line_end_ = 0;
  std::size_t size_ = 0;
  std::uint64_t unicode_ = 0;  // not 0: some escape is "\u"
  bool any_high_ = false;
};

}  // namespace catena::codec
