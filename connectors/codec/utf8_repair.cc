// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/utf8_repair.h"

#include <algorithm>
#include <cstring>

#include "engine/base/text_fold.h"

namespace catena::codec {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::size_t kBinarySample = 1024;
// One control byte in this many makes a record binary; so does any NUL among few bytes.
constexpr std::size_t kBinaryShare = 16;

bool is_ascii(char c) noexcept { return static_cast<unsigned char>(c) < 0x80; }

// The bytes of the character at `position`, 0 when no valid one starts there.
std::size_t valid_length(std::string_view text, std::size_t position) noexcept {
  if (is_ascii(text[position])) return 1;
  const std::size_t length = code_point_length(text.substr(position, 4));
  return length > 1 ? length : 0;
}

}  // namespace

std::string_view repair_utf8(std::string_view text, std::size_t padding, Arena& arena) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = valid_length(text, i);
    size += length == 0 ? kReplacement.size() : length;
    i += std::max<std::size_t>(length, 1);
  }
  auto* out = static_cast<char*>(arena.allocate(size + padding, 1));
  char* to = out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = valid_length(text, i);
    const std::string_view piece = length == 0 ? kReplacement : text.substr(i, length);
    std::memcpy(to, piece.data(), piece.size());
    to += piece.size();
    i += std::max<std::size_t>(length, 1);
  }
  std::memset(to, 0, padding);
  return {out, size};
}

std::string_view utf8_prefix(std::string_view text, std::size_t bytes) noexcept {
  if (text.size() <= bytes) return text;
  std::size_t end = bytes;
  while (end > 0 && bytes - end < 4 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
    --end;
  }
  return text.substr(0, end);
}

bool looks_binary(std::string_view text) noexcept {
  const std::string_view sample = text.substr(0, kBinarySample);
  const auto is_control = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r' && byte != 0x1B) ||
           byte == 0x7F;
  };
  const auto controls =
      static_cast<std::size_t>(std::count_if(sample.begin(), sample.end(), is_control));
  if (controls == 0) return false;
  const bool has_nul = sample.find('\0') != std::string_view::npos;
  return has_nul || controls * kBinaryShare > sample.size();
}

}  // namespace catena::codec
