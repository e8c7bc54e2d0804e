// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

// TextBlock says of 64 bytes of JSON text, by one bit a byte, where those are that end a string
// body or ask for a second look. It is what a value is read with (outline_table.cc); what the bits
// mean together is decided there.
// One class for each width of instructions, with the same functions: PortableBlocks (x86-64-v2, or
// plain C++ elsewhere), Avx2Blocks, Avx512Blocks. Templates take one of them, and whoever calls
// such a template has the same target attribute, so that all of it is inlined.
// Thread safety: pure functions. All read 64 bytes, whatever they are asked about.
namespace catena::codec {

inline constexpr std::size_t kBlockBytes = 64;

// Which instructions are used.
enum class BlockWidth : std::uint8_t { kPortable, k32, k64 };

// The widest that this machine has.
[[nodiscard]] inline BlockWidth widest_blocks() noexcept {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bw") != 0) return BlockWidth::k64;
  if (__builtin_cpu_supports("avx2") != 0) return BlockWidth::k32;
#endif
  return BlockWidth::kPortable;
}

struct TextBlock {
  std::uint64_t quote = 0;
  std::uint64_t backslash = 0;
  std::uint64_t control = 0;  // below 0x20
  std::uint64_t high = 0;     // 0x80 or above
};

// What stands behind backslashes.
struct EscapeLetters {
  std::uint64_t known = 0;  // may stand there
  std::uint64_t u = 0;
};

// A character that may stand behind a backslash is told by its two hexadecimal digits: its entries
// in both tables share a bit. Bits: 1 for 0x2_, 2 for 0x5_, 4 for 0x6_, 8 for 0x7_. Bytes from 0x80
// on select nothing in the first table.
#define CATENA_LOW_DIGITS 0, 0, 13, 0, 8, 8, 4, 0, 0, 0, 0, 0, 2, 0, 4, 1
#define CATENA_HIGH_DIGITS 0, 0, 1, 0, 0, 2, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0

class PortableBlocks {
 public:
#if defined(__SSSE3__)
  static TextBlock read(const char* text) noexcept {
    const __m128i last_control = _mm_set1_epi8(0x1F);
    TextBlock block;
    for (unsigned k = 0; k < kBlockBytes; k += 16) {
      const __m128i bytes = load(text + k);
      block.quote |= mask(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'))) << k;
      block.backslash |= mask(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))) << k;
      block.control |= mask(_mm_cmpeq_epi8(_mm_max_epu8(bytes, last_control), last_control)) << k;
      block.high |= mask(bytes) << k;
    }
    return block;
  }
  static EscapeLetters letters(const char* text) noexcept {
    const __m128i low = _mm_setr_epi8(CATENA_LOW_DIGITS);
    const __m128i high = _mm_setr_epi8(CATENA_HIGH_DIGITS);
    EscapeLetters letters;
    for (unsigned k = 0; k < kBlockBytes; k += 16) {
      const __m128i bytes = load(text + k);
      const __m128i digits = _mm_and_si128(_mm_srli_epi16(bytes, 4), _mm_set1_epi8(0x0F));
      const __m128i shared =
          _mm_and_si128(_mm_shuffle_epi8(low, bytes), _mm_shuffle_epi8(high, digits));
      letters.known |= mask(_mm_cmpgt_epi8(shared, _mm_setzero_si128())) << k;
      letters.u |= mask(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('u'))) << k;
    }
    return letters;
  }
#else
  static TextBlock read(const char* text) noexcept {
    TextBlock block;
    for (std::size_t k = 0; k < kBlockBytes; ++k) {
      const char c = text[k];
      block.quote |= std::uint64_t{c == '"'} << k;
      block.backslash |= std::uint64_t{c == '\\'} << k;
      block.control |= std::uint64_t{static_cast<unsigned char>(c) < 0x20} << k;
      block.high |= std::uint64_t{static_cast<unsigned char>(c) >= 0x80} << k;
    }
    return block;
  }
  static EscapeLetters letters(const char* text) noexcept {
    constexpr std::string_view kKnown = "\"\\/bfnrtu";
    EscapeLetters letters;
    for (std::size_t k = 0; k < kBlockBytes; ++k) {
      letters.known |= std::uint64_t{kKnown.find(text[k]) != std::string_view::npos} << k;
      letters.u |= std::uint64_t{text[k] == 'u'} << k;
    }
    return letters;
  }
#endif
  // Whether the first `size` > 0 bytes are the same; kBlockBytes from any of them on are readable.
  static bool same(const char* a, const char* b, std::size_t size) noexcept {
#if defined(__SSSE3__)
    // Most texts that are compared have between 16 and 32 bytes.
    if (size <= 32) {
      const std::uint64_t low = mask(_mm_cmpeq_epi8(load(a), load(b)));
      const std::uint64_t high = mask(_mm_cmpeq_epi8(load(a + 16), load(b + 16)));
      return (~(low | high << 16U) & ((std::uint64_t{1} << size) - 1)) == 0;
    }
#endif
    return std::memcmp(a, b, size) == 0;
  }

 private:
#if defined(__SSSE3__)
  static __m128i load(const char* text) noexcept {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(text));
  }
  static std::uint64_t mask(__m128i hits) noexcept {
    return static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm_movemask_epi8(hits)));
  }
#endif
};

#if defined(__x86_64__)
#define CATENA_AVX2 __attribute__((target("avx2,bmi,bmi2,lzcnt")))

class Avx2Blocks {
 public:
  CATENA_AVX2 static TextBlock read(const char* text) noexcept {
    const __m256i last_control = _mm256_set1_epi8(0x1F);
    TextBlock block;
    for (unsigned k = 0; k < kBlockBytes; k += 32) {
      const __m256i bytes = load(text + k);
      block.quote |= mask(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('"'))) << k;
      block.backslash |= mask(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\\'))) << k;
      block.control |= mask(_mm256_cmpeq_epi8(_mm256_max_epu8(bytes, last_control), last_control))
                       << k;
      block.high |= mask(bytes) << k;
    }
    return block;
  }
  CATENA_AVX2 static EscapeLetters letters(const char* text) noexcept {
    const __m256i low = _mm256_setr_epi8(CATENA_LOW_DIGITS, CATENA_LOW_DIGITS);
    const __m256i high = _mm256_setr_epi8(CATENA_HIGH_DIGITS, CATENA_HIGH_DIGITS);
    EscapeLetters letters;
    for (unsigned k = 0; k < kBlockBytes; k += 32) {
      const __m256i bytes = load(text + k);
      const __m256i digits = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(0x0F));
      const __m256i shared =
          _mm256_and_si256(_mm256_shuffle_epi8(low, bytes), _mm256_shuffle_epi8(high, digits));
      letters.known |= mask(_mm256_cmpgt_epi8(shared, _mm256_setzero_si256())) << k;
      letters.u |= mask(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('u'))) << k;
    }
    return letters;
  }
  CATENA_AVX2 static bool same(const char* a, const char* b, std::size_t size) noexcept {
    if (size > 32) return std::memcmp(a, b, size) == 0;
    const std::uint64_t equal = mask(_mm256_cmpeq_epi8(load(a), load(b)));
    return (~equal & ((std::uint64_t{1} << size) - 1)) == 0;
  }

 private:
  CATENA_AVX2 static __m256i load(const char* text) noexcept {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text));
  }
  CATENA_AVX2 static std::uint64_t mask(__m256i hits) noexcept {
    return std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(hits))};
  }
};

#define CATENA_AVX512 __attribute__((target("avx512f,avx512bw,bmi,bmi2,lzcnt")))

class Avx512Blocks {
 public:
  CATENA_AVX512 static TextBlock read(const char* text) noexcept {
    const __m512i bytes = _mm512_loadu_si512(text);
    return {plain(_mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"'))),
            plain(_mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\\'))),
            plain(_mm512_cmplt_epu8_mask(bytes, _mm512_set1_epi8(0x20))),
            plain(_mm512_movepi8_mask(bytes))};
  }
  CATENA_AVX512 static EscapeLetters letters(const char* text) noexcept {
    const __m512i low = _mm512_maskz_broadcast_i32x4(0xFFFF, _mm_setr_epi8(CATENA_LOW_DIGITS));
    const __m512i high = _mm512_maskz_broadcast_i32x4(0xFFFF, _mm_setr_epi8(CATENA_HIGH_DIGITS));
    const __m512i bytes = _mm512_loadu_si512(text);
    const __m512i digits = _mm512_and_si512(_mm512_srli_epi16(bytes, 4), _mm512_set1_epi8(0x0F));
    return {plain(_mm512_test_epi8_mask(_mm512_shuffle_epi8(low, bytes),
                                        _mm512_shuffle_epi8(high, digits))),
            plain(_mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('u')))};
  }
  CATENA_AVX512 static bool same(const char* a, const char* b, std::size_t size) noexcept {
    for (; size > kBlockBytes; size -= kBlockBytes, a += kBlockBytes, b += kBlockBytes) {
      if (_mm512_cmpneq_epi8_mask(_mm512_loadu_si512(a), _mm512_loadu_si512(b)) != 0) return false;
    }
    const std::uint64_t wanted = ~std::uint64_t{0} >> (kBlockBytes - size);
    return (_mm512_cmpneq_epi8_mask(_mm512_loadu_si512(a), _mm512_loadu_si512(b)) & wanted) == 0;
  }

 private:
  // Keeps what is computed with a mask in plain registers: left alone, compilers compute in mask
  // registers, at three times the cost.
  static std::uint64_t plain(std::uint64_t mask) noexcept {
    __asm__("" : "+r"(mask));
    return mask;
  }
};
#endif

}  // namespace catena::codec
