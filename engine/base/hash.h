// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

// Content hashes: the identity of events, detections, entities and chains is a hash of what they
// are, so the same input gives the same ids on every machine and every run (XXH3, unseeded).
// Not cryptographic: an id is a name, not a proof. Thread safety: pure functions.
namespace catena {

struct Id128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  friend auto operator<=>(const Id128&, const Id128&) = default;
  [[nodiscard]] bool is_zero() const noexcept { return high == 0 && low == 0; }
  // 32 lower-case hexadecimal digits.
  [[nodiscard]] std::string hex() const;
  // 16 bytes, big-endian, so that byte order equals numeric order.
  [[nodiscard]] std::array<char, 16> bytes() const noexcept;
  static Id128 from_bytes(std::string_view sixteen_bytes) noexcept;
  // The inverse of hex(); upper case is accepted. nullopt unless exactly 32 hexadecimal digits.
  static std::optional<Id128> from_hex(std::string_view text) noexcept;
};

std::uint64_t hash64(std::string_view bytes) noexcept;
// For tables in memory: who writes the bytes cannot choose where they land. Never stored.
std::uint64_t seeded_hash64(std::string_view bytes, std::uint64_t seed) noexcept;
Id128 hash128(std::string_view bytes) noexcept;
// Hash of the parts with their lengths, so ("ab","c") and ("a","bc") differ.
Id128 hash128_parts(std::initializer_list<std::string_view> parts);

}  // namespace catena

template <>
struct std::hash<catena::Id128> {
  std::size_t operator()(const catena::Id128& id) const noexcept {
    return static_cast<std::size_t>(id.low ^ (id.high * 0x9E3779B97F4A7C15ULL));
  }
};
