// SPDX-License-Identifier: Apache-2.0
#include "engine/correlate/value_windows.h"

namespace catena::correlate {
namespace {

// 100 percent, in the unit of Correlation::percentile.
constexpr std::int64_t kWhole = 100 * std::int64_t{plan::kPercentileScale};
constexpr std::int64_t kHalf = kWhole / 2;

}  // namespace

void SumWindow::expire(Timestamp start) {
  while (!parts_.empty() && parts_.front().time < start) {
    sum_ -= parts_.front().sum;
    count_ -= parts_.front().count;
    parts_.pop();
  }
}

void SumWindow::add(const Member& member) {
  parts_.push({member.number, member.event.time, 1});
  sum_ += member.number;
  ++count_;
  if (parts_.size() > exact_) join_neighbours();
}

// Two neighbours that stay apart hold more than `limit` together, so at most half as many parts are
// left, plus one.
void SumWindow::join_neighbours() {
  const std::int64_t limit = 4 * count_ / static_cast<std::int64_t>(exact_);
  const auto all = parts_.all();
  std::size_t last = 0;
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[last].count + all[i].count > limit) {
      all[++last] = all[i];
      continue;
    }
    all[last] = {all[last].sum + all[i].sum, all[i].time, all[last].count + all[i].count};
  }
  parts_.truncate(last + 1);
}

bool SumWindow::holds() const {
  const Measure now = measure();
  return count_ > 0 && satisfies(correlation_.bounds, now.value, now.scale);
}

Measure SumWindow::measure() const {
  const bool average = correlation_.type == plan::CorrelationType::kValueAverage;
  return {sum_, average && count_ > 0 ? count_ : 1, false};
}

std::size_t SumWindow::bytes() const noexcept { return sizeof(*this) + parts_.bytes(); }

void PercentileWindow::drop_oldest() {
  sorted_.remove(numbers_.front().value);
  numbers_.pop();
}

void PercentileWindow::expire(Timestamp start) {
  while (!numbers_.empty() && numbers_.front().time < start) drop_oldest();
}

void PercentileWindow::add(const Member& member) {
  numbers_.push({member.number, member.event.time});
  sorted_.insert(member.number);
  if (numbers_.size() > exact_) drop_oldest();
}

bool PercentileWindow::holds() const {
  const Measure now = measure();
  return !numbers_.empty() && satisfies(correlation_.bounds, now.value, now.scale);
}

Measure PercentileWindow::measure() const {
  if (numbers_.empty()) return {};
  const bool median = correlation_.type == plan::CorrelationType::kValueMedian;
  const std::int64_t percentile = median ? kHalf : std::int64_t{correlation_.percentile};
  const std::int64_t position = percentile * static_cast<std::int64_t>(sorted_.size() - 1);
  const auto rank = static_cast<std::size_t>(position / kWhole);
  const std::int64_t beyond = position % kWhole;
  Int128 value = sorted_.at(rank) * (kWhole - beyond);
  if (beyond != 0) value += sorted_.at(rank + 1) * beyond;
  return {value, kWhole, false};
}

std::size_t PercentileWindow::bytes() const noexcept {
  return sizeof(*this) + numbers_.bytes() + sorted_.bytes();
}

}  // namespace catena::correlate
