// SPDX-License-Identifier: Apache-2.0
#include "storage/kv/kv.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"

namespace catena::storage {
namespace {

namespace fs = std::filesystem;

KvOptions options_for(const std::string& path) {
  return {path, true, false, "things", 3, {"left", "right"}};
}

class KvTest : public testing::Test {
 protected:
  std::unique_ptr<Kv> open(const KvOptions& options) {
    auto opened = Kv::open(options);
    EXPECT_TRUE(opened.ok()) << opened.status().message();
    return opened.ok() ? *std::move(opened) : nullptr;
  }
  [[nodiscard]] KvOptions options() const { return options_for(folder_.inside("store")); }
  [[nodiscard]] std::string path() const { return folder_.inside("store"); }
  static void put(Kv& kv, const std::string& key, const std::string& value) {
    KvBatch batch;
    batch.put(0, key, value);
    const Status status = kv.write(batch);
    ASSERT_TRUE(status.ok()) << status.message();
  }
  static std::vector<std::string> keys(const Kv& kv, std::string_view prefix) {
    std::vector<std::string> found;
    EXPECT_TRUE(
        kv.for_each_prefix(0, prefix, [&](std::string_view key, std::string_view) -> Result<bool> {
            found.emplace_back(key);
            return true;
          }).ok());
    return found;
  }

  tests::ScratchFolder folder_;
};

TEST_F(KvTest, KeepsFamiliesApartAndAcrossOpening) {
  {
    const auto kv = open(options());
    KvBatch batch;
    batch.put(0, "k", "left");
    batch.put(1, "k", "right");
    batch.put(1, "gone", "x");
    batch.remove(1, "gone");
    EXPECT_EQ(batch.bytes(), 1 + 4 + 1 + 5 + 4 + 1 + 4U);
    ASSERT_TRUE(kv->write(batch).ok());
  }
  const auto kv = open(options());
  EXPECT_EQ(**kv->get(0, "k"), "left");
  EXPECT_EQ(**kv->get(1, "k"), "right");
  EXPECT_FALSE(kv->get(1, "gone")->has_value());
}

TEST_F(KvTest, ScansAPrefixInByteOrder) {
  const auto kv = open(options());
  const std::string high = "\xff\xff";
  for (const std::string& key : {std::string("b"), std::string("a2"), std::string("a1"),
                                 std::string("a"), high, high + "x", std::string()}) {
    put(*kv, key, "v");
  }
  EXPECT_EQ(keys(*kv, "a"), (std::vector<std::string>{"a", "a1", "a2"}));
  EXPECT_EQ(keys(*kv, high), (std::vector<std::string>{high, high + "x"}));
  EXPECT_EQ(keys(*kv, "").size(), 7U);
  EXPECT_TRUE(keys(*kv, "zz").empty());
}

TEST_F(KvTest, VisitorMayStopOrFail) {
  const auto kv = open(options());
  put(*kv, "a", "");
  put(*kv, "b", "");
  int visits = 0;
  EXPECT_TRUE(kv->for_each_prefix(0, "", [&](std::string_view, std::string_view) -> Result<bool> {
                  ++visits;
                  return false;
                }).ok());
  EXPECT_EQ(visits, 1);
  const Status failed = kv->for_each_prefix(
      0, "", [](std::string_view, std::string_view) -> Result<bool> { return corrupt("told"); });
  EXPECT_EQ(failed.message(), "told");
}

TEST_F(KvTest, SnapshotStaysAsItWas) {
  const auto kv = open(options());
  put(*kv, "k", "old");
  const auto snapshot = kv->snapshot();
  put(*kv, "k", "new");
  EXPECT_EQ(**snapshot->get(0, "k"), "old");
  EXPECT_EQ(**kv->get(0, "k"), "new");
}

TEST_F(KvTest, FilesAreForTheirOwner) {
  const auto kv = open(options());
  put(*kv, "k", "v");
  struct stat info = {};
  ASSERT_EQ(stat(path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0700U);
  for (const auto& entry : fs::directory_iterator(path())) {
    ASSERT_EQ(stat(entry.path().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0600U) << entry.path();
    EXPECT_NE(entry.path().filename(), "LOG");
  }
}

TEST_F(KvTest, OneWriterAtATime) {
  const auto kv = open(options());
  const auto second = Kv::open(options());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().code(), StatusCode::kIo);
  EXPECT_EQ(second.status().message(), path() + ": store is in use by another process");
  put(*kv, "still", "works");
}

TEST_F(KvTest, ReadOnlyReadsAndDoesNotWrite) {
  put(*open(options()), "k", "v");
  KvOptions read_only = options();
  read_only.read_only = true;
  const auto kv = open(read_only);
  EXPECT_EQ(**kv->get(0, "k"), "v");
  KvBatch batch;
  batch.put(0, "k", "w");
  EXPECT_EQ(kv->write(batch).code(), StatusCode::kUnsupported);
}

TEST_F(KvTest, MissingStoreIsOnlyMadeWhenAsked) {
  KvOptions given = options();
  given.create_if_missing = false;
  EXPECT_EQ(Kv::open(given).status().code(), StatusCode::kNotFound);
  given.create_if_missing = true;
  given.read_only = true;
  EXPECT_EQ(Kv::open(given).status().code(), StatusCode::kNotFound);
  EXPECT_FALSE(fs::exists(path()));
  const auto deep = Kv::open(options_for(folder_.inside("no/such/folder")));
  EXPECT_EQ(deep.status().code(), StatusCode::kIo);
  EXPECT_EQ(Kv::open(options_for("")).status().code(), StatusCode::kInvalidInput);
}

TEST_F(KvTest, MakesAStoreInAnEmptyFolder) {
  fs::create_directory(path());
  put(*open(options()), "k", "v");
  EXPECT_EQ(**open(options())->get(0, "k"), "v");
}

TEST_F(KvTest, RefusesAForeignFolderAndLeavesItAlone) {
  fs::create_directory(path());
  std::ofstream(path() + "/precious.txt") << "mine";
  const auto opened = Kv::open(options());
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.status().code(), StatusCode::kInvalidInput);
  EXPECT_EQ(opened.status().message(), path() + ": folder is not empty and not a Catena store");
  EXPECT_EQ(std::distance(fs::directory_iterator(path()), fs::directory_iterator()), 1);
  const auto file = Kv::open(options_for(path() + "/precious.txt"));
  EXPECT_EQ(file.status().code(), StatusCode::kInvalidInput);
}

TEST_F(KvTest, RefusesAStoreOfAnotherKindOrVersion) {
  open(options());
  KvOptions other = options();
  other.kind = "journal";
  EXPECT_EQ(Kv::open(other).status().code(), StatusCode::kInvalidInput);
  other = options();
  other.version = 4;
  const auto newer = Kv::open(other);
  EXPECT_EQ(newer.status().code(), StatusCode::kVersion);
  EXPECT_EQ(newer.status().message(), path() + ": store format 3, this program reads format 4");
  EXPECT_TRUE(Kv::open(options()).ok());
}

TEST_F(KvTest, DamagedFilesAreReportedAndNotMended) {
  put(*open(options()), "k", "v");
  std::ofstream(path() + "/CURRENT") << "MANIFEST-999999\n";
  const auto opened = Kv::open(options());
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.status().message().find('\n'), std::string::npos);
  EXPECT_TRUE(fs::exists(path() + "/CURRENT"));  // evidence is not swept away
}

TEST_F(KvTest, MakingThatWasInterruptedIsTakenUp) {
  open(options());
  for (const auto& entry : fs::directory_iterator(path())) {
    if (entry.path().filename() != "CATENA-STORE") fs::remove_all(entry.path());
  }
  put(*open(options()), "k", "v");
  EXPECT_EQ(**open(options())->get(0, "k"), "v");
}

// A small file system of our own, to fill it.
class KvOnFullDisk : public KvTest {
 protected:
  void mount_with(const std::string& size) {
    mount_ = folder_.inside("disk");
    fs::create_directory(mount_);
    mounted_ = mount("tmpfs", mount_.c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0;
  }
  ~KvOnFullDisk() override {
    if (mounted_) umount2(mount_.c_str(), MNT_DETACH);
  }
  std::string mount_;
  bool mounted_ = false;
};

TEST_F(KvOnFullDisk, FailsInOneLineAndLeavesNoPartialStore) {
  mount_with("64k");
  if (!mounted_) GTEST_SKIP() << "mounting a small tmpfs needs root";
  std::ofstream(mount_ + "/ballast") << std::string(60 * 1024, 'x');
  const std::string store = mount_ + "/store";
  const auto opened = Kv::open(options_for(store));
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.status().code(), StatusCode::kIo);
  EXPECT_NE(opened.status().message().find("o space left on device"), std::string::npos)
      << opened.status().message();
  EXPECT_EQ(opened.status().message().find('\n'), std::string::npos);
  EXPECT_FALSE(fs::exists(store));
}

TEST_F(KvOnFullDisk, StopsAtTheFirstFailedWriteAndKeepsWhatWasAcknowledged) {
  mount_with("4m");
  if (!mounted_) GTEST_SKIP() << "mounting a small tmpfs needs root";
  const std::string store = mount_ + "/store";
  std::size_t acknowledged = 0;
  {
    const auto kv = open(options_for(store));
    Status status;
    for (std::size_t i = 0; i < 1000 && status.ok(); ++i) {
      KvBatch batch;
      batch.put(0, std::to_string(i), std::string(16 * 1024, static_cast<char>('a' + i % 26)));
      status = kv->write(batch);
      if (status.ok()) ++acknowledged;
    }
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.code(), StatusCode::kIo);
    KvBatch small;
    small.put(0, "x", "y");
    const Status stopped = kv->write(small);
    EXPECT_EQ(stopped.code(), StatusCode::kIo);
    EXPECT_NE(stopped.message().find("(writing stopped)"), std::string::npos) << stopped.message();
    EXPECT_GT(acknowledged, 10U);
  }
  ASSERT_EQ(mount("tmpfs", mount_.c_str(), "tmpfs", MS_REMOUNT, "size=64m"), 0);
  const auto kv = open(options_for(store));
  for (std::size_t i = 0; i < acknowledged; ++i) {
    const auto value = kv->get(0, std::to_string(i));
    ASSERT_TRUE(value.ok() && value->has_value()) << i;
    EXPECT_EQ((*value)->size(), 16U * 1024);
  }
  put(*kv, "x", "y");
}

}  // namespace
}  // namespace catena::storage
