// SPDX-License-Identifier: Apache-2.0
#include "engine/match/raw_text_filter.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include <algorithm>
#include <bit>
#include <cstring>
#include <iterator>
#include <limits>
#include <map>
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

// A folded character as records write it.
std::array<char, 2> forms_of(char c) noexcept {
  return {c, c >= 'a' && c <= 'z' ? static_cast<char>(c - 0x20) : c};
}

unsigned high_digit(char c) noexcept { return static_cast<unsigned char>(c) >> 4U; }
unsigned low_digit(char c) noexcept { return static_cast<unsigned char>(c) & 15U; }

// The last bytes of a record with zeros behind them, which are in no window: what lies behind a
// record is not read.
template <std::size_t kBlock>
struct Rest {
  std::array<char, kBlock + RawTextFilter::kMostWindow> bytes;  // NOLINT: written by of()

  const char* of(std::string_view raw, std::size_t from) noexcept {
    const std::size_t size = std::min(raw.size() - from, bytes.size());
    std::memset(bytes.data(), 0, bytes.size());
    std::memcpy(bytes.data(), raw.data() + from, size);
    return bytes.data();
  }
};

}  // namespace

// The rarest window of a text, or nothing.
std::optional<RawTextFilter::Probe> RawTextFilter::probe_of(std::string_view text,
                                                            std::size_t window_bytes) {
  std::optional<Probe> best;
  unsigned best_level = 0;
  std::size_t run = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_always_plain(text[i])) {
      run = i + 1;
      continue;
    }
    if (i + 1 < run + window_bytes) continue;
    const std::size_t window = i + 1 - window_bytes;
    unsigned level = 0;
    for (std::size_t k = window; k < i; ++k) level += pair_level(text[k], text[k + 1]);
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
  std::size_t window = kLeastWindow;
  std::array<std::uint16_t, kMostWindow> low{};  // bit n: some window has the digit n there
  std::array<std::uint16_t, kMostWindow> high{};

  [[nodiscard]] double lets_through() const { return lets_through_with(*this); }
  [[nodiscard]] double lets_through_with(const Group& other) const {
    double share = 1;
    for (std::size_t k = 0; k < window; ++k) {
      share *= std::popcount(static_cast<std::uint16_t>(low[k] | other.low[k])) *
               std::popcount(static_cast<std::uint16_t>(high[k] | other.high[k]));
    }
    return share;
  }
  void take(Group other) {
    std::move(other.probes.begin(), other.probes.end(), std::back_inserter(probes));
    for (std::size_t k = 0; k < window; ++k) {
      low[k] |= other.low[k];
      high[k] |= other.high[k];
    }
  }
};

RawTextFilter::Group RawTextFilter::group_of(Probe probe, std::size_t window) {
  Group group;
  group.window = window;
  for (std::size_t k = 0; k < window; ++k) {
    for (const char form : forms_of(probe.run[probe.window + k])) {
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
        const double more = groups[i].lets_through_with(groups[j]) - groups[i].lets_through() -
                            groups[j].lets_through();
        if (more >= least) continue;
        least = more;
        first = i;
        second = j;
      }
    }
    groups[first].take(std::move(groups[second]));
    groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(second));
  }
}

std::optional<RawTextFilter> RawTextFilter::build(std::span<const std::string> texts) {
  if (texts.size() > kMaxTexts) return std::nullopt;
  if (auto filter = build(texts, kMostWindow)) return filter;
  return build(texts, kLeastWindow);
}

std::optional<RawTextFilter> RawTextFilter::build(std::span<const std::string> texts,
                                                  std::size_t window) {
  std::map<std::string, Group> by_window;
  for (const std::string& text : texts) {
    auto probe = probe_of(text, window);
    if (!probe) return std::nullopt;
    Group& group = by_window[probe->run.substr(probe->window, window)];
    if (group.probes.empty()) {
      group = group_of(std::move(*probe), window);
    } else {
      group.probes.push_back(std::move(*probe));
    }
  }
  if (by_window.size() > kMaxWindows) return std::nullopt;
  std::vector<Group> groups;
  for (auto& [bytes, group] : by_window) groups.push_back(std::move(group));
  join(groups);
  RawTextFilter filter;
  filter.window_ = window;
  for (std::size_t bucket = 0; bucket < groups.size(); ++bucket) {
    filter.add_group(std::move(groups[bucket]), bucket);
  }
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512vbmi") != 0 && __builtin_cpu_supports("avx512bw") != 0) {
    filter.kernel_ = Kernel::kAvx512;
  } else if (__builtin_cpu_supports("avx2") != 0) {
    filter.kernel_ = Kernel::kAvx2;
  }
#endif
  return filter;
}

void RawTextFilter::add_group(Group group, std::size_t bucket) {
  const auto bit = static_cast<std::uint8_t>(1U << bucket);
  for (std::size_t k = 0; k < window_; ++k) {
    for (unsigned digit = 0; digit < 16; ++digit) {
      if ((group.low[k] >> digit & 1U) != 0) places_[k].low[digit] |= bit;
      if ((group.high[k] >> digit & 1U) != 0) places_[k].high[digit] |= bit;
    }
    for (const Probe& probe : group.probes) {
      for (const char form : forms_of(probe.run[probe.window + k])) {
        bytes_[k][static_cast<unsigned char>(form)] |= bit;
      }
    }
  }
  buckets_[bucket] = std::move(group.probes);
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

bool RawTextFilter::confirm_block(std::string_view raw, std::size_t begin, std::uint64_t places,
                                  const std::uint8_t* buckets) const noexcept {
  for (; places != 0; places &= places - 1) {
    const auto at = static_cast<std::size_t>(std::countr_zero(places));
    if (confirm(raw, begin + at, buckets[at])) return true;
  }
  return false;
}

bool RawTextFilter::may_contain(std::string_view raw) const noexcept {
  return may_contain(raw, kernel_);
}

bool RawTextFilter::may_contain(std::string_view raw, Kernel kernel) const noexcept {
  const Kernel possible = std::min(kernel, kernel_);
  return window_ == kMostWindow ? scan<kMostWindow>(raw, possible)
                                : scan<kLeastWindow>(raw, possible);
}

template <std::size_t kWindow>
bool RawTextFilter::scan(std::string_view raw, Kernel kernel) const noexcept {
  switch (kernel) {
    case Kernel::kAvx512:
      return scan_avx512<kWindow>(raw);
    case Kernel::kAvx2:
      return scan_avx2<kWindow>(raw);
    case Kernel::kBaseline:
      break;
  }
  return scan_baseline<kWindow>(raw);
}

#if defined(__x86_64__)
template <std::size_t kWindow>
bool RawTextFilter::scan_baseline(std::string_view raw) const noexcept {
  constexpr std::size_t kBlock = 16;
  const auto table = [](const Digits& digits) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(digits.data()));
  };
  const __m128i digit = _mm_set1_epi8(0x0F);
  Rest<kBlock> rest;
  for (std::size_t i = 0; i + kWindow <= raw.size(); i += kBlock) {
    const char* const block = i + kBlock + kWindow <= raw.size() ? raw.data() + i : rest.of(raw, i);
    __m128i found = _mm_set1_epi8(-1);
    for (std::size_t k = 0; k < kWindow; ++k) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + k));
      const __m128i low = _mm_shuffle_epi8(table(places_[k].low), _mm_and_si128(bytes, digit));
      const __m128i high =
          _mm_shuffle_epi8(table(places_[k].high), _mm_and_si128(_mm_srli_epi16(bytes, 4), digit));
      found = _mm_and_si128(found, _mm_and_si128(low, high));
    }
    const auto places =
        static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(found, _mm_setzero_si128()))) ^
        0xFFFFU;
    if (places == 0) continue;
    alignas(kBlock) std::array<std::uint8_t, kBlock> buckets;  // NOLINT: written by the store
    _mm_store_si128(reinterpret_cast<__m128i*>(buckets.data()), found);
    if (confirm_block(raw, i, places, buckets.data())) return true;
  }
  return false;
}

template <std::size_t kWindow>
__attribute__((target("avx2"))) bool RawTextFilter::scan_avx2(std::string_view raw) const noexcept {
  constexpr std::size_t kBlock = 32;
  __m256i lows[kWindow];   // NOLINT: no attributes on template arguments
  __m256i highs[kWindow];  // NOLINT: as above
  for (std::size_t k = 0; k < kWindow; ++k) {
    lows[k] = _mm256_broadcastsi128_si256(
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(places_[k].low.data())));
    highs[k] = _mm256_broadcastsi128_si256(
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(places_[k].high.data())));
  }
  const __m256i digit = _mm256_set1_epi8(0x0F);
  Rest<kBlock> rest;
  for (std::size_t i = 0; i + kWindow <= raw.size(); i += kBlock) {
    const char* const block = i + kBlock + kWindow <= raw.size() ? raw.data() + i : rest.of(raw, i);
    __m256i found = _mm256_set1_epi8(-1);
    for (std::size_t k = 0; k < kWindow; ++k) {
      const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block + k));
      const __m256i low = _mm256_shuffle_epi8(lows[k], _mm256_and_si256(bytes, digit));
      const __m256i high =
          _mm256_shuffle_epi8(highs[k], _mm256_and_si256(_mm256_srli_epi16(bytes, 4), digit));
      found = _mm256_and_si256(found, _mm256_and_si256(low, high));
    }
    const auto places = ~static_cast<std::uint32_t>(
        _mm256_movemask_epi8(_mm256_cmpeq_epi8(found, _mm256_setzero_si256())));
    if (places == 0) continue;
    alignas(kBlock) std::array<std::uint8_t, kBlock> buckets;  // NOLINT: written by the store
    _mm256_store_si256(reinterpret_cast<__m256i*>(buckets.data()), found);
    if (confirm_block(raw, i, places, buckets.data())) return true;
  }
  return false;
}

// The first 64 of `left` bytes; zeros, which are in no window, behind them. What lies behind a
// value is not read.
__attribute__((target("avx512f,avx512bw"))) static inline __m512i load_up_to(
    const char* bytes, std::size_t left) noexcept {
  if (left >= 64) return _mm512_loadu_si512(bytes);
  return _mm512_maskz_loadu_epi8((std::uint64_t{1} << left) - 1, bytes);
}

// Bytes beyond ASCII fall on those 128 below: they let more through, and no less.
template <std::size_t kWindow>
__attribute__((target("avx512f,avx512bw,avx512vbmi"))) bool RawTextFilter::scan_avx512(
    std::string_view raw) const noexcept {
  constexpr std::size_t kBlock = 64;
  __m512i lows[kWindow];   // NOLINT: no attributes on template arguments
  __m512i highs[kWindow];  // NOLINT: as above
  for (std::size_t k = 0; k < kWindow; ++k) {
    lows[k] = _mm512_load_si512(bytes_[k].data());
    highs[k] = _mm512_load_si512(bytes_[k].data() + kBlock);
  }
  for (std::size_t i = 0; i + kWindow <= raw.size(); i += kBlock) {
    const std::size_t left = raw.size() - i;
    __m512i found = _mm512_permutex2var_epi8(lows[0], load_up_to(raw.data() + i, left), highs[0]);
    for (std::size_t k = 1; k < kWindow; ++k) {
      const __m512i bytes = load_up_to(raw.data() + i + k, left - k);
      found = _mm512_and_si512(found, _mm512_permutex2var_epi8(lows[k], bytes, highs[k]));
    }
    const std::uint64_t places = _mm512_test_epi8_mask(found, found);
    if (places == 0) continue;
    alignas(kBlock) std::array<std::uint8_t, kBlock> buckets;  // NOLINT: written by the store
    _mm512_store_si512(buckets.data(), found);
    if (confirm_block(raw, i, places, buckets.data())) return true;
  }
  return false;
}
#else
template <std::size_t kWindow>
bool RawTextFilter::scan_baseline(std::string_view raw) const noexcept {
  for (std::size_t i = 0; i + kWindow <= raw.size(); ++i) {
    unsigned found = ~0U;
    for (std::size_t k = 0; k < kWindow; ++k) {
      const auto byte = static_cast<unsigned char>(raw[i + k]);
      found &= byte < bytes_[k].size() ? bytes_[k][byte] : 0U;
    }
    if (found != 0 && confirm(raw, i, found)) return true;
  }
  return false;
}
template <std::size_t kWindow>
bool RawTextFilter::scan_avx2(std::string_view raw) const noexcept {
  return scan_baseline<kWindow>(raw);
}
template <std::size_t kWindow>
bool RawTextFilter::scan_avx512(std::string_view raw) const noexcept {
  return scan_baseline<kWindow>(raw);
}
#endif

}  // namespace catena::match
