// SPDX-License-Identifier: Apache-2.0
#include "engine/base/text_fold.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <array>
#include <cstdint>
#include <cstring>

#include <utf8proc.h>

namespace catena {
namespace {

constexpr utf8proc_int32_t kCapitalIWithDot = 0x130;  // folds only in full folding

utf8proc_int32_t simple_fold(utf8proc_int32_t code_point) noexcept {
  if (code_point == kCapitalIWithDot) return code_point;
  std::array<utf8proc_int32_t, 4> out{};
  int last_boundary = 0;
  const auto length =
      utf8proc_decompose_char(code_point, out.data(), 4, UTF8PROC_CASEFOLD, &last_boundary);
  if (length == 1) return out[0];
  // Full folding would make several code points of it; the simple form is its lower case, if any.
  return utf8proc_tolower(code_point);
}

struct CodePoint {
  utf8proc_int32_t value = -1;
  std::size_t bytes = 1;
};

CodePoint decode(std::string_view text) noexcept {
  utf8proc_int32_t value = -1;
  const auto read = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                     static_cast<utf8proc_ssize_t>(text.size()), &value);
  return read > 0 ? CodePoint{value, static_cast<std::size_t>(read)} : CodePoint{};
}

char fold_ascii(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

bool is_ascii(char c) noexcept { return static_cast<unsigned char>(c) < 0x80; }

#if defined(__SSE2__)
constexpr std::size_t kBlock = 16;

// Folds 16 bytes if all of them are ASCII; false, and nothing written, otherwise.
bool fold_ascii_block(char* out, const char* in) noexcept {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in));
  if (_mm_movemask_epi8(bytes) != 0) return false;
  // 'A' … 'Z' are the bytes greater than '@' and less than '['; their bit 0x20 is set.
  const __m128i upper = _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8('@')),
                                      _mm_cmplt_epi8(bytes, _mm_set1_epi8('[')));
  const __m128i lower = _mm_or_si128(bytes, _mm_and_si128(upper, _mm_set1_epi8(0x20)));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), lower);
  return true;
}
#else
constexpr std::size_t kBlock = 8;

bool ascii8(const char* p) noexcept;

bool fold_ascii_block(char* out, const char* in) noexcept {
  if (!ascii8(in)) return false;
  for (std::size_t k = 0; k < kBlock; ++k) out[k] = fold_ascii(in[k]);
  return true;
}
#endif

// True when the 8 bytes at `p` are all ASCII.
bool ascii8(const char* p) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, p, sizeof(word));
  return (word & 0x8080808080808080ULL) == 0;
}

// Folds `text` of at least kBlock bytes if all of it is ASCII; the last block overlaps the one
// before it. False, and `out` unspecified, otherwise.
bool fold_ascii_text(char* out, std::string_view text) noexcept {
  std::size_t i = 0;
  for (; i + kBlock <= text.size(); i += kBlock) {
    if (!fold_ascii_block(out + i, text.data() + i)) return false;
  }
  const std::size_t last = text.size() - kBlock;
  return i == text.size() || fold_ascii_block(out + last, text.data() + last);
}

}  // namespace

std::size_t fold_one(char* out, std::string_view text, std::size_t& read) noexcept {
  read = 1;
  if (is_ascii(text[0])) {
    *out = fold_ascii(text[0]);
    return 1;
  }
  const CodePoint point = decode(text);
  if (point.value < 0) {
    *out = text[0];
    return 1;
  }
  read = point.bytes;
  return static_cast<std::size_t>(
      utf8proc_encode_char(simple_fold(point.value), reinterpret_cast<utf8proc_uint8_t*>(out)));
}

std::size_t fold_into(char* out, std::string_view text) noexcept {
  if (text.size() >= kBlock && fold_ascii_text(out, text)) return text.size();
  char* const start = out;
  std::size_t i = 0;
  while (i < text.size()) {
    while (i + kBlock <= text.size() && fold_ascii_block(out, text.data() + i)) {
      out += kBlock;
      i += kBlock;
    }
    while (i < text.size() && is_ascii(text[i])) {
      *out++ = fold_ascii(text[i++]);
    }
    if (i >= text.size()) break;
    std::size_t read = 0;
    out += fold_one(out, text.substr(i), read);
    i += read;
  }
  return static_cast<std::size_t>(out - start);
}

void append_folded(std::string& out, std::string_view text) {
  const std::size_t before = out.size();
  out.resize(before + folded_capacity(text.size()));
  out.resize(before + fold_into(out.data() + before, text));
}

std::string folded(std::string_view text) {
  std::string out;
  append_folded(out, text);
  return out;
}

std::size_t code_point_length(std::string_view text) noexcept {
  if (text.empty()) return 0;
  return is_ascii(text[0]) ? 1 : decode(text).bytes;
}

bool is_utf8(std::string_view text) noexcept {
  std::size_t i = 0;
  while (i < text.size()) {
    if (i + 8 <= text.size() && ascii8(text.data() + i)) {
      i += 8;
      continue;
    }
    if (is_ascii(text[i])) {
      ++i;
      continue;
    }
    const CodePoint point = decode(text.substr(i));
    if (point.value < 0) return false;
    i += point.bytes;
  }
  return true;
}

std::string_view fold_table_version() noexcept { return utf8proc_version(); }

}  // namespace catena
