// SPDX-License-Identifier: Apache-2.0
#include "connectors/codec/line_scan.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <algorithm>
#include <iterator>

#include "connectors/codec/backslash_runs.h"

namespace catena::codec {
namespace {

constexpr std::size_t kBlock = 64;
// About an event ahead of the scan, so that the next one is near when it is its turn. Only a hint:
// nothing is read there.
constexpr std::size_t kPrefetchBytes = 2048;
constexpr std::size_t kMaxBlocks = kMaxScannedLine / kBlock;

// A character that may stand behind a backslash is told by its two hexadecimal digits: its entries
// in both tables share a bit. Bits: 1 for 0x2_, 2 for 0x5_, 4 for 0x6_, 8 for 0x7_. Bytes from 0x80
// on select nothing in the first table.
#define CATENA_LOW_DIGITS 0, 0, 13, 0, 8, 8, 4, 0, 0, 0, 0, 0, 2, 0, 4, 1
#define CATENA_HIGH_DIGITS 0, 0, 1, 0, 0, 2, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0

bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r'; }

}  // namespace

LineScan::Width LineScan::widest() noexcept {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bw") != 0) return Width::k64;
  if (__builtin_cpu_supports("avx2") != 0) return Width::k32;
#endif
  return Width::kPortable;
}

// Not initialised: only what a line needs is written, and read.
LineScan::LineScan(Width width)
    : quotes_(new std::uint64_t[kMaxBlocks + 2]),
      backslashes_(new std::uint64_t[kMaxBlocks + 2]),
      blocks_(new Block[kMaxBlocks + 1]) {
  switch (std::min(width, widest())) {
    case Width::kPortable:
      classify_ = classify_portable;
      break;
    case Width::k32:
      classify_ = classify_32;
      break;
    case Width::k64:
      classify_ = classify_64;
      break;
  }
}

LineScan::Body LineScan::long_body(std::size_t begin, bool escaped) const noexcept {
  const std::size_t blocks = line_end_ / kBlock + 1;
  const std::size_t from = begin + kBlock - begin % 8;  // the bytes before it were looked at
  for (std::size_t i = from / kBlock; i < blocks; ++i) {
    const std::uint64_t here =
        i == from / kBlock ? ~std::uint64_t{0} << (from % kBlock) : ~std::uint64_t{0};
    const std::uint64_t quote = quotes_[i] & here;
    const std::uint64_t backslash = backslashes_[i] & here;
    if (quote != 0) {
      const std::size_t end = i * kBlock + static_cast<std::size_t>(std::countr_zero(quote));
      return {end, escaped || (backslash & ((quote & -quote) - 1)) != 0};
    }
    escaped = escaped || backslash != 0;
  }
  return {blocks * kBlock, escaped};
}

bool LineScan::read(std::string_view bytes) noexcept {
  const std::string_view part = bytes.substr(0, kMaxScannedLine);
  const Blocks found = classify_(part, blocks_.get());
  const std::size_t last = found.count - 1;
  Block* const blocks = blocks_.get();
  const std::uint64_t inside = (found.control & -found.control) - 1;  // all of it when 0
  std::uint64_t carried = 0;
  std::uint64_t wrong = 0;
  std::uint64_t unicode = 0;
  if (found.count != 0) {
    // What lies behind the line is no quote, and continues no escape.
    blocks[last].quote &= inside;
    blocks[last].backslash &= inside;
    blocks[last].valid &= inside;
  }
  for (std::size_t i = 0; i < found.count; ++i) {
    const Block block = blocks[i];
    const std::uint64_t escaped = escaped_bytes(block.backslash, carried);
    quotes_[i] = block.quote & ~escaped;
    backslashes_[i] = block.backslash;
    wrong |= escaped & ~block.valid;
    unicode |= escaped & block.letter_u;
  }
  quotes_[found.count] = backslashes_[found.count] = 0;
  quotes_[found.count + 1] = backslashes_[found.count + 1] = 0;
  unicode_ = unicode;
  any_high_ = found.any_high;
  line_end_ = part.size();
  if (found.control != 0) {
    line_end_ = last * kBlock + static_cast<std::size_t>(std::countr_zero(found.control));
  }
  size_ = line_end_;
  if ((wrong | carried) != 0) return false;
  if (line_end_ < part.size() && part[line_end_] == '\r') ++line_end_;
  if (line_end_ < bytes.size() && bytes[line_end_] != '\n') return false;
  while (size_ > 0 && is_blank(bytes[size_ - 1])) --size_;
  return true;
}

// The bits of the bytes of a block that are not there.
inline std::uint64_t LineScan::missing(std::size_t left) noexcept {
  return left < kBlock ? ~std::uint64_t{0} << left : 0;
}

LineScan::Blocks LineScan::classify_portable(std::string_view bytes, Block* out) noexcept {
  Blocks found;
#if defined(__SSSE3__)
  const __m128i low = _mm_setr_epi8(CATENA_LOW_DIGITS);
  const __m128i high = _mm_setr_epi8(CATENA_HIGH_DIGITS);
  const __m128i last_control = _mm_set1_epi8(0x1F);
  const auto mask = [](__m128i hits) {
    return static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm_movemask_epi8(hits)));
  };
#else
  constexpr std::string_view kValid = "\"\\/bfnrtu";
#endif
  for (std::size_t at = 0; at < bytes.size() && found.control == 0; at += kBlock) {
    const char* const in = bytes.data() + at;
    Block block;
    std::uint64_t beyond = 0;
    found.control = missing(bytes.size() - at);
#if defined(__SSSE3__)
    for (unsigned k = 0; k < kBlock; k += 16) {
      const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in + k));
      const __m128i digits = _mm_and_si128(_mm_srli_epi16(text, 4), _mm_set1_epi8(0x0F));
      const __m128i shared =
          _mm_and_si128(_mm_shuffle_epi8(low, text), _mm_shuffle_epi8(high, digits));
      block.quote |= mask(_mm_cmpeq_epi8(text, _mm_set1_epi8('"'))) << k;
      block.backslash |= mask(_mm_cmpeq_epi8(text, _mm_set1_epi8('\\'))) << k;
      block.valid |= mask(_mm_cmpgt_epi8(shared, _mm_setzero_si128())) << k;
      block.letter_u |= mask(_mm_cmpeq_epi8(text, _mm_set1_epi8('u'))) << k;
      found.control |= mask(_mm_cmpeq_epi8(_mm_max_epu8(text, last_control), last_control)) << k;
      beyond |= mask(text);
    }
#else
    for (std::size_t k = 0; k < kBlock; ++k) {
      const char c = in[k];
      block.quote |= std::uint64_t{c == '"'} << k;
      block.backslash |= std::uint64_t{c == '\\'} << k;
      block.valid |= std::uint64_t{kValid.find(c) != std::string_view::npos} << k;
      block.letter_u |= std::uint64_t{c == 'u'} << k;
      found.control |= std::uint64_t{static_cast<unsigned char>(c) < 0x20} << k;
      beyond |= std::uint64_t{static_cast<unsigned char>(c) >= 0x80} << k;
    }
#endif
    found.any_high = found.any_high || beyond != 0;
    out[found.count++] = block;
  }
  return found;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) LineScan::Blocks LineScan::classify_32(std::string_view bytes,
                                                                       Block* out) noexcept {
  Blocks found;
  const __m256i low = _mm256_setr_epi8(CATENA_LOW_DIGITS, CATENA_LOW_DIGITS);
  const __m256i high = _mm256_setr_epi8(CATENA_HIGH_DIGITS, CATENA_HIGH_DIGITS);
  const __m256i last_control = _mm256_set1_epi8(0x1F);
  __m256i all = _mm256_setzero_si256();
  for (std::size_t at = 0; at < bytes.size() && found.control == 0; at += kBlock) {
    __builtin_prefetch(bytes.data() + at + kPrefetchBytes);
    Block block;
    found.control = missing(bytes.size() - at);
    for (unsigned k = 0; k < kBlock; k += 32) {
      const __m256i text =
          _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes.data() + at + k));
      const __m256i digits = _mm256_and_si256(_mm256_srli_epi16(text, 4), _mm256_set1_epi8(0x0F));
      const __m256i shared =
          _mm256_and_si256(_mm256_shuffle_epi8(low, text), _mm256_shuffle_epi8(high, digits));
      const __m256i hits[] = {_mm256_cmpeq_epi8(text, _mm256_set1_epi8('"')),
                              _mm256_cmpeq_epi8(text, _mm256_set1_epi8('\\')),
                              _mm256_cmpgt_epi8(shared, _mm256_setzero_si256()),
                              _mm256_cmpeq_epi8(text, _mm256_set1_epi8('u')),
                              _mm256_cmpeq_epi8(_mm256_max_epu8(text, last_control), last_control)};
      std::uint64_t* const masks[] = {&block.quote, &block.backslash, &block.valid, &block.letter_u,
                                      &found.control};
      for (std::size_t m = 0; m < std::size(masks); ++m) {
        *masks[m] |= std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(hits[m]))} << k;
      }
      all = _mm256_or_si256(all, text);
    }
    out[found.count++] = block;
  }
  found.any_high = _mm256_movemask_epi8(all) != 0;
  return found;
}

__attribute__((target("avx512f,avx512bw"))) LineScan::Blocks LineScan::classify_64(
    std::string_view bytes, Block* out) noexcept {
  Blocks found;
  const __m512i low = _mm512_maskz_broadcast_i32x4(0xFFFF, _mm_setr_epi8(CATENA_LOW_DIGITS));
  const __m512i high = _mm512_maskz_broadcast_i32x4(0xFFFF, _mm_setr_epi8(CATENA_HIGH_DIGITS));
  __m512i all = _mm512_setzero_si512();
  for (std::size_t at = 0; at < bytes.size() && found.control == 0; at += kBlock) {
    __builtin_prefetch(bytes.data() + at + kPrefetchBytes);
    const __m512i text = _mm512_loadu_si512(bytes.data() + at);
    const __m512i digits = _mm512_and_si512(_mm512_srli_epi16(text, 4), _mm512_set1_epi8(0x0F));
    Block& block = out[found.count++];
    block.quote = _mm512_cmpeq_epi8_mask(text, _mm512_set1_epi8('"'));
    block.backslash = _mm512_cmpeq_epi8_mask(text, _mm512_set1_epi8('\\'));
    block.valid =
        _mm512_test_epi8_mask(_mm512_shuffle_epi8(low, text), _mm512_shuffle_epi8(high, digits));
    block.letter_u = _mm512_cmpeq_epi8_mask(text, _mm512_set1_epi8('u'));
    found.control =
        _mm512_cmplt_epu8_mask(text, _mm512_set1_epi8(0x20)) | missing(bytes.size() - at);
    all = _mm512_or_si512(all, text);
  }
  found.any_high = _mm512_movepi8_mask(all) != 0;
  return found;
}
#else
LineScan::Blocks LineScan::classify_32(std::string_view bytes, Block* out) noexcept {
  return classify_portable(bytes, out);
}
LineScan::Blocks LineScan::classify_64(std::string_view bytes, Block* out) noexcept {
  return classify_portable(bytes, out);
}
#endif

}  // namespace catena::codec
