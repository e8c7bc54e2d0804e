// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "engine/correlate/fifo_queue.h"
#include "engine/correlate/window.h"

// Windows of event_count and value_count. Counts stop one above the greatest number that the
// condition names, and not below kCountedAtLeast: nothing beyond can change the answer, so the
// answer is exact while memory is bounded by the rule and not by the flood.
// Cost of an event: amortised constant.
namespace catena::correlate {

inline constexpr std::uint64_t kCountedAtLeast = 1'024;
// Distinct values that value_count tells apart exactly. A condition that names a greater number is
// answered from a sample of the values by their hash (adaptive sampling, Flajolet 1990): half of
// them go whenever more are held. The count is then off by 1/sqrt(kExactDistinct / 2), or 0.6 %, as
// standard error.
inline constexpr std::uint64_t kExactDistinct = 65'536;

class EventCountWindow final : public Window {
 public:
  explicit EventCountWindow(const plan::Correlation& correlation);
  void expire(Timestamp start) override;
  void add(const Member& member) override;
  [[nodiscard]] bool holds() const override;
  [[nodiscard]] Measure measure() const override;
  [[nodiscard]] std::uint64_t progress() const noexcept override { return times_.size(); }
  [[nodiscard]] std::size_t bytes() const noexcept override;

 private:
  const plan::Correlation& correlation_;
  std::size_t capacity_;
  FifoQueue<Timestamp> times_;
  Timestamp forgotten_ = kNoTime;  // time of the newest event that was dropped uncounted
  bool is_floor_ = false;
};

class DistinctCountWindow final : public Window {
 public:
  explicit DistinctCountWindow(const plan::Correlation& correlation,
                               std::uint64_t exact = kExactDistinct);
  void expire(Timestamp start) override;
  void add(const Member& member) override;
  [[nodiscard]] bool holds() const override;
  [[nodiscard]] Measure measure() const override;
  [[nodiscard]] std::uint64_t progress() const noexcept override { return latest_.size(); }
  [[nodiscard]] std::size_t bytes() const noexcept override;

 private:
  struct Sighting {
    Timestamp time = kNoTime;
    std::uint64_t number = 0;  // of the sighting; the value's newest one counts
    Id128 value;
  };

  [[nodiscard]] bool is_sampled(const Id128& value) const noexcept {
    return sampling_ == 0 || value.high >> (64U - sampling_) == 0;
  }
  [[nodiscard]] bool is_current(const Sighting& sighting) const;
  void drop_oldest();
  void halve();
  void compact();

  const plan::Correlation& correlation_;
  std::size_t capacity_;
  bool samples_;  // too many values are wanted: sample instead of dropping the oldest
  std::unordered_map<Id128, std::uint64_t> latest_;  // value -> number of its newest sighting
  FifoQueue<Sighting> sightings_;
  std::uint64_t next_number_ = 0;
  std::uint32_t sampling_ = 0;     // values whose hash starts with so many zero bits are held
  Timestamp forgotten_ = kNoTime;  // time of the newest value that was dropped uncounted
  bool is_floor_ = false;
};

}  // namespace catena::correlate
