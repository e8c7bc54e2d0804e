// SPDX-License-Identifier: Apache-2.0
#include "engine/correlate/watermark.h"

#include <algorithm>
#include <numeric>

namespace catena::correlate {

Timestamp Watermark::promise(const Source& source) const noexcept {
  if (source.is_closed) return kEnd;
  if (!source.newest || !lateness_) return kStart;
  return *source.newest < kStart + *lateness_ ? kStart : *source.newest - *lateness_;
}

Watermark::Watermark(std::size_t sources, std::optional<Timestamp> lateness)
    : lateness_(lateness), sources_(sources), open_(sources), silent_(sources) {
  std::iota(open_.begin(), open_.end(), std::size_t{0});
}

void Watermark::close(std::size_t source) {
  Source& state = sources_[source];
  if (state.is_closed) return;
  if (promise(state) == kStart) --silent_;
  state.is_closed = true;
}

bool Watermark::advance(std::size_t source, Timestamp time) {
  Source& state = sources_[source];
  const Timestamp promised = promise(state);
  if (time < promised) return false;
  if (!state.newest || time > *state.newest) state.newest = time;
  if (promised == kStart && promise(state) != kStart) --silent_;
  return true;
}

Timestamp Watermark::value() noexcept {
  if (silent_ > 0) return kStart;
  std::erase_if(open_, [&](std::size_t source) { return sources_[source].is_closed; });
  Timestamp least = kEnd;
  for (const std::size_t source : open_) least = std::min(least, promise(sources_[source]));
  return least;
}

}  // namespace catena::correlate
