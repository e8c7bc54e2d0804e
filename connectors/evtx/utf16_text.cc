// SPDX-License-Identifier: Apache-2.0
#include "connectors/evtx/utf16_text.h"

#include <algorithm>
#include <array>

#include "connectors/evtx/layout.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace catena::evtx {
namespace {

constexpr std::size_t kBlockUnits = 256;  // converted on the stack, then appended
constexpr std::size_t kUnitsAtOnce = 8;
constexpr char kHexDigits[] = "0123456789abcdef";

// ASCII that a JSON string holds as it is.
constexpr std::array<bool, 128> make_plain() {
  std::array<bool, 128> plain{};
  for (std::size_t c = 0x20; c < plain.size(); ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}
constexpr std::array<bool, 128> kPlain = make_plain();

// 0x80 to 0x9F; the rest of the code page is Latin-1. Five places are not assigned.
constexpr std::array<std::uint16_t, 32> kAnsiUpper = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

bool is_high(std::uint32_t unit) noexcept { return (unit & 0xFC00U) == 0xD800U; }
bool is_low(std::uint32_t unit) noexcept { return (unit & 0xFC00U) == 0xDC00U; }

char* put_utf8(std::uint32_t point, char* to) noexcept {
  const auto tail = [point](unsigned shift) {
    return static_cast<char>(0x80U | (point >> shift & 0x3FU));
  };
  if (point < 0x800) {
    *to++ = static_cast<char>(0xC0U | point >> 6U);
  } else if (point < 0x10000) {
    *to++ = static_cast<char>(0xE0U | point >> 12U);
    *to++ = tail(6);
  } else {
    *to++ = static_cast<char>(0xF0U | point >> 18U);
    *to++ = tail(12);
    *to++ = tail(6);
  }
  *to++ = tail(0);
  return to;
}

char* put_hex_escape(std::uint32_t unit, char* to) noexcept {
  *to++ = '\\';
  *to++ = 'u';
  for (unsigned shift = 16; shift > 0; shift -= 4) *to++ = kHexDigits[unit >> (shift - 4) & 0xFU];
  return to;
}

char* put_escape(std::uint32_t unit, char* to) noexcept {
  char letter = '\0';
  switch (unit) {
    case '"':
    case '\\':
      letter = static_cast<char>(unit);
      break;
    case '\b':
      letter = 'b';
      break;
    case '\f':
      letter = 'f';
      break;
    case '\n':
      letter = 'n';
      break;
    case '\r':
      letter = 'r';
      break;
    case '\t':
      letter = 't';
      break;
    default:
      return put_hex_escape(unit, to);
  }
  *to++ = '\\';
  *to++ = letter;
  return to;
}

// A unit that is no half of a pair.
char* put_unit(std::uint32_t unit, char* to) noexcept {
  if (unit < kPlain.size()) {
    if (!kPlain[unit]) return put_escape(unit, to);
    *to++ = static_cast<char>(unit);
    return to;
  }
  return is_high(unit) || is_low(unit) ? put_hex_escape(unit, to) : put_utf8(unit, to);
}

// Copies units that are plain ASCII from the front of `bytes`, eight at a time, to `to`; how many.
std::size_t copy_plain(const char* bytes, std::size_t units, char* to) noexcept {
  std::size_t done = 0;
#if defined(__SSE2__)
  // Below 0x20 or above 0x7F, as signed numbers: what is above 0x7FFF is negative.
  const __m128i lowest = _mm_set1_epi16(0x20);
  const __m128i highest = _mm_set1_epi16(0x7F);
  const __m128i quote = _mm_set1_epi16('"');
  const __m128i backslash = _mm_set1_epi16('\\');
  for (; done + kUnitsAtOnce <= units; done += kUnitsAtOnce) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 2 * done));
    const __m128i outside =
        _mm_or_si128(_mm_cmplt_epi16(block, lowest), _mm_cmpgt_epi16(block, highest));
    const __m128i escaped =
        _mm_or_si128(_mm_cmpeq_epi16(block, quote), _mm_cmpeq_epi16(block, backslash));
    if (_mm_movemask_epi8(_mm_or_si128(outside, escaped)) != 0) break;
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to + done), _mm_packus_epi16(block, block));
  }
#else
  (void)bytes;
  (void)units;
  (void)to;
#endif
  return done;
}

}  // namespace

void append_utf16(std::string_view bytes, std::string& body) {
  char block[kBlockUnits * kMaxBytesPerUnit];
  const std::size_t units = bytes.size() / 2;
  std::size_t at = 0;
  while (at < units) {
    char* to = block;
    // A pair that begins with the last unit of a block is still taken whole.
    for (std::size_t end = std::min(units, at + kBlockUnits - 1); at < end; ++at) {
      const std::size_t plain = copy_plain(bytes.data() + 2 * at, end - at, to);
      at += plain;
      to += plain;
      if (at == end) break;
      const std::uint32_t unit = load16(bytes, 2 * at);
      if (unit < kPlain.size() && kPlain[unit]) {
        *to++ = static_cast<char>(unit);
        continue;
      }
      const std::uint32_t next = at + 1 < units ? load16(bytes, 2 * at + 2) : 0;
      if (is_high(unit) && is_low(next)) {
        to = put_utf8(0x10000 + ((unit & 0x3FFU) << 10U) + (next & 0x3FFU), to);
        ++at;
      } else {
        to = put_unit(unit, to);
      }
    }
    body.append(block, static_cast<std::size_t>(to - block));
  }
}

void append_ansi(std::string_view bytes, std::string& body) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    append_code_unit(byte >= 0x80 && byte < 0xA0 ? kAnsiUpper[byte - 0x80U] : byte, body);
  }
}

void append_code_unit(std::uint16_t unit, std::string& body) {
  char block[kMaxBytesPerUnit];
  body.append(block, static_cast<std::size_t>(put_unit(unit, block) - block));
}

std::string_view before_nul(std::string_view utf16) noexcept {
  const std::size_t units = utf16.size() / 2;
  std::size_t unit = 0;
#if defined(__SSE2__)
  for (; unit + kUnitsAtOnce <= units; unit += kUnitsAtOnce) {
    const __m128i block =
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(utf16.data() + 2 * unit));
    if (_mm_movemask_epi8(_mm_cmpeq_epi16(block, _mm_setzero_si128())) != 0) break;
  }
#endif
  while (unit < units && load16(utf16, 2 * unit) != 0) ++unit;
  return utf16.substr(0, 2 * unit);
}

}  // namespace catena::evtx
