// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/machine.h"

#include <gtest/gtest.h>

namespace catena::harness {
namespace {

TEST(Machine, SaysWhatItIs) {
  const Machine machine = this_machine();
  EXPECT_FALSE(machine.cpu.empty());
  EXPECT_GE(machine.cores, 1U);
}

TEST(Machine, KnowsItsMemory) {
  EXPECT_GT(current_memory(), 0U);
  EXPECT_GE(peak_memory(), current_memory() / 2);
  reset_peak_memory();
  EXPECT_GT(peak_memory(), 0U);
}

TEST(Machine, ClocksGoForward) {
  const double wall = wall_seconds();
  const double thread = thread_seconds();
  volatile int sink = 0;
  for (int i = 0; i < 1'000'000; ++i) sink = sink ^ i;
  EXPECT_GT(wall_seconds(), wall);
  EXPECT_GT(thread_seconds(), thread);
}

// The test program does not link the counting operator new.
TEST(Machine, CountsAllocationsOnlyWhereLinked) { EXPECT_FALSE(allocation_count()); }

}  // namespace
}  // namespace catena::harness
