// SPDX-License-Identifier: Apache-2.0
#include "engine/correlate/sorted_values.h"

#include <algorithm>

namespace catena::correlate {

// The first run whose last value is not less; the last run when there is none.
std::size_t SortedValues::run_of(Int128 value) const noexcept {
  const auto run = std::lower_bound(
      runs_.begin(), runs_.end(), value,
      [](const std::vector<Int128>& values, Int128 wanted) { return values.back() < wanted; });
  const auto index = static_cast<std::size_t>(run - runs_.begin());
  return index == runs_.size() && index > 0 ? index - 1 : index;
}

void SortedValues::insert(Int128 value) {
  ++size_;
  if (runs_.empty()) {
    runs_.push_back({value});
    return;
  }
  const std::size_t index = run_of(value);
  std::vector<Int128>& run = runs_[index];
  run.insert(std::upper_bound(run.begin(), run.end(), value), value);
  if (run.size() < 2 * kRunLength) return;
  std::vector<Int128> upper(run.begin() + kRunLength, run.end());
  run.resize(kRunLength);
  runs_.insert(runs_.begin() + static_cast<std::ptrdiff_t>(index) + 1, std::move(upper));
}

void SortedValues::remove(Int128 value) {
  const std::size_t index = run_of(value);
  std::vector<Int128>& run = runs_[index];
  run.erase(std::lower_bound(run.begin(), run.end(), value));
  if (run.empty()) runs_.erase(runs_.begin() + static_cast<std::ptrdiff_t>(index));
  --size_;
}

Int128 SortedValues::at(std::size_t rank) const noexcept {
  for (const std::vector<Int128>& run : runs_) {
    if (rank < run.size()) return run[rank];
    rank -= run.size();
  }
  return 0;
}

std::size_t SortedValues::bytes() const noexcept {
  std::size_t bytes = runs_.capacity() * sizeof(runs_[0]);
  for (const std::vector<Int128>& run : runs_) bytes += run.capacity() * sizeof(Int128);
  return bytes;
}

}  // namespace catena::correlate
