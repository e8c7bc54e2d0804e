// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

// HardwareCounters reads the processor's own counters for this process and the threads it starts
// later, user mode only, through perf_event_open. Many virtual machines and containers have none or
// forbid them: then open() leaves them out and reads give nothing.
// Thread safety: none. Counters that share hardware are scaled by the time they ran.
namespace catena::harness {

class HardwareCounters {
 public:
  enum Counter : std::uint8_t { kCycles, kInstructions, kCacheMisses, kBranchMisses };
  static constexpr std::size_t kCount = 4;
  static constexpr std::array<std::string_view, kCount> kNames = {"cycles", "instructions",
                                                                  "cache_misses", "branch_misses"};

  HardwareCounters();
  ~HardwareCounters();
  HardwareCounters(const HardwareCounters&) = delete;
  HardwareCounters& operator=(const HardwareCounters&) = delete;

  [[nodiscard]] bool available() const noexcept;
  void start() noexcept;
  void stop() noexcept;
  // Of all times between start and stop.
  [[nodiscard]] std::optional<double> read(Counter counter) const noexcept;

 private:
  std::array<int, kCount> descriptors_;
};

}  // namespace catena::harness
