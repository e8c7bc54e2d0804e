// SPDX-License-Identifier: Apache-2.0
#include "bench/generator/random.h"

#include <bit>

namespace catena::generator {
namespace {

std::uint64_t splitmix64(std::uint64_t& state) noexcept {
  state += 0x9E3779B97F4A7C15ULL;
  std::uint64_t mixed = state;
  mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
  return mixed ^ (mixed >> 31);
}

}  // namespace

Random::Random(std::uint64_t seed) noexcept : state_{} {
  for (std::uint64_t& word : state_) word = splitmix64(seed);
}

std::uint64_t Random::next() noexcept {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

std::uint64_t Random::below(std::uint64_t bound) noexcept {
  // The tiny preference for small numbers (bound / 2^64) does no harm here.
  return next() % bound;
}

std::string Random::hex(std::size_t digits, bool upper_case) {
  const char* alphabet = upper_case ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string text;
  text.reserve(digits);
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (i % 16 == 0) word = next();
    text += alphabet[word & 15];
    word >>= 4;
  }
  return text;
}

std::string Random::guid() {
  return joined({hex(8), "-", hex(4), "-", hex(4), "-", hex(4), "-", hex(12)});
}

}  // namespace catena::generator
