// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/json_text.h"

#if defined(__SSSE3__)
#include <tmmintrin.h>
#endif

#include <bit>
#include <cstddef>

#include "connectors/codec/backslash_runs.h"

namespace catena::codec {
namespace {

constexpr std::size_t kBlock = 64;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// Bit n of each: byte n of the block.
struct BlockMasks {
  std::uint64_t valid = 0;    // a character that may stand behind a backslash
  std::uint64_t unicode = 0;  // 'u'
};

#if defined(__SSSE3__)
__m128i load(const char* in) noexcept {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(in));
}

std::uint64_t mask_of(__m128i bytes) noexcept {
  return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes));
}

std::uint64_t backslashes(const char* in) noexcept {
  const __m128i wanted = _mm_set1_epi8('\\');
  std::uint64_t mask = 0;
  for (unsigned k = 0; k < 4; ++k)
    mask |= mask_of(_mm_cmpeq_epi8(load(in + 16 * k), wanted)) << 16 * k;
  return mask;
}

// The characters are told by their two hexadecimal digits: a byte is in the set when its entries in
// both tables share a bit. Bits: 1 for 0x2_, 2 for 0x5_, 4 for 0x6_, 8 for 0x7_, 16 for 'u'.
BlockMasks classify(const char* in) noexcept {
  const __m128i low = _mm_setr_epi8(0, 0, 1 | 4 | 8, 0, 8, 16, 4, 0, 0, 0, 0, 0, 2, 0, 4, 1);
  const __m128i high = _mm_setr_epi8(0, 0, 1, 0, 0, 2, 4, 8 | 16, 0, 0, 0, 0, 0, 0, 0, 0);
  BlockMasks masks;
  for (unsigned k = 0; k < 4; ++k) {
    const __m128i bytes = load(in + 16 * k);
    const __m128i digits = _mm_and_si128(_mm_srli_epi16(bytes, 4), _mm_set1_epi8(0x0F));
    // Bytes from 0x80 on select nothing in `low`.
    const __m128i shared =
        _mm_and_si128(_mm_shuffle_epi8(low, bytes), _mm_shuffle_epi8(high, digits));
    const std::uint64_t none = mask_of(_mm_cmpeq_epi8(shared, _mm_setzero_si128()));
    masks.valid |= (none ^ 0xFFFFU) << 16 * k;
    masks.unicode |= mask_of(_mm_slli_epi16(shared, 3)) << 16 * k;
  }
  return masks;
}
#else
std::uint64_t backslashes(const char* in) noexcept {
  std::uint64_t mask = 0;
  for (std::size_t k = 0; k < kBlock; ++k) mask |= std::uint64_t{in[k] == '\\'} << k;
  return mask;
}

BlockMasks classify(const char* in) noexcept {
  constexpr std::string_view kValid = "\"\\/bfnrtu";
  BlockMasks masks;
  for (std::size_t k = 0; k < kBlock; ++k) {
    masks.valid |= std::uint64_t{kValid.find(in[k]) != std::string_view::npos} << k;
    masks.unicode |= std::uint64_t{in[k] == 'u'} << k;
  }
  return masks;
}
#endif

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

bool EscapeMap::any_far(std::size_t begin, std::size_t end) const noexcept {
  const std::size_t last = (end - 1) / 64;
  std::uint64_t found = words_[begin / 64] & ~std::uint64_t{0} << (begin % 64);
  for (std::size_t i = begin / 64; i < last; ++i) {
    if (found != 0) return true;
    found = words_[i + 1];
  }
  return found << (63 - (end - 1) % 64) != 0;
}

EscapeMap::Kind EscapeMap::read(std::string_view document) {
  const std::size_t blocks = (document.size() + kBlock - 1) / kBlock;
  if (words_.size() < blocks + 2) words_.resize(blocks + 2);
  words_[blocks] = 0;
  std::uint64_t carried = 0;
  std::uint64_t wrong = 0;
  std::uint64_t unicode = 0;
  for (std::size_t i = 0; i < blocks; ++i) {
    const char* const in = document.data() + i * kBlock;
    std::uint64_t backslash = backslashes(in);
    const std::size_t left = document.size() - i * kBlock;
    const std::uint64_t inside = left >= kBlock ? ~std::uint64_t{0} : (1ULL << left) - 1;
    backslash &= inside;
    words_[i] = backslash;
    if ((backslash | carried) == 0) continue;
    const std::uint64_t escaped = escaped_bytes(backslash, carried);
    if ((escaped & ~backslash) == 0) continue;  // only pairs, as in Windows paths
    const BlockMasks masks = classify(in);
    // What lies behind the document continues no escape.
    wrong |= escaped & (~masks.valid | ~inside);
    unicode |= escaped & masks.unicode;
  }
  if (wrong != 0 || carried != 0) return Kind::kInvalid;
  return unicode != 0 ? Kind::kUnicode : Kind::kSimple;
}

}  // namespace catena::codec
