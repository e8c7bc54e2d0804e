// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// Searches for the few characters that structure text, sixteen bytes at a time.
// Thread safety: pure functions.
namespace catena::codec {

// The first quote, backslash or line end at or behind `position`; bytes.size() when there is none.
[[nodiscard]] inline std::size_t find_string_end(std::string_view bytes,
                                                 std::size_t position) noexcept {
#if defined(__SSE2__)
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i line_end = _mm_set1_epi8('\n');
  for (; position + 16 <= bytes.size(); position += 16) {
    const __m128i block =
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes.data() + position));
    const __m128i hits =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(block, quote), _mm_cmpeq_epi8(block, backslash)),
                     _mm_cmpeq_epi8(block, line_end));
    const auto mask = static_cast<std::uint32_t>(_mm_movemask_epi8(hits));
    if (mask != 0) return position + static_cast<std::size_t>(std::countr_zero(mask));
  }
#endif
  for (; position < bytes.size(); ++position) {
    const char c = bytes[position];
    if (c == '"' || c == '\\' || c == '\n') return position;
  }
  return position;
}

// The number of line ends in `bytes`.
[[nodiscard]] inline std::uint64_t count_line_ends(std::string_view bytes) noexcept {
  std::uint64_t count = 0;
  std::size_t position = 0;
#if defined(__SSE2__)
  const __m128i line_end = _mm_set1_epi8('\n');
  for (; position + 16 <= bytes.size(); position += 16) {
    const __m128i block =
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes.data() + position));
    const auto mask =
        static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(block, line_end)));
    count += static_cast<std::uint64_t>(std::popcount(mask));
  }
#endif
  for (; position < bytes.size(); ++position) count += bytes[position] == '\n' ? 1 : 0;
  return count;
}

}  // namespace catena::codec
