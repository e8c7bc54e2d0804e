// SPDX-License-Identifier: Apache-2.0
#include "engine/base/arena.h"

#include <cstring>

#include <gtest/gtest.h>

namespace catena {
namespace {

TEST(Arena, KeepsWhatItHandsOutAndAlignsIt) {
  Arena arena;
  const std::string_view text = arena.copy("kept");
  const auto numbers = arena.allocate_array<std::uint64_t>(3);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(numbers.data()) % alignof(std::uint64_t), 0U);
  numbers[2] = 7;
  EXPECT_EQ(text, "kept");
}

TEST(Arena, AWarmArenaTakesNoMoreMemory) {
  Arena arena;
  const auto fill = [&] {
    for (int i = 0; i < 1000; ++i) std::memset(arena.allocate(997, 8), 1, 997);
    std::memset(arena.allocate(3 * Arena::kChunkBytes, 1), 1, 3 * Arena::kChunkBytes);
  };
  fill();
  const std::size_t warm = arena.capacity();
  for (int round = 0; round < 5; ++round) {
    arena.clear();
    fill();
  }
  EXPECT_EQ(arena.capacity(), warm);
}

}  // namespace
}  // namespace catena
