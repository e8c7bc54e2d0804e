// SPDX-License-Identifier: Apache-2.0
#include "engine/base/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace catena {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

std::optional<unsigned> hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

void append_length(std::string& out, std::size_t length) {
  for (unsigned shift = 0; shift < 64; shift += 8) {
    out.push_back(static_cast<char>((static_cast<std::uint64_t>(length) >> shift) & 0xffU));
  }
}

}  // namespace

std::string Id128::hex() const {
  std::string out;
  out.reserve(32);
  for (const char byte : bytes()) {
    const auto value = static_cast<unsigned char>(byte);
    out.push_back(kHexDigits[value >> 4U]);
    out.push_back(kHexDigits[value & 15U]);
  }
  return out;
}

std::array<char, 16> Id128::bytes() const noexcept {
  std::array<char, 16> out{};
  for (std::size_t i = 0; i < 8; ++i) {
    const auto shift = static_cast<unsigned>(56 - 8 * i);
    out[i] = static_cast<char>((high >> shift) & 0xffU);
    out[i + 8] = static_cast<char>((low >> shift) & 0xffU);
  }
  return out;
}

Id128 Id128::from_bytes(std::string_view sixteen_bytes) noexcept {
  Id128 id;
  for (std::size_t i = 0; i < 16 && i < sixteen_bytes.size(); ++i) {
    std::uint64_t& half = i < 8 ? id.high : id.low;
    half = (half << 8U) | static_cast<unsigned char>(sixteen_bytes[i]);
  }
  return id;
}

std::optional<Id128> Id128::from_hex(std::string_view text) noexcept {
  if (text.size() != 32) return std::nullopt;
  Id128 id;
  for (std::size_t i = 0; i < 32; ++i) {
    const auto digit = hex_value(text[i]);
    if (!digit) return std::nullopt;
    std::uint64_t& half = i < 16 ? id.high : id.low;
    half = (half << 4U) | *digit;
  }
  return id;
}

std::uint64_t hash64(std::string_view bytes) noexcept {
  return XXH3_64bits(bytes.data(), bytes.size());
}

std::uint64_t seeded_hash64(std::string_view bytes, std::uint64_t seed) noexcept {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

Id128 hash128(std::string_view bytes) noexcept {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.high64, hash.low64};
}

Id128 hash128_parts(std::initializer_list<std::string_view> parts) {
  std::string joined;
  for (const std::string_view part : parts) {
    append_length(joined, part.size());
    joined.append(part);
  }
  return hash128(joined);
}

}  // namespace catena
