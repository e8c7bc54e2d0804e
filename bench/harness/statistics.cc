// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/statistics.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace catena::harness {
namespace {

double median_of(std::vector<double>& samples) {
  std::sort(samples.begin(), samples.end());
  const std::size_t middle = samples.size() / 2;
  return samples.size() % 2 == 1 ? samples[middle] : (samples[middle - 1] + samples[middle]) / 2;
}

}  // namespace

double Summary::relative_spread() const noexcept { return median > 0 ? mad / median : 0; }

Summary summarise(std::vector<double> samples) {
  if (samples.empty()) return {};
  Summary summary;
  summary.median = median_of(samples);
  summary.min = samples.front();
  summary.max = samples.back();
  for (double& sample : samples) sample = std::abs(sample - summary.median);
  summary.mad = median_of(samples);
  return summary;
}

std::size_t LatencyHistogram::bucket_of(std::uint64_t value) noexcept {
  if (value < kSubBuckets) return static_cast<std::size_t>(value);
  // The leading five bits behind the highest one choose among the sub-buckets of a power of two.
  const auto power = static_cast<std::size_t>(std::bit_width(value)) - 6;
  return (power + 1) * kSubBuckets + static_cast<std::size_t>((value >> power) - kSubBuckets);
}

std::uint64_t LatencyHistogram::upper_end(std::size_t bucket) noexcept {
  if (bucket < kSubBuckets) return bucket;
  const std::size_t power = bucket / kSubBuckets - 1;
  const std::uint64_t first = (kSubBuckets + bucket % kSubBuckets) << power;
  return first + ((std::uint64_t{1} << power) - 1);
}

void LatencyHistogram::add(std::uint64_t nanoseconds, std::uint64_t count) noexcept {
  buckets_[std::min(bucket_of(nanoseconds), kBuckets - 1)] += count;
  count_ += count;
  max_ = std::max(max_, nanoseconds);
}

void LatencyHistogram::add(const LatencyHistogram& other) noexcept {
  for (std::size_t i = 0; i < kBuckets; ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

std::uint64_t LatencyHistogram::percentile(double share) const noexcept {
  if (count_ == 0) return 0;
  const auto wanted = static_cast<std::uint64_t>(
      std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    seen += buckets_[i];
    if (seen >= std::max<std::uint64_t>(wanted, 1)) return std::min(upper_end(i), max_);
  }
  return max_;
}

}  // namespace catena::harness
