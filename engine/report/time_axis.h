// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/event/timestamp.h"

// TimeAxis maps event times to a horizontal range of a drawing. Attacks are minutes of activity
// between hours of silence, so long gaps are cut out: each is a break of fixed width that says how
// long it was. Thread safety: const after construction.
namespace catena::report {

class TimeAxis {
 public:
  // A gap of more than this part of the whole time is cut, the longest first.
  static constexpr int kCutPart = 8;
  static constexpr std::size_t kMaxBreaks = 12;
  static constexpr double kBreakWidth = 26;
  static constexpr double kLeastStretch = 14;  // width of a stretch, were it a single moment
  static constexpr double kTickSpacing = 76;

  struct Break {
    double x = 0;  // its middle
    Timestamp length = 0;
  };
  struct Tick {
    double x = 0;
    std::string text;  // "08:41", with seconds where the stretch is short
    std::string day;   // "2026-03-02" where it differs from the tick before
  };

  // Times in any order; drawn from `left` to `right`.
  TimeAxis(std::vector<Timestamp> times, double left, double right);

  [[nodiscard]] double x(Timestamp time) const;
  [[nodiscard]] const std::vector<Break>& breaks() const noexcept { return breaks_; }
  [[nodiscard]] const std::vector<Tick>& ticks() const noexcept { return ticks_; }

 private:
  // Activity without a cut in it.
  struct Stretch {
    Timestamp first = 0;
    Timestamp last = 0;
    double x = 0;
    double width = 0;
  };

  void cut(const std::vector<Timestamp>& times);
  void place(double left, double right);
  void mark();
  void add_tick(Timestamp time, bool seconds);

  std::vector<Stretch> stretches_;
  std::vector<Break> breaks_;
  std::vector<Tick> ticks_;
  std::string day_;
};

}  // namespace catena::report
