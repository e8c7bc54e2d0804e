// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

// What the operating system says of the machine and of this process. Thread safety: pure functions.
namespace catena::harness {

struct Machine {
  std::string cpu;  // model name, "unknown" when the system does not say
  unsigned cores = 1;
};
[[nodiscard]] Machine this_machine();

// Bytes; 0 when unknown.
[[nodiscard]] std::uint64_t peak_memory();
[[nodiscard]] std::uint64_t current_memory();
// Makes peak_memory() start again from what is used now, after freed memory was given back; where
// the system does not allow it, the peak stays that of the whole run.
void reset_peak_memory();

// Seconds since some moment: of the wall clock, and of this thread's processor time.
[[nodiscard]] double wall_seconds();
[[nodiscard]] double thread_seconds();

// Allocations (operator new) of all threads since the start. Only a program that links
// bench/allocations/counting_new.cc counts them (catena-bench does); none elsewhere, and no cost.
[[nodiscard]] std::optional<std::uint64_t> allocation_count();

}  // namespace catena::harness
