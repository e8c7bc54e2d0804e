// SPDX-License-Identifier: Apache-2.0
#include "engine/correlate/count_windows.h"

#include <algorithm>

namespace catena::correlate {
namespace {

// Sightings of values that were seen again later: dropped once they outnumber the others.
constexpr std::size_t kStaleSightings = 64;
// A node of the map, with its share of the buckets.
constexpr std::size_t kMapNodeBytes = 56;
constexpr std::uint32_t kMaxSampling = 40;

std::size_t capacity_for(const plan::Correlation& correlation) {
  const std::uint64_t wanted = std::max(greatest_bound(correlation.bounds) + 1, kCountedAtLeast);
  return static_cast<std::size_t>(wanted);
}

Measure count_measure(std::uint64_t count, bool is_floor) {
  return {Int128{count} * Decimal::kUnitsPerOne, 1, is_floor};
}

}  // namespace

EventCountWindow::EventCountWindow(const plan::Correlation& correlation)
    : correlation_(correlation), capacity_(capacity_for(correlation)) {}

void EventCountWindow::expire(Timestamp start) {
  while (!times_.empty() && times_.front() < start) times_.pop();
  if (forgotten_ < start) is_floor_ = false;
}

void EventCountWindow::add(const Member& member) {
  times_.push(member.event.time);
  if (times_.size() <= capacity_) return;
  forgotten_ = times_.front();
  is_floor_ = true;
  times_.pop();
}

bool EventCountWindow::holds() const { return satisfies(correlation_.bounds, measure().value, 1); }

Measure EventCountWindow::measure() const { return count_measure(times_.size(), is_floor_); }

std::size_t EventCountWindow::bytes() const noexcept { return sizeof(*this) + times_.bytes(); }

DistinctCountWindow::DistinctCountWindow(const plan::Correlation& correlation, std::uint64_t exact)
    : correlation_(correlation),
      capacity_(
          static_cast<std::size_t>(std::min<std::uint64_t>(capacity_for(correlation), exact))),
      samples_(capacity_for(correlation) > exact) {}

bool DistinctCountWindow::is_current(const Sighting& sighting) const {
  const auto found = latest_.find(sighting.value);
  return found != latest_.end() && found->second == sighting.number;
}

void DistinctCountWindow::expire(Timestamp start) {
  while (!sightings_.empty() && sightings_.front().time < start) {
    if (is_current(sightings_.front())) latest_.erase(sightings_.front().value);
    sightings_.pop();
  }
  if (forgotten_ < start) is_floor_ = false;
  if (latest_.empty()) sampling_ = 0;
}

void DistinctCountWindow::add(const Member& member) {
  if (!is_sampled(member.value_key)) return;
  sightings_.push({member.event.time, next_number_, member.value_key});
  latest_.insert_or_assign(member.value_key, next_number_);
  ++next_number_;
  while (latest_.size() > capacity_) samples_ ? halve() : drop_oldest();
  if (sightings_.size() > 2 * latest_.size() + kStaleSightings) compact();
}

// Of the values held, the one seen longest ago: it leaves the window first, so the newest
// `capacity_` are enough to know whether there are that many.
void DistinctCountWindow::drop_oldest() {
  while (!is_current(sightings_.front())) sightings_.pop();
  forgotten_ = sightings_.front().time;
  is_floor_ = true;
  latest_.erase(sightings_.front().value);
  sightings_.pop();
}

void DistinctCountWindow::halve() {
  // Hashes that agree in so many bits are no accident: then the oldest go.
  if (sampling_ >= kMaxSampling) return drop_oldest();
  ++sampling_;
  std::erase_if(latest_, [&](const auto& entry) { return !is_sampled(entry.first); });
  compact();
}

void DistinctCountWindow::compact() {
  const auto all = sightings_.all();
  const auto end =
      std::remove_if(all.begin(), all.end(), [&](const Sighting& s) { return !is_current(s); });
  sightings_.truncate(static_cast<std::size_t>(end - all.begin()));
}

bool DistinctCountWindow::holds() const {
  return satisfies(correlation_.bounds, measure().value, 1);
}

Measure DistinctCountWindow::measure() const {
  return count_measure(std::uint64_t{latest_.size()} << sampling_, is_floor_);
}

std::size_t DistinctCountWindow::bytes() const noexcept {
  return sizeof(*this) + sightings_.bytes() + latest_.size() * kMapNodeBytes;
}

}  // namespace catena::correlate
