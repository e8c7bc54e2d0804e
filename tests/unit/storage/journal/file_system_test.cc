// SPDX-License-Identifier: Apache-2.0
#include "storage/journal/file_system.h"

#include <sys/stat.h>

#include <string>

#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"

namespace catena::storage {
namespace {

TEST(PosixFileSystem, AppendsReadsAndRemoves) {
  const tests::ScratchFolder scratch;
  PosixFileSystem files;
  const std::string folder = scratch.inside("j");
  ASSERT_TRUE(files.make_folder(folder).ok());
  ASSERT_TRUE(files.make_folder(folder).ok());
  const std::string path = folder + "/a";
  auto file = files.create(path);
  ASSERT_TRUE(file.ok());
  EXPECT_FALSE(files.create(path).ok());
  EXPECT_TRUE((*file)->append("hello ").ok());
  EXPECT_TRUE((*file)->append("world").ok());
  EXPECT_TRUE((*file)->sync().ok());
  EXPECT_TRUE(files.sync_folder(folder).ok());
  EXPECT_TRUE(files.sync_file(path).ok());
  auto reader = files.open(path);
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(*(*reader)->size(), 11U);
  char bytes[8] = {};
  EXPECT_EQ(*(*reader)->read(6, bytes, sizeof bytes), 5U);
  EXPECT_EQ(std::string(bytes, 5), "world");
  EXPECT_EQ(files.list(folder)->size(), 1U);
  EXPECT_TRUE(files.remove(path).ok());
  EXPECT_EQ(files.remove(path).code(), StatusCode::kNotFound);
  EXPECT_EQ(files.open(path).status().code(), StatusCode::kNotFound);
}

TEST(PosixFileSystem, IsForItsOwnerOnly) {
  const tests::ScratchFolder scratch;
  PosixFileSystem files;
  const std::string folder = scratch.inside("j");
  ASSERT_TRUE(files.make_folder(folder).ok());
  ASSERT_TRUE(files.create(folder + "/a").ok());
  struct stat about {};
  ASSERT_EQ(::stat(folder.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0700U);
  ASSERT_EQ(::stat((folder + "/a").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
}

TEST(PosixFileSystem, ALockIsHeldOnce) {
  const tests::ScratchFolder scratch;
  PosixFileSystem files;
  auto lock = files.lock_folder(scratch.path().string());
  ASSERT_TRUE(lock.ok());
  EXPECT_FALSE(files.lock_folder(scratch.path().string()).ok());
  lock->reset();
  EXPECT_TRUE(files.lock_folder(scratch.path().string()).ok());
}

TEST(PosixFileSystem, AFolderThatIsNotThereIsSaid) {
  PosixFileSystem files;
  const tests::ScratchFolder scratch;
  EXPECT_EQ(files.make_folder(scratch.inside("a/b")).code(), StatusCode::kNotFound);
  EXPECT_FALSE(files.list(scratch.inside("none")).ok());
}

}  // namespace
}  // namespace catena::storage
