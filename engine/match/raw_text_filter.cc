// SPDX-License-Identifier: Apache-2.0
#include "engine/match/raw_text_filter.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <algorithm>
#include <bit>

namespace catena::match {
namespace {

// How often each character is in logs, as a power of two; measured over Windows event logs in JSON,
// lower and upper case together. What is not listed is rarer than one in ten thousand.
struct CharacterFrequency {
  std::string_view characters;
  unsigned log2;
};
constexpr std::array<CharacterFrequency, 7> kFrequencies = {{{"ae\\s\"t0crondi:bwm2l", 11},
                                                             {"g u31-,4ypfv.5q68h97xk", 9},
                                                             {"+|jz{}=", 7},
                                                             {"_()@;", 5},
                                                             {"/$[]%", 4},
                                                             {"'", 2},
                                                             {"?*#", 1}}};

unsigned commonness(char c) noexcept {
  for (const auto& [characters, log2] : kFrequencies) {
    if (characters.find(c) != std::string_view::npos) return log2;
  }
  return 0;
}

// A byte that stands in a JSON string as it is, whoever wrote it ("/" may be "\/"), and that no
// other character folds to (U+212A folds to k, U+017F to s).
bool is_always_plain(char c) noexcept {
  return c >= ' ' && c < 0x7F && c != '"' && c != '\\' && c != '/' && c != 'k' && c != 's';
}

char fold_ascii(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

unsigned high_digit(char c) noexcept { return static_cast<unsigned char>(c) >> 4U; }
unsigned low_digit(char c) noexcept { return static_cast<unsigned char>(c) & 15U; }

}  // namespace

std::optional<RawTextFilter> RawTextFilter::build(std::span<const std::string> texts) {
  std::vector<Probe> probes;
  for (const std::string& text : texts) {
    std::optional<Probe> best;
    unsigned best_sum = 0;
    std::size_t run = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (!is_always_plain(text[i])) {
        run = i + 1;
        continue;
      }
      if (i + 1 < run + kWindowBytes) continue;
      const std::size_t window = i + 1 - kWindowBytes;
      unsigned sum = 0;
      for (std::size_t k = window; k <= i; ++k) sum += commonness(text[k]);
      if (best && sum >= best_sum) continue;
      best_sum = sum;
      std::size_t end = i + 1;
      while (end < text.size() && is_always_plain(text[end])) ++end;
      best = Probe{text.substr(run, end - run), window - run};
    }
    if (!best) return std::nullopt;
    probes.push_back(std::move(*best));
  }
  // Neighbours in this order share bytes, so that a bucket of them lets little else through.
  std::sort(probes.begin(), probes.end(), [](const Probe& a, const Probe& b) {
    return a.run.compare(a.window, kWindowBytes, b.run, b.window, kWindowBytes) < 0;
  });
  RawTextFilter filter;
  for (std::size_t i = 0; i < probes.size(); ++i) {
    const std::size_t bucket = i * kBuckets / probes.size();
    const auto bit = static_cast<std::uint8_t>(1U << bucket);
    for (std::size_t k = 0; k < kWindowBytes; ++k) {
      const char c = probes[i].run[probes[i].window + k];
      const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 0x20) : c;
      for (const char form : {c, upper}) {
        filter.places_[k].low[low_digit(form)] |= bit;
        filter.places_[k].high[high_digit(form)] |= bit;
      }
    }
    filter.buckets_[bucket].push_back(std::move(probes[i]));
  }
#if defined(__x86_64__)
  filter.has_wide_ = __builtin_cpu_supports("avx2") != 0;
#endif
  return filter;
}

bool RawTextFilter::confirm(std::string_view raw, std::size_t position,
                            unsigned buckets) const noexcept {
  for (; buckets != 0; buckets &= buckets - 1) {
    for (const Probe& probe : buckets_[static_cast<std::size_t>(std::countr_zero(buckets))]) {
      if (position < probe.window || position - probe.window + probe.run.size() > raw.size()) {
        continue;
      }
      const char* const text = raw.data() + position - probe.window;
      if (std::equal(probe.run.begin(), probe.run.end(), text,
                     [](char wanted, char c) { return wanted == fold_ascii(c); })) {
        return true;
      }
    }
  }
  return false;
}

bool RawTextFilter::may_contain(std::string_view raw) const noexcept {
  return has_wide_ ? scan_wide(raw) : may_contain_baseline(raw);
}

#if defined(__x86_64__)
bool RawTextFilter::may_contain_baseline(std::string_view raw) const noexcept {
  const auto table = [](const Digits& digits) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(digits.data()));
  };
  const __m128i digit = _mm_set1_epi8(0x0F);
  for (std::size_t i = 0; i < raw.size(); i += 16) {
    __m128i found = _mm_set1_epi8(-1);
    for (std::size_t k = 0; k < kWindowBytes; ++k) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(raw.data() + i + k));
      const __m128i low = _mm_shuffle_epi8(table(places_[k].low), _mm_and_si128(bytes, digit));
      const __m128i high =
          _mm_shuffle_epi8(table(places_[k].high), _mm_and_si128(_mm_srli_epi16(bytes, 4), digit));
      found = _mm_and_si128(found, _mm_and_si128(low, high));
    }
    auto places =
        static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(found, _mm_setzero_si128()))) ^
        0xFFFFU;
    if (places == 0) continue;
    alignas(16) std::array<std::uint8_t, 16> buckets;  // NOLINT: written by the store
    _mm_store_si128(reinterpret_cast<__m128i*>(buckets.data()), found);
    for (; places != 0; places &= places - 1) {
      const auto at = static_cast<std::size_t>(std::countr_zero(places));
      if (confirm(raw, i + at, buckets[at])) return true;
    }
  }
  return false;
}

__attribute__((target("avx2"))) bool RawTextFilter::scan_wide(std::string_view raw) const noexcept {
  __m256i lows[kWindowBytes];   // NOLINT: no attributes on template arguments
  __m256i highs[kWindowBytes];  // NOLINT: as above
  for (std::size_t k = 0; k < kWindowBytes; ++k) {
    lows[k] = _mm256_broadcastsi128_si256(
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(places_[k].low.data())));
    highs[k] = _mm256_broadcastsi128_si256(
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(places_[k].high.data())));
  }
  const __m256i digit = _mm256_set1_epi8(0x0F);
  for (std::size_t i = 0; i < raw.size(); i += 32) {
    __m256i found = _mm256_set1_epi8(-1);
    for (std::size_t k = 0; k < kWindowBytes; ++k) {
      const __m256i bytes =
          _mm256_loadu_si256(reinterpret_cast<const __m256i*>(raw.data() + i + k));
      const __m256i low = _mm256_shuffle_epi8(lows[k], _mm256_and_si256(bytes, digit));
      const __m256i high =
          _mm256_shuffle_epi8(highs[k], _mm256_and_si256(_mm256_srli_epi16(bytes, 4), digit));
      found = _mm256_and_si256(found, _mm256_and_si256(low, high));
    }
    auto places = ~static_cast<std::uint32_t>(
        _mm256_movemask_epi8(_mm256_cmpeq_epi8(found, _mm256_setzero_si256())));
    if (places == 0) continue;
    alignas(32) std::array<std::uint8_t, 32> buckets;  // NOLINT: written by the store
    _mm256_store_si256(reinterpret_cast<__m256i*>(buckets.data()), found);
    for (; places != 0; places &= places - 1) {
      const auto at = static_cast<std::size_t>(std::countr_zero(places));
      if (confirm(raw, i + at, buckets[at])) return true;
    }
  }
  return false;
}
#else
bool RawTextFilter::may_contain_baseline(std::string_view raw) const noexcept {
  for (std::size_t i = 0; i + kWindowBytes <= raw.size(); ++i) {
    unsigned found = ~0U;
    for (std::size_t k = 0; k < kWindowBytes; ++k) {
      found &= places_[k].low[low_digit(raw[i + k])] & places_[k].high[high_digit(raw[i + k])];
    }
    if (found != 0 && confirm(raw, i, found)) return true;
  }
  return false;
}

bool RawTextFilter::scan_wide(std::string_view raw) const noexcept {
  return may_contain_baseline(raw);
}
#endif

}  // namespace catena::match
