// SPDX-License-Identifier: Apache-2.0
#include "engine/correlate/hit_queue.h"

#include <algorithm>
#include <utility>

namespace catena::correlate {
namespace {

// std heaps have the greatest on top. Hits of one event: in the order of the rules.
bool later(const Hit& a, const Hit& b) noexcept {
  if (before(b.event, a.event)) return true;
  return !before(a.event, b.event) && b.rule < a.rule;
}

std::size_t bytes_of(const Hit& hit) noexcept { return sizeof(Hit) + hit.payload.capacity(); }

}  // namespace

bool HitQueue::add(Hit hit) {
  const bool in_time = watermark_.advance(hit.event.place.source, hit.event.time);
  if (!in_time || (last_taken_ && before(hit.event, *last_taken_))) {
    ++late_;
    return false;
  }
  bytes_ += bytes_of(hit);
  heap_.push_back(std::move(hit));
  std::push_heap(heap_.begin(), heap_.end(), later);
  return true;
}

void HitQueue::settle() {
  for (const Hit& hit : heap_) settled_ = std::max(settled_, hit.event.time);
}

bool HitQueue::take(Hit& hit) {
  if (heap_.empty()) return false;
  const Timestamp mark = watermark_.value();
  const Timestamp time = heap_.front().event.time;
  const bool complete = time < mark || time <= settled_ || mark == Watermark::kEnd;
  if (!complete && bytes_ <= max_bytes_) return false;
  if (!complete) ++hurried_;
  std::pop_heap(heap_.begin(), heap_.end(), later);
  hit = std::move(heap_.back());
  heap_.pop_back();
  bytes_ -= bytes_of(hit);
  last_taken_ = hit.event;
  return true;
}

}  // namespace catena::correlate
