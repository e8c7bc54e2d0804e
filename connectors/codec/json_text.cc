// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/json_text.h"

#include <cstdint>
#include <optional>

namespace catena::codec {
namespace {

constexpr std::uint32_t kReplacementCharacter = 0xFFFD;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

std::optional<std::uint32_t> hex_digit(char c) noexcept {
  if (is_digit(c)) return static_cast<std::uint32_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint32_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint32_t>(c - 'A' + 10);
  return std::nullopt;
}

// The four digits behind "\u".
std::optional<std::uint32_t> hex4(std::string_view text) noexcept {
  if (text.size() < 4) return std::nullopt;
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const auto digit = hex_digit(text[i]);
    if (!digit) return std::nullopt;
    value = value << 4U | *digit;
  }
  return value;
}

bool is_high_surrogate(std::uint32_t unit) noexcept { return (unit & 0xFC00U) == 0xD800U; }
bool is_low_surrogate(std::uint32_t unit) noexcept { return (unit & 0xFC00U) == 0xDC00U; }

void append_code_point(std::uint32_t point, std::string& out) {
  if (point < 0x80) {
    out.push_back(static_cast<char>(point));
  } else if (point < 0x800) {
    out.push_back(static_cast<char>(0xC0U | point >> 6U));
    out.push_back(static_cast<char>(0x80U | (point & 0x3FU)));
  } else if (point < 0x10000) {
    out.push_back(static_cast<char>(0xE0U | point >> 12U));
    out.push_back(static_cast<char>(0x80U | (point >> 6U & 0x3FU)));
    out.push_back(static_cast<char>(0x80U | (point & 0x3FU)));
  } else {
    out.push_back(static_cast<char>(0xF0U | point >> 18U));
    out.push_back(static_cast<char>(0x80U | (point >> 12U & 0x3FU)));
    out.push_back(static_cast<char>(0x80U | (point >> 6U & 0x3FU)));
    out.push_back(static_cast<char>(0x80U | (point & 0x3FU)));
  }
}

// The character of the "\u" escape whose digits start at `rest`; sets the bytes it takes.
std::optional<std::uint32_t> code_point(std::string_view rest, std::size_t& taken) noexcept {
  const auto first = hex4(rest);
  if (!first) return std::nullopt;
  taken = 4;
  if (is_low_surrogate(*first)) return kReplacementCharacter;
  if (!is_high_surrogate(*first)) return first;
  if (rest.size() < 10 || rest[4] != '\\' || rest[5] != 'u') return kReplacementCharacter;
  const auto second = hex4(rest.substr(6));
  if (!second || !is_low_surrogate(*second)) return kReplacementCharacter;
  taken = 10;
  return 0x10000 + ((*first & 0x3FFU) << 10U) + (*second & 0x3FFU);
}

std::optional<char> simple_escape(char c) noexcept {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return c;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return std::nullopt;
  }
}

}  // namespace

bool is_json_number(std::string_view text) noexcept {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t start = i;
    while (i < text.size() && is_digit(text[i])) ++i;
    return i - start;
  };
  if (i < text.size() && text[i] == '-') ++i;
  const bool leading_zero = i < text.size() && text[i] == '0';
  const std::size_t whole = digits();
  if (whole == 0 || (leading_zero && whole > 1)) return false;
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (digits() == 0) return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (digits() == 0) return false;
  }
  return i == text.size();
}

bool append_unescaped(std::string_view body, std::string& out) {
  std::size_t i = 0;
  while (i < body.size()) {
    const std::size_t escape = body.find('\\', i);
    if (escape == std::string_view::npos) {
      out.append(body.substr(i));
      return true;
    }
    out.append(body.substr(i, escape - i));
    i = escape + 1;
    if (i == body.size()) return false;
    const char c = body[i++];
    if (c == 'u') {
      std::size_t taken = 0;
      const auto point = code_point(body.substr(i), taken);
      if (!point) return false;
      append_code_point(*point, out);
      i += taken;
      continue;
    }
    const auto simple = simple_escape(c);
    if (!simple) return false;
    out.push_back(*simple);
  }
  return true;
}

}  // namespace catena::codec
