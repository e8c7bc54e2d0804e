// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

// What is said of repeated measurements, and a histogram for latencies. Medians, because noise on a
// shared machine is one-sided. Thread safety: none for objects, functions are pure.
namespace catena::harness {

struct Summary {
  double median = 0;
  double min = 0;
  double max = 0;
  double mad = 0;  // median absolute deviation from the median: the spread

  // mad / median; 0 when the median is 0.
  [[nodiscard]] double relative_spread() const noexcept;
};

// Of nothing: all zero.
[[nodiscard]] Summary summarise(std::vector<double> samples);

// Counts durations in buckets that are at most 1/32 wide of their value. Memory: 16 KB.
class LatencyHistogram {
 public:
  void add(std::uint64_t nanoseconds, std::uint64_t count = 1) noexcept;
  void add(const LatencyHistogram& other) noexcept;
  // The smallest bucket's upper end that holds `share` (0 … 1) of all; nanoseconds, 0 when empty.
  [[nodiscard]] std::uint64_t percentile(double share) const noexcept;
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] std::uint64_t max() const noexcept { return max_; }

 private:
  static constexpr std::size_t kSubBuckets = 32;
  static constexpr std::size_t kBuckets = (64 - 4) * kSubBuckets;
  [[nodiscard]] static std::size_t bucket_of(std::uint64_t value) noexcept;
  [[nodiscard]] static std::uint64_t upper_end(std::size_t bucket) noexcept;

  std::array<std::uint64_t, kBuckets> buckets_{};
  std::uint64_t count_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace catena::harness
