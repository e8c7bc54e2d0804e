// SPDX-License-Identifier: Apache-2.0
#include "engine/base/json_escape.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>

namespace catena {
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

constexpr std::size_t kBlock = 16;
static_assert(kBlock <= kEscapePadding);

// The character behind the backslash, to the character that the escape stands for.
constexpr std::array<char, 256> make_simple_escapes() {
  std::array<char, 256> table{};
  table['"'] = '"';
  table['\\'] = '\\';
  table['/'] = '/';
  table['b'] = '\b';
  table['f'] = '\f';
  table['n'] = '\n';
  table['r'] = '\r';
  table['t'] = '\t';
  return table;
}
constexpr std::array<char, 256> kSimpleEscapes = make_simple_escapes();

// Copies one block, folded if kFold. Returns the bytes of it that are copied: up to the first that
// needs care (a backslash; when folding, also a byte that is not ASCII).
template <bool kFold>
std::size_t copy_block(char* out, const char* in) noexcept {
#if defined(__SSE2__)
  __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in));
  auto care = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))));
  if constexpr (kFold) {
    care |= static_cast<unsigned>(_mm_movemask_epi8(bytes));
    const __m128i upper = _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8('@')),
                                        _mm_cmplt_epi8(bytes, _mm_set1_epi8('[')));
    bytes = _mm_or_si128(bytes, _mm_and_si128(upper, _mm_set1_epi8(0x20)));
  }
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), bytes);
  return care == 0 ? kBlock : static_cast<std::size_t>(std::countr_zero(care));
#else
  for (std::size_t k = 0; k < kBlock; ++k) {
    if (in[k] == '\\' || (kFold && static_cast<unsigned char>(in[k]) >= 0x80)) return k;
    out[k] = kFold && in[k] >= 'A' && in[k] <= 'Z' ? static_cast<char>(in[k] | 0x20) : in[k];
  }
  return kBlock;
#endif
}

template <bool kFold>
std::size_t copy_simple(char* const out, std::string_view body) noexcept {
  std::size_t to = 0;
  std::size_t i = 0;
  while (i < body.size()) {
    const std::size_t copied = copy_block<kFold>(out + to, body.data() + i);
    i += copied;
    to += copied;
    if (copied == kBlock || i >= body.size()) continue;
    if (body[i] == '\\') {
      // What an escape stands for is no letter, so there is nothing to fold.
      out[to++] = kSimpleEscapes[static_cast<unsigned char>(body.data()[i + 1])];
      i += 2;
    } else {
      std::size_t read = 0;
      to += fold_one(out + to, body.substr(i), read);
      i += read;
    }
  }
  return to - (i - body.size());  // the last block may have gone past the end
}

}  // namespace

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

std::size_t unescape_simple(char* out, std::string_view body) noexcept {
  return copy_simple<false>(out, body);
}

std::size_t fold_simple(char* out, std::string_view body) noexcept {
  return copy_simple<true>(out, body);
}

}  // namespace catena
