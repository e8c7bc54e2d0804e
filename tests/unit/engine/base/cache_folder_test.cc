// SPDX-License-Identifier: Apache-2.0
#include "engine/base/cache_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"

namespace catena {
namespace {

namespace fs = std::filesystem;

constexpr CacheKind kKind = {"sample", 3, 1000, 3, 1000};
constexpr Id128 kKey = {0x0123456789abcdef, 0xfedcba9876543210};

class CacheFolderTest : public testing::Test {
 protected:
  CacheFolder open() {
    auto folder = CacheFolder::open(path_);
    EXPECT_TRUE(folder.ok()) << folder.status().message();
    return *std::move(folder);
  }
  [[nodiscard]] std::string file(const Id128& key = kKey) const {
    return path_ + "/sample-" + key.hex() + ".cache";
  }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(path_), fs::directory_iterator()));
  }

  tests::ScratchFolder scratch_;
  std::string path_ = scratch_.inside("deep/cache");
};

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void put(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

TEST_F(CacheFolderTest, KeepsWhatItIsGivenForItsUserAlone) {
  const CacheFolder folder = open();
  EXPECT_EQ(folder.read(kKind, kKey).status().code(), StatusCode::kNotFound);
  const std::string payload("a\0b", 3);
  ASSERT_TRUE(folder.write(kKind, kKey, payload, CacheDurability::kSynced).ok());
  EXPECT_EQ(*folder.read(kKind, kKey), payload);
  ASSERT_TRUE(folder.write(kKind, kKey, "", CacheDurability::kEventual).ok());
  EXPECT_EQ(*open().read(kKind, kKey), "");
  struct stat status {};
  ASSERT_EQ(::stat(path_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0700U);
  ASSERT_EQ(::stat(file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
  EXPECT_EQ(files(), 1u);  // nothing unfinished is left
}

TEST_F(CacheFolderTest, RefusesEveryFlippedByteAndEveryTruncation) {
  const CacheFolder folder = open();
  ASSERT_TRUE(folder.write(kKind, kKey, "payload", CacheDurability::kEventual).ok());
  const std::string good = content(file());
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const char flip : {'\x01', '\x80'}) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ flip);
      put(file(), bad);
      EXPECT_FALSE(folder.read(kKind, kKey).ok()) << "byte " << i;
    }
    put(file(), good.substr(0, i));
    EXPECT_FALSE(folder.read(kKind, kKey).ok()) << "length " << i;
  }
  put(file(), good + "x");
  EXPECT_EQ(folder.read(kKind, kKey).status().code(), StatusCode::kCorrupt);
  put(file(), good);
  EXPECT_TRUE(folder.read(kKind, kKey).ok());
}

TEST_F(CacheFolderTest, RefusesAnotherVersionKeyOrKind) {
  const CacheFolder folder = open();
  ASSERT_TRUE(folder.write(kKind, kKey, "payload", CacheDurability::kEventual).ok());
  CacheKind newer = kKind;
  newer.version = 4;
  EXPECT_EQ(folder.read(newer, kKey).status().code(), StatusCode::kVersion);
  CacheKind other = kKind;
  other.name = "other";
  EXPECT_EQ(folder.read(other, kKey).status().code(), StatusCode::kNotFound);
  const Id128 another = {1, 2};
  fs::copy(file(), file(another));
  EXPECT_EQ(folder.read(kKind, another).status().code(), StatusCode::kCorrupt);
}

TEST_F(CacheFolderTest, BoundsAResult) {
  const CacheFolder folder = open();
  const std::string longest(kKind.max_payload_bytes, 'x');
  EXPECT_TRUE(folder.write(kKind, kKey, longest, CacheDurability::kEventual).ok());
  EXPECT_TRUE(folder.read(kKind, kKey).ok());
  EXPECT_EQ(folder.write(kKind, kKey, longest + "x", CacheDurability::kEventual).code(),
            StatusCode::kLimit);
  put(file(), std::string(kKind.max_payload_bytes + 1000, 'x'));
  EXPECT_EQ(folder.read(kKind, kKey).status().code(), StatusCode::kLimit);
}

TEST_F(CacheFolderTest, TrustsNothingThatOthersCanWrite) {
  const CacheFolder folder = open();
  ASSERT_TRUE(folder.write(kKind, kKey, "payload", CacheDurability::kEventual).ok());
  ::chmod(file().c_str(), 0620);
  EXPECT_EQ(folder.read(kKind, kKey).status().code(), StatusCode::kIo);
  ::chmod(file().c_str(), 0602);
  EXPECT_EQ(folder.read(kKind, kKey).status().code(), StatusCode::kIo);
  ::chmod(file().c_str(), 0644);  // others may read
  EXPECT_TRUE(folder.read(kKind, kKey).ok());
  for (const mode_t mode : {0770U, 0702U}) {
    ::chmod(path_.c_str(), mode);
    EXPECT_EQ(CacheFolder::open(path_).status().code(), StatusCode::kIo);
  }
  if (::geteuid() != 0) return;  // only root can give files away
  ::chmod(path_.c_str(), 0700);
  ASSERT_EQ(::chown(file().c_str(), 1, 1), 0);
  EXPECT_EQ(folder.read(kKind, kKey).status().code(), StatusCode::kIo);
  ASSERT_EQ(::chown(path_.c_str(), 1, 1), 0);
  EXPECT_EQ(CacheFolder::open(path_).status().code(), StatusCode::kIo);
}

TEST_F(CacheFolderTest, FollowsNoLinkAndWaitsForNoPipe) {
  const CacheFolder folder = open();
  ASSERT_TRUE(folder.write(kKind, kKey, "payload", CacheDurability::kEventual).ok());
  fs::rename(file(), path_ + "/elsewhere");
  fs::create_symlink("elsewhere", file());
  EXPECT_EQ(folder.read(kKind, kKey).status().code(), StatusCode::kIo);
  fs::remove(file());
  ASSERT_EQ(::mkfifo(file().c_str(), 0600), 0);
  EXPECT_EQ(folder.read(kKind, kKey).status().code(), StatusCode::kIo);
  fs::remove(file());
  fs::create_directory(file());
  EXPECT_FALSE(folder.read(kKind, kKey).ok());
  EXPECT_FALSE(folder.write(kKind, kKey, "x", CacheDurability::kEventual).ok());
}

TEST_F(CacheFolderTest, SaysWhyAFolderCannotBeUsed) {
  put(scratch_.inside("file"), "x");
  EXPECT_EQ(CacheFolder::open(scratch_.inside("file")).status().code(), StatusCode::kIo);
  EXPECT_EQ(CacheFolder::open(scratch_.inside("file/below")).status().code(), StatusCode::kIo);
  EXPECT_EQ(CacheFolder::open("").status().code(), StatusCode::kInvalidInput);
  EXPECT_EQ(CacheFolder::open(std::string("a\0b", 3)).status().code(), StatusCode::kInvalidInput);
}

TEST_F(CacheFolderTest, TrimsWhatWasUsedLongestAgo) {
  const CacheFolder folder = open();
  const auto set_time = [](const std::string& path, time_t seconds) {
    const timespec times[2] = {{seconds, 0}, {seconds, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  };
  for (std::uint64_t i = 0; i < 5; ++i) {
    ASSERT_TRUE(folder.write(kKind, {0, i}, "x", CacheDurability::kEventual).ok());
    set_time(file({0, i}), static_cast<time_t>(1000 + i));
  }
  put(file({0, 9}) + ".1-1.new", "what a dead process left");
  set_time(file({0, 9}) + ".1-1.new", 1);
  put(path_ + "/letter.txt", "not ours");
  EXPECT_TRUE(folder.read(kKind, {0, 1}).ok());  // used now
  folder.trim(kKind);
  EXPECT_FALSE(folder.read(kKind, {0, 0}).ok());
  EXPECT_TRUE(folder.read(kKind, {0, 1}).ok());
  EXPECT_FALSE(folder.read(kKind, {0, 2}).ok());
  EXPECT_TRUE(folder.read(kKind, {0, 3}).ok());
  EXPECT_TRUE(folder.read(kKind, {0, 4}).ok());
  EXPECT_EQ(files(), 4u);  // three of ours and the letter
  CacheKind small = kKind;
  small.max_total_bytes = 150;  // one file of 73 bytes and a second one
  folder.trim(small);
  EXPECT_EQ(files(), 3u);
}

TEST_F(CacheFolderTest, TakesManyWritersOfOneKey) {
  const CacheFolder folder = open();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&folder] {
      for (int n = 0; n < 50; ++n) {
        EXPECT_TRUE(folder.write(kKind, kKey, "same", CacheDurability::kEventual).ok());
        const auto read = folder.read(kKind, kKey);
        ASSERT_TRUE(read.ok()) << read.status().message();
        EXPECT_EQ(*read, "same");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(files(), 1u);
}

}  // namespace
}  // namespace catena
