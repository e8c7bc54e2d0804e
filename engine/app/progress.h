// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

// Progress shows one line on standard error while long work runs: share done, rate, time left. It
// is silent when standard error is not a terminal. It reads the steady clock, which is allowed here
// and nowhere below engine/app. Thread safety: none.
namespace catena::app {

class Progress {
 public:
  // `total` in bytes; 0 when unknown.
  explicit Progress(std::uint64_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Draws at most ten times a second.
  void update(std::uint64_t bytes, std::uint64_t events);
  // Removes the line.
  void clear();
  // Since construction.
  [[nodiscard]] double seconds() const;

 private:
  bool enabled_;
  bool drawn_ = false;
  std::uint64_t total_;
  std::int64_t started_;
  std::int64_t last_drawn_ = 0;
};

}  // namespace catena::app
