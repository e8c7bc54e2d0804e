// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/hardware_counters.h"

#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace catena::harness {
namespace {

constexpr std::array<std::uint64_t, HardwareCounters::kCount> kEvents = {
    PERF_COUNT_HW_CPU_CYCLES, PERF_COUNT_HW_INSTRUCTIONS, PERF_COUNT_HW_CACHE_MISSES,
    PERF_COUNT_HW_BRANCH_MISSES};

int open_counter(std::uint64_t event) noexcept {
  perf_event_attr attributes{};
  attributes.type = PERF_TYPE_HARDWARE;
  attributes.size = sizeof(attributes);
  attributes.config = event;
  attributes.disabled = 1;
  attributes.inherit = 1;
  attributes.exclude_kernel = 1;
  attributes.exclude_hv = 1;
  attributes.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
  constexpr int kThisProcess = 0;
  constexpr int kAnyProcessor = -1;
  constexpr int kNoGroup = -1;
  return static_cast<int>(
      syscall(SYS_perf_event_open, &attributes, kThisProcess, kAnyProcessor, kNoGroup, 0UL));
}

}  // namespace

HardwareCounters::HardwareCounters() : descriptors_{} {
  for (std::size_t i = 0; i < kCount; ++i) descriptors_[i] = open_counter(kEvents[i]);
}

HardwareCounters::~HardwareCounters() {
  for (const int descriptor : descriptors_) {
    if (descriptor >= 0) ::close(descriptor);
  }
}

bool HardwareCounters::available() const noexcept {
  for (const int descriptor : descriptors_) {
    if (descriptor >= 0) return true;
  }
  return false;
}

void HardwareCounters::start() noexcept {
  for (const int descriptor : descriptors_) {
    if (descriptor >= 0) ioctl(descriptor, PERF_EVENT_IOC_ENABLE, 0);
  }
}

void HardwareCounters::stop() noexcept {
  for (const int descriptor : descriptors_) {
    if (descriptor >= 0) ioctl(descriptor, PERF_EVENT_IOC_DISABLE, 0);
  }
}

std::optional<double> HardwareCounters::read(Counter counter) const noexcept {
  const int descriptor = descriptors_[counter];
  if (descriptor < 0) return std::nullopt;
  struct {
    std::uint64_t value, enabled, running;
  } reading{};
  if (::read(descriptor, &reading, sizeof(reading)) != static_cast<ssize_t>(sizeof(reading)) ||
      reading.running == 0) {
    return std::nullopt;
  }
  return static_cast<double>(reading.value) * static_cast<double>(reading.enabled) /
         static_cast<double>(reading.running);
}

}  // namespace catena::harness
