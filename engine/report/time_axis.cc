// SPDX-License-Identifier: Apache-2.0
#include "engine/report/time_axis.h"

#include <algorithm>
#include <array>
#include <functional>

namespace catena::report {
namespace {

constexpr std::array<Timestamp, 18> kSteps = {
    kNanosPerSecond,        5 * kNanosPerSecond,    15 * kNanosPerSecond, kNanosPerMinute,
    2 * kNanosPerMinute,    5 * kNanosPerMinute,    10 * kNanosPerMinute, 15 * kNanosPerMinute,
    30 * kNanosPerMinute,   kNanosPerHour,          2 * kNanosPerHour,    3 * kNanosPerHour,
    6 * kNanosPerHour,      12 * kNanosPerHour,     24 * kNanosPerHour,   48 * kNanosPerHour,
    24 * 7 * kNanosPerHour, 24 * 28 * kNanosPerHour};

// The first multiple of `step` that is not before `time`.
Timestamp round_up(Timestamp time, Timestamp step) {
  const Timestamp rest = ((time % step) + step) % step;
  return rest == 0 ? time : time + step - rest;
}

}  // namespace

TimeAxis::TimeAxis(std::vector<Timestamp> times, double left, double right) {
  if (times.empty()) times.push_back(kNoTime);
  std::sort(times.begin(), times.end());
  cut(times);
  place(left, right);
  mark();
}

void TimeAxis::cut(const std::vector<Timestamp>& times) {
  const Timestamp span = times.back() - times.front();
  std::vector<Timestamp> gaps;
  for (std::size_t i = 1; i < times.size(); ++i) {
    const Timestamp gap = times[i] - times[i - 1];
    if (gap > span / kCutPart) gaps.push_back(gap);
  }
  std::sort(gaps.begin(), gaps.end(), std::greater<>());
  if (gaps.size() > kMaxBreaks) gaps.resize(kMaxBreaks);
  // Two moments alone are a stretch, not two and a break.
  const Timestamp least = gaps.empty() || times.front() == times.back() ? span + 1 : gaps.back();
  stretches_.push_back({times.front(), times.front(), 0, 0});
  for (std::size_t i = 1; i < times.size(); ++i) {
    const Timestamp gap = times[i] - times[i - 1];
    if (gap >= least && breaks_.size() < kMaxBreaks) {
      breaks_.push_back({0, gap});
      stretches_.push_back({times[i], times[i], 0, 0});
    }
    stretches_.back().last = times[i];
  }
}

void TimeAxis::place(double left, double right) {
  const auto count = static_cast<double>(stretches_.size());
  const double room = std::max(
      right - left - kBreakWidth * static_cast<double>(breaks_.size()) - kLeastStretch * count,
      0.0);
  double active = 0;
  for (const Stretch& stretch : stretches_) {
    active += static_cast<double>(stretch.last - stretch.first);
  }
  double x = left;
  for (std::size_t i = 0; i < stretches_.size(); ++i) {
    Stretch& stretch = stretches_[i];
    const double share =
        active > 0 ? static_cast<double>(stretch.last - stretch.first) / active : 1 / count;
    stretch.x = x;
    stretch.width = kLeastStretch + room * share;
    x += stretch.width;
    if (i < breaks_.size()) breaks_[i].x = x + kBreakWidth / 2;
    x += kBreakWidth;
  }
}

double TimeAxis::x(Timestamp time) const {
  for (const Stretch& stretch : stretches_) {
    if (time > stretch.last) continue;
    if (stretch.first == stretch.last) return stretch.x + stretch.width / 2;
    const double part = static_cast<double>(std::max(time, stretch.first) - stretch.first) /
                        static_cast<double>(stretch.last - stretch.first);
    return stretch.x + part * stretch.width;
  }
  return stretches_.back().x + stretches_.back().width;
}

void TimeAxis::add_tick(Timestamp time, bool seconds) {
  const std::string text = format_iso8601(time);
  const std::string day = text.substr(0, 10);
  ticks_.push_back({x(time), text.substr(11, seconds ? 8 : 5), day == day_ ? "" : day});
  day_ = day;
}

void TimeAxis::mark() {
  for (const Stretch& stretch : stretches_) {
    const Timestamp length = stretch.last - stretch.first;
    if (ticks_.empty() || x(stretch.first) - ticks_.back().x >= kTickSpacing / 2) {
      add_tick(stretch.first, length < kNanosPerMinute);
    }
    const double ticks = stretch.width / kTickSpacing;
    if (ticks < 1) continue;
    const auto step = std::find_if(kSteps.begin(), kSteps.end(), [&](Timestamp candidate) {
      return static_cast<double>(length) / static_cast<double>(candidate) <= ticks;
    });
    if (step == kSteps.end()) continue;
    for (Timestamp at = round_up(stretch.first, *step); at <= stretch.last; at += *step) {
      if (x(at) - ticks_.back().x >= kTickSpacing * 0.7) add_tick(at, *step < kNanosPerMinute);
    }
  }
}

}  // namespace catena::report
