// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string_view>

// Where a test's generator takes its decisions from: a seed (property tests) or the bytes of a fuzz
// input, so that both walk the same grammar.
namespace catena::test {

class Choices {
 public:
  virtual ~Choices() = default;
  // A number below `below`, which is at least 1.
  virtual std::uint32_t pick(std::uint32_t below) = 0;
  // True once in `times`.
  bool once_in(std::uint32_t times) { return pick(times) + 1 == times; }
};

class SeededChoices final : public Choices {
 public:
  explicit SeededChoices(std::uint32_t seed) : random_(seed) {}
  std::uint32_t pick(std::uint32_t below) override {
    return static_cast<std::uint32_t>(random_() % below);
  }

 private:
  std::mt19937 random_;
};

// 0 for every decision behind the end of the bytes.
class ByteChoices final : public Choices {
 public:
  explicit ByteChoices(std::string_view bytes) : bytes_(bytes) {}
  std::uint32_t pick(std::uint32_t below) override {
    if (at_ == bytes_.size() || below == 1) return 0;
    return static_cast<unsigned char>(bytes_[at_++]) % below;
  }
  [[nodiscard]] std::string_view rest() const { return bytes_.substr(at_); }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

}  // namespace catena::test
