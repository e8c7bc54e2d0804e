// SPDX-License-Identifier: Apache-2.0
#include "engine/lineage/process_guid.h"

#include <array>

namespace catena::lineage {
namespace {

constexpr std::size_t kGuidBytes = 36;

bool is_hyphen_place(std::size_t at) noexcept {
  return at == 8 || at == 13 || at == 18 || at == 23;
}

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

ProcessGuid ProcessGuid::parse(std::string_view text) noexcept {
  if (text.size() == kGuidBytes + 2 && text.front() == '{' && text.back() == '}') {
    text = text.substr(1, kGuidBytes);
  }
  if (text.size() != kGuidBytes) return {};
  std::array<std::uint64_t, 2> halves{};
  std::size_t digits = 0;
  for (std::size_t i = 0; i < kGuidBytes; ++i) {
    if (is_hyphen_place(i)) {
      if (text[i] != '-') return {};
      continue;
    }
    const int digit = hex_digit(text[i]);
    if (digit < 0) return {};
    std::uint64_t& half = halves[digits / 16];
    half = (half << 4U) | static_cast<std::uint64_t>(digit);
    ++digits;
  }
  return {halves[0], halves[1]};
}

std::string ProcessGuid::entity_value() const {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string value = "guid:";
  std::size_t digits = 0;
  for (std::size_t i = 0; i < kGuidBytes; ++i) {
    if (is_hyphen_place(i)) {
      value.push_back('-');
      continue;
    }
    const std::uint64_t half = digits < 16 ? high : low;
    value.push_back(kDigits[(half >> (60U - 4U * (digits % 16))) & 15U]);
    ++digits;
  }
  return value;
}

}  // namespace catena::lineage
