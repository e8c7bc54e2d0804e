// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/machine.h"

#include <malloc.h>
#include <time.h>

#include <fstream>
#include <sstream>
#include <string_view>
#include <thread>

// Defined by bench/allocations/counting_new.cc in programs that link it, absent in all others.
extern "C" std::uint64_t catena_allocation_count() __attribute__((weak));

namespace catena::harness {
namespace {

// The rest of the first line of `path` that starts with `key` and a colon, without blanks.
std::string line_of(const char* path, std::string_view key) {
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    if (!std::string_view(line).starts_with(key)) continue;
    const std::size_t begin = line.find_first_not_of(": \t", key.size());
    return begin == std::string::npos ? "" : line.substr(begin);
  }
  return "";
}

std::uint64_t kilobytes_of(std::string_view key) {
  std::istringstream text(line_of("/proc/self/status", key));
  std::uint64_t kilobytes = 0;
  text >> kilobytes;
  return kilobytes * 1024;
}

double seconds_of(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

}  // namespace

Machine this_machine() {
  Machine machine;
  machine.cpu = line_of("/proc/cpuinfo", "model name");
  if (machine.cpu.empty()) machine.cpu = "unknown";
  machine.cores = std::max(1U, std::thread::hardware_concurrency());
  return machine;
}

std::uint64_t peak_memory() { return kilobytes_of("VmHWM"); }
std::uint64_t current_memory() { return kilobytes_of("VmRSS"); }

void reset_peak_memory() {
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";
}

double wall_seconds() { return seconds_of(CLOCK_MONOTONIC); }
double thread_seconds() { return seconds_of(CLOCK_THREAD_CPUTIME_ID); }

std::optional<std::uint64_t> allocation_count() {
  if (catena_allocation_count == nullptr) return std::nullopt;
  return catena_allocation_count();
}

}  // namespace catena::harness
