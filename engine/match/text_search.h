// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// Whether one text is in another, for the short texts of rules: looks at the first and the last
// byte of the wanted text sixteen places at a time. The C library's search took a
// seventh of all matching of process creations, where a backslash is everywhere. Thread safety:
// pure function.
namespace catena::match {

[[nodiscard]] inline bool contains_text(std::string_view text, std::string_view wanted) noexcept {
  if (wanted.size() > text.size()) return false;
  if (wanted.size() < 2) {
    return wanted.empty() || std::memchr(text.data(), wanted[0], text.size()) != nullptr;
  }
  const std::size_t places = text.size() - wanted.size() + 1;
  std::size_t i = 0;
#if defined(__SSE2__)
  const __m128i first = _mm_set1_epi8(wanted.front());
  const __m128i last = _mm_set1_epi8(wanted.back());
  const auto load = [](const char* at) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  };
  for (; i + 16 <= places; i += 16) {
    const char* const at = text.data() + i;
    auto hits = static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_and_si128(
        _mm_cmpeq_epi8(load(at), first), _mm_cmpeq_epi8(load(at + wanted.size() - 1), last))));
    for (; hits != 0; hits &= hits - 1) {
      const auto offset = static_cast<std::size_t>(std::countr_zero(hits));
      if (std::memcmp(at + offset + 1, wanted.data() + 1, wanted.size() - 2) == 0) return true;
    }
  }
#endif
  for (; i < places; ++i) {
    if (text[i] == wanted.front() &&
        std::memcmp(text.data() + i, wanted.data(), wanted.size()) == 0) {
      return true;
    }
  }
  return false;
}

}  // namespace catena::match
