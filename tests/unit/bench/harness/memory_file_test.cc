// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/memory_file.h"

#include <fstream>
#include <iterator>
#include <utility>

#include <gtest/gtest.h>

namespace catena::harness {
namespace {

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(MemoryFile, CanBeOpenedAgainAndAgain) {
  auto file = MemoryFile::create("some text\n");
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(read(file->path()), "some text\n");
  EXPECT_EQ(read(file->path()), "some text\n");
  const MemoryFile moved = *std::move(file);
  EXPECT_EQ(read(moved.path()), "some text\n");
}

TEST(MemoryFile, HoldsMuch) {
  const std::string text(5'000'000, 'x');
  const auto file = MemoryFile::create(text);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(read(file->path()), text);
}

}  // namespace
}  // namespace catena::harness
