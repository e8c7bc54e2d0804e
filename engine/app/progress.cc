// SPDX-License-Identifier: Apache-2.0
#include "engine/app/progress.h"

#include <chrono>
#include <cstdio>

#include "engine/app/terminal.h"

namespace catena::app {
namespace {

constexpr std::int64_t kRedrawNanos = 100'000'000;

std::int64_t steady_nanos() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

Progress::Progress(std::uint64_t total)
    : enabled_(is_terminal(2)), total_(total), started_(steady_nanos()) {}

Progress::~Progress() { clear(); }

double Progress::seconds() const { return static_cast<double>(steady_nanos() - started_) / 1e9; }

void Progress::update(std::uint64_t bytes, std::uint64_t events) {
  if (!enabled_) return;
  const std::int64_t now = steady_nanos();
  if (now - last_drawn_ < kRedrawNanos) return;
  last_drawn_ = now;
  const double elapsed = seconds();
  const double rate = elapsed > 0 ? static_cast<double>(events) / elapsed : 0;
  const double speed = elapsed > 0 ? static_cast<double>(bytes) / elapsed : 0;
  std::string line = grouped(events) + " events  " + grouped(static_cast<std::uint64_t>(rate)) +
                     "/s  " + grouped(static_cast<std::uint64_t>(speed / 1e6)) + " MB/s";
  if (total_ > 0 && speed > 0) {
    const double share = static_cast<double>(bytes) / static_cast<double>(total_);
    const auto left =
        bytes < total_ ? static_cast<std::int64_t>(static_cast<double>(total_ - bytes) / speed) : 0;
    line = std::to_string(static_cast<int>(share * 100)) + "%  " + line + "  " +
           duration_text(left * 1'000'000'000) + " left";
  }
  std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
  std::fflush(stderr);
  drawn_ = true;
}

void Progress::clear() {
  if (!drawn_) return;
  std::fputs("\r\x1b[K", stderr);
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace catena::app
