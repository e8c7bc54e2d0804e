// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/correlate/hit.h"
#include "engine/correlate/watermark.h"

// HitQueue puts hits in the order of (time, place): they wait until the watermark has passed them.
// Whatever order hits of one source arrive in, as long as none is later than the allowed lateness,
// they leave in the same order; hits of several sources may arrive in any order of sources.
// A hit that is late takes no part in correlations and is counted. So is one that comes behind what
// had to go because too many bytes waited; then the oldest go first, and results are still right as
// far as sources are read side by side or one after the other in time.
// Thread safety: none. Cost of a hit: O(log waiting). Memory: what waits, at most about max_bytes.
namespace catena::correlate {

class HitQueue {
 public:
  struct Options {
    std::size_t sources = 1;
    // How much older than the newest hit of its source a hit may be; nullopt: as much as it likes,
    // everything waits for the end of all sources.
    std::optional<Timestamp> lateness;
    std::size_t max_bytes = kDefaultWaitingBytes;
  };
  static constexpr std::size_t kDefaultWaitingBytes = 256UL * 1024 * 1024;

  explicit HitQueue(const Options& options)
      : watermark_(options.sources, options.lateness), max_bytes_(options.max_bytes) {}

  // `source` is Hit::event.place.source. False when the hit is late; it is gone then.
  bool add(Hit hit);
  // Nothing more comes of this source.
  void close(std::size_t source) { watermark_.close(source); }
  // Everything that waits may go: nothing older is expected any more. What comes later all the same
  // is late. For input that pauses without ending.
  void settle();
  // The next hit that need not wait any longer, in order; false when there is none.
  bool take(Hit& hit);

  [[nodiscard]] std::uint64_t late() const noexcept { return late_; }
  // Hits that went before their time for want of memory.
  [[nodiscard]] std::uint64_t hurried() const noexcept { return hurried_; }
  [[nodiscard]] std::size_t waiting() const noexcept { return heap_.size(); }

 private:
  Watermark watermark_;
  std::size_t max_bytes_;
  std::vector<Hit> heap_;  // the earliest first, as std::push_heap keeps it
  std::size_t bytes_ = 0;
  std::optional<EventReference> last_taken_;
  Timestamp settled_ = Watermark::kStart;  // up to here hits need not wait
  std::uint64_t late_ = 0;
  std::uint64_t hurried_ = 0;
};

}  // namespace catena::correlate
