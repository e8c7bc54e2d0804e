// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

#include "engine/event/timestamp.h"

// Watermark says up to which event time the input is known to be complete: the least of what its
// open sources promise. A source promises that nothing comes that is older than its newest event by
// more than the allowed lateness; one that has not begun promises nothing, one that is closed
// promises everything. No wall clock enters. Thread safety: none. Cost: O(sources) for value().
namespace catena::correlate {

class Watermark {
 public:
  // The end of time: every source is closed.
  static constexpr Timestamp kEnd = std::numeric_limits<Timestamp>::max();
  // The beginning: some source has promised nothing yet.
  static constexpr Timestamp kStart = std::numeric_limits<Timestamp>::min();

  // Without a lateness a source promises nothing before it is closed.
  Watermark(std::size_t sources, std::optional<Timestamp> lateness);

  // False when `time` breaks the source's promise: the event is late.
  bool advance(std::size_t source, Timestamp time);
  void close(std::size_t source);
  // Events before this time are complete.
  [[nodiscard]] Timestamp value() noexcept;

 private:
  struct Source {
    std::optional<Timestamp> newest;
    bool is_closed = false;
  };
  [[nodiscard]] Timestamp promise(const Source& source) const noexcept;

  std::optional<Timestamp> lateness_;
  std::vector<Source> sources_;
  std::vector<std::size_t> open_;  // closed ones are taken out by value()
  std::size_t silent_ = 0;         // open sources that have promised nothing
};

}  // namespace catena::correlate
