// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "engine/base/decimal.h"

// SortedValues keeps numbers in order, equal ones several times, for percentiles over a window. A
// list of short sorted runs. Thread safety: none.
// Cost: O(kRunLength + size / kRunLength) for each call.
namespace catena::correlate {

class SortedValues {
 public:
  // Runs of twice this length are cut in two.
  static constexpr std::size_t kRunLength = 256;

  void insert(Int128 value);
  // `value` was inserted and not yet removed as often.
  void remove(Int128 value);
  // The value at `rank` from 0; rank < size().
  [[nodiscard]] Int128 at(std::size_t rank) const noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t bytes() const noexcept;

 private:
  [[nodiscard]] std::size_t run_of(Int128 value) const noexcept;

  std::vector<std::vector<Int128>> runs_;  // none is empty
  std::size_t size_ = 0;
};

}  // namespace catena::correlate
