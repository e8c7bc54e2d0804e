// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/encodings.h"

#include <cstddef>
#include <cstdint>

#include "engine/base/text_fold.h"

namespace catena::compile {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// The code point of one well-formed UTF-8 character.
char32_t code_point(std::string_view character) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
  if (character.size() == 1) return byte(0);
  char32_t value = byte(0) & (0x7Fu >> character.size());
  for (std::size_t i = 1; i < character.size(); ++i) value = (value << 6) | (byte(i) & 0x3Fu);
  return value;
}

void append_unit(std::string& out, std::uint32_t unit, ByteOrder order) {
  const char low = static_cast<char>(unit & 0xFF);
  const char high = static_cast<char>((unit >> 8) & 0xFF);
  out += order == ByteOrder::kLittle ? low : high;
  out += order == ByteOrder::kLittle ? high : low;
}

}  // namespace

std::optional<std::string> to_utf16(std::string_view text, ByteOrder order) {
  if (!is_utf8(text)) return std::nullopt;
  std::string out;
  out.reserve(text.size() * 2);
  while (!text.empty()) {
    const std::size_t length = code_point_length(text);
    const std::uint32_t value = code_point(text.substr(0, length));
    text.remove_prefix(length);
    if (value < 0x10000) {
      append_unit(out, value, order);
    } else {
      append_unit(out, 0xD800 + ((value - 0x10000) >> 10), order);
      append_unit(out, 0xDC00 + ((value - 0x10000) & 0x3FF), order);
    }
  }
  return out;
}

std::string to_base64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::string_view group = bytes.substr(i, 3);
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      bits = (bits << 8) | (j < group.size() ? static_cast<unsigned char>(group[j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      out += j <= group.size() ? kAlphabet[(bits >> (18 - 6 * j)) & 0x3F] : '=';
    }
  }
  return out;
}

std::array<std::string, 3> to_base64_offsets(std::string_view bytes) {
  constexpr std::array<std::size_t, 3> kCutAtStart = {0, 2, 3};
  constexpr std::array<std::size_t, 3> kCutAtEnd = {0, 3, 2};
  std::array<std::string, 3> result;
  for (std::size_t shift = 0; shift < 3; ++shift) {
    std::string encoded = to_base64(std::string(shift, ' ') + std::string(bytes));
    const std::size_t end = encoded.size() - kCutAtEnd[(bytes.size() + shift) % 3];
    const std::size_t start = kCutAtStart[shift];
    result[shift] = end > start ? encoded.substr(start, end - start) : std::string();
  }
  return result;
}

}  // namespace catena::compile
