// SPDX-License-Identifier: Apache-2.0
#include "engine/match/raw_text_filter.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "engine/match/pair_frequency.h"

namespace catena::match {
namespace {

// A byte that stands in a JSON string as it is, whoever wrote it ("/" may be "\/"), and that no
// other character folds to (U+212A folds to k, U+017F to s).
bool is_always_plain(char c) noexcept {
  return c >= ' ' && c < 0x7F && c != '"' && c != '\\' && c != '/' && c != 'k' && c != 's';
}

char fold_ascii(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

unsigned high_digit(char c) noexcept { return static_cast<unsigned char>(c) >> 4U; }
unsigned low_digit(char c) noexcept { return static_cast<unsigned char>(c) & 15U; }

}  // namespace

// The rarest window of a text, or nothing.
std::optional<RawTextFilter::Probe> RawTextFilter::probe_of(std::string_view text) {
  std::optional<Probe> best;
  unsigned best_level = 0;
  std::size_t run = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_always_plain(text[i])) {
      run = i + 1;
      continue;
    }
    if (i + 1 < run + kWindowBytes) continue;
    const std::size_t window = i + 1 - kWindowBytes;
    const unsigned level = pair_level(text[i - 2], text[i - 1]) + pair_level(text[i - 1], text[i]);
    if (best && level >= best_level) continue;
    best_level = level;
    std::size_t end = i + 1;
    while (end < text.size() && is_always_plain(text[end])) ++end;
    best = Probe{std::string(text.substr(run, end - run)), window - run};
  }
  return best;
}

// The digits of the windows of a group of probes, and how much else they let through.
struct RawTextFilter::Group {
  std::vector<Probe> probes;
  std::array<std::uint16_t, kWindowBytes> low{};  // bit n: some window has the digit n there
  std::array<std::uint16_t, kWindowBytes> high{};

  [[nodiscard]] double lets_through() const {
    double share = 1;
    for (std::size_t k = 0; k < kWindowBytes; ++k) {
      share *= std::popcount(low[k]) * std::popcount(high[k]);
    }
    return share;
  }
  [[nodiscard]] Group with(const Group& other) const {
    Group both = *this;
    both.probes.insert(both.probes.end(), other.probes.begin(), other.probes.end());
    for (std::size_t k = 0; k < kWindowBytes; ++k) {
      both.low[k] |= other.low[k];
      both.high[k] |= other.high[k];
    }
    return both;
  }
};

RawTextFilter::Group RawTextFilter::group_of(Probe probe) {
  Group group;
  for (std::size_t k = 0; k < kWindowBytes; ++k) {
    const char c = probe.run[probe.window + k];
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 0x20) : c;
    for (const char form : {c, upper}) {
      group.low[k] |= static_cast<std::uint16_t>(1U << low_digit(form));
      group.high[k] |= static_cast<std::uint16_t>(1U << high_digit(form));
    }
  }
  group.probes.push_back(std::move(probe));
  return group;
}

// Joins groups until there is one for each bucket, the two that let least more through first.
void RawTextFilter::join(std::vector<Group>& groups) {
  while (groups.size() > kBuckets) {
    std::size_t first = 0;
    std::size_t second = 1;
    double least = std::numeric_limits<double>::max();
    for (std::size_t i = 0; i < groups.size(); ++i) {
      for (std::size_t j = i + 1; j < groups.size(); ++j) {
        const double more = groups[i].with(groups[j]).lets_through() - groups[i].lets_through() -
                            groups[j].lets_through();
        if (more >= least) continue;
        least = more;
        first = i;
        second = j;
      }
    }
    groups[first] = groups[first].with(groups[second]);
    groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(second));
  }
}

std::optional<RawTextFilter> RawTextFilter::build(std::span<const std::string> texts) {
  if (texts.size() > kMaxTexts) return std::nullopt;
  std::vector<Group> groups;
  for (const std::string& text : texts) {
    auto probe = probe_of(text);
    if (!probe) return std::nullopt;
    groups.push_back(group_of(std::move(*probe)));
  }
  join(groups);
  RawTextFilter filter;
  for (std::size_t bucket = 0; bucket < groups.size(); ++bucket) {
    const auto bit = static_cast<std::uint8_t>(1U << bucket);
    for (std::size_t k = 0; k < kWindowBytes; ++k) {
      for (unsigned digit = 0; digit < 16; ++digit) {
        if ((groups[bucket].low[k] >> digit & 1U) != 0) filter.places_[k].low[digit] |= bit;
        if ((groups[bucket].high[k] >> digit & 1U) != 0) filter.places_[k].high[digit] |= bit;
      }
    }
    filter.buckets_[bucket] = std::move(groups[bucket].probes);
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
