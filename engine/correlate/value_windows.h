// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/correlate/fifo_queue.h"
#include "engine/correlate/sorted_values.h"
#include "engine/correlate/window.h"

// Windows of value_sum, value_avg, value_percentile and value_median. Arithmetic is exact
// (engine/base/decimal.h), so a window that moved over millions of events says the same as one that
// was computed from scratch.
namespace catena::correlate {

// Numbers that a window keeps one by one.
inline constexpr std::size_t kExactNumbers = 65'536;

// value_sum and value_avg. Beyond kExactNumbers neighbours in time are added up and leave the
// window together, with the latest one's time: no number is lost, and the sum is off by at most one
// such part at its old end, which holds at most 1/16,384 of the events that were in the window when
// it was made. Cost of an event: amortised constant.
class SumWindow final : public Window {
 public:
  explicit SumWindow(const plan::Correlation& correlation, std::size_t exact = kExactNumbers)
      : correlation_(correlation), exact_(exact) {}
  void expire(Timestamp start) override;
  void add(const Member& member) override;
  [[nodiscard]] bool holds() const override;
  [[nodiscard]] Measure measure() const override;
  [[nodiscard]] std::uint64_t progress() const noexcept override {
    return static_cast<std::uint64_t>(count_);
  }
  [[nodiscard]] std::size_t bytes() const noexcept override;

 private:
  struct Part {
    Int128 sum = 0;
    Timestamp time = kNoTime;
    std::int64_t count = 0;
  };
  void join_neighbours();

  const plan::Correlation& correlation_;
  std::size_t exact_;
  FifoQueue<Part> parts_;
  Int128 sum_ = 0;
  std::int64_t count_ = 0;
};

// value_percentile and value_median, by linear interpolation between the two nearest ranks: of n
// numbers in order, counted from 0, the one at p/100 * (n - 1). A median is the percentile 50.
// Over more than kExactNumbers numbers, over the newest so many.
// Cost of an event: SortedValues, two changes.
class PercentileWindow final : public Window {
 public:
  explicit PercentileWindow(const plan::Correlation& correlation, std::size_t exact = kExactNumbers)
      : correlation_(correlation), exact_(exact) {}
  void expire(Timestamp start) override;
  void add(const Member& member) override;
  [[nodiscard]] bool holds() const override;
  [[nodiscard]] Measure measure() const override;
  [[nodiscard]] std::uint64_t progress() const noexcept override { return numbers_.size(); }
  [[nodiscard]] std::size_t bytes() const noexcept override;

 private:
  struct Number {
    Int128 value = 0;
    Timestamp time = kNoTime;
  };
  void drop_oldest();

  const plan::Correlation& correlation_;
  std::size_t exact_;
  FifoQueue<Number> numbers_;
  SortedValues sorted_;
};

}  // namespace catena::correlate
