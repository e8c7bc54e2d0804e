// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

// Random is the generator's only source of chance: xoshiro256** started by splitmix64 (Blackman and
// Vigna, public domain algorithms), with integer distributions of its own, because those of the
// standard library differ from one implementation to the next. The same seed gives the same numbers
// on every machine. Not for secrets. Thread safety: none.
namespace catena::generator {

class Random {
 public:
  explicit Random(std::uint64_t seed) noexcept;

  [[nodiscard]] std::uint64_t next() noexcept;
  // 0 … bound-1; bound is at least 1.
  [[nodiscard]] std::uint64_t below(std::uint64_t bound) noexcept;
  // low … high, both included.
  [[nodiscard]] std::uint64_t between(std::uint64_t low, std::uint64_t high) noexcept {
    return low + below(high - low + 1);
  }
  // True `per_million` times in a million.
  [[nodiscard]] bool chance(std::uint32_t per_million) noexcept {
    return below(1'000'000) < per_million;
  }
  // An item, all alike; `items` is not empty.
  template <typename Items>
  [[nodiscard]] const auto& pick(const Items& items) noexcept {
    return items[static_cast<std::size_t>(below(std::size(items)))];
  }
  // An item in proportion to its member `weight`; `items` is not empty and some weight is not 0.
  template <typename Items>
  [[nodiscard]] const auto& pick_weighted(const Items& items) noexcept {
    std::uint64_t total = 0;
    for (const auto& item : items) total += item.weight;
    std::uint64_t rest = below(total);
    for (const auto& item : items) {
      if (rest < item.weight) return item;
      rest -= item.weight;
    }
    return items[0];
  }

  // `digits` hexadecimal digits.
  [[nodiscard]] std::string hex(std::size_t digits, bool upper_case = false);
  // 8-4-4-4-12 hexadecimal digits, no braces.
  [[nodiscard]] std::string guid();

 private:
  std::array<std::uint64_t, 4> state_;
};

// The parts one behind the other. The elements of a braced list are made from left to right by
// every compiler, the operands of a "+" in any order: what draws twice from one Random is written
// so.
[[nodiscard]] inline std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

}  // namespace catena::generator
