// SPDX-License-Identifier: Apache-2.0
#include "engine/match/scanner_cache.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include "engine/base/byte_archive.h"
#include "tests/support/scratch_folder.h"

namespace catena::match {
namespace {

namespace fs = std::filesystem;

// Counts what is asked of it.
class MapCache final : public ScannerCache {
 public:
  std::optional<std::string> lookup(const Id128& key) override {
    ++lookups;
    const auto found = entries.find(key);
    return found == entries.end() ? std::nullopt : std::optional(found->second);
  }
  void insert(const Id128& key, std::string_view bytes) override {
    ++inserts;
    entries[key] = std::string(bytes);
  }
  std::map<Id128, std::string> entries;
  int lookups = 0;
  int inserts = 0;
};

bool finds(const Result<LiteralScanner>& scanner, std::string_view text) {
  EXPECT_TRUE(scanner.ok());
  LiteralScanner::Scratch scratch;
  EXPECT_TRUE(scanner->prepare(scratch).ok());
  std::vector<std::uint32_t> found;
  scanner->scan(text, scratch, found);
  return !found.empty();
}

const std::vector<std::string> kLiterals = {"mimikatz", "needle"};

TEST(ScannerKey, DependsOnTextsBordersAndOrder) {
  const auto key = [](std::vector<std::string> literals) { return scanner_key(literals); };
  EXPECT_EQ(key({"ab", "c"}), key({"ab", "c"}));
  EXPECT_NE(key({"ab", "c"}), key({"a", "bc"}));
  EXPECT_NE(key({"ab", "c"}), key({"c", "ab"}));
  EXPECT_NE(key({"ab"}), key({"ab", "c"}));
}

TEST(CompileScanner, CompilesOnce) {
  EXPECT_TRUE(finds(compile_scanner(kLiterals, nullptr), "a needle"));
  MapCache cache;
  EXPECT_TRUE(finds(compile_scanner(kLiterals, &cache), "a needle"));
  EXPECT_EQ(cache.inserts, 1);
  EXPECT_TRUE(finds(compile_scanner(kLiterals, &cache), "a needle"));
  EXPECT_EQ(cache.inserts, 1);
  EXPECT_EQ(cache.lookups, 2);
}

TEST(CompileScanner, CompilesAgainOnAnyDoubt) {
  MapCache cache;
  ASSERT_TRUE(compile_scanner(kLiterals, &cache).ok());
  const Id128 key = scanner_key(kLiterals);
  const std::string good = cache.entries[key];
  int inserts = 1;
  const auto damage = [&](const std::string& entry) {
    cache.entries[key] = entry;
    EXPECT_TRUE(finds(compile_scanner(kLiterals, &cache), "a needle"));
    EXPECT_EQ(cache.inserts, ++inserts);
  };
  damage("");
  damage("not an entry");
  damage(good.substr(0, good.size() - 1));
  damage(good + "x");
  // A scanner of other literals that the hash did not tell apart.
  const std::vector<std::string> others = {"mimikatz", "thread"};
  ASSERT_TRUE(compile_scanner(others, &cache).ok());
  ++inserts;
  damage(cache.entries[scanner_key(others)]);
  // Its own literals with damaged bytes behind them.
  std::string damaged = good;
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 1);
  damage(damaged);
}

TEST(FileScannerCache, IsThereAtTheNextStart) {
  const tests::ScratchFolder scratch;
  const std::string folder = scratch.inside("cache");
  {
    const auto cache = FileScannerCache::open(folder);
    ASSERT_TRUE(cache.ok());
    EXPECT_FALSE((*cache)->lookup(scanner_key(kLiterals)));
    EXPECT_TRUE(finds(compile_scanner(kLiterals, cache->get()), "a needle"));
  }
  const auto cache = FileScannerCache::open(folder);
  ASSERT_TRUE(cache.ok());
  EXPECT_TRUE((*cache)->lookup(scanner_key(kLiterals)));
  EXPECT_TRUE(finds(compile_scanner(kLiterals, cache->get()), "a needle"));
}

TEST(FileScannerCache, GivesBackNothingThatAnotherCouldHaveWritten) {
  const tests::ScratchFolder scratch;
  const auto cache = FileScannerCache::open(scratch.inside("cache"));
  ASSERT_TRUE(cache.ok());
  const Id128 key = scanner_key(kLiterals);
  ASSERT_TRUE(compile_scanner(kLiterals, cache->get()).ok());
  const std::string file = scratch.inside("cache/scanner-") + key.hex() + ".cache";
  ASSERT_TRUE(fs::exists(file));
  ::chmod(file.c_str(), 0622);
  EXPECT_FALSE((*cache)->lookup(key));
  ::chmod(file.c_str(), 0600);
  EXPECT_TRUE((*cache)->lookup(key));
  std::fstream(file, std::ios::binary | std::ios::in | std::ios::out).seekp(100).put('\x7f');
  EXPECT_FALSE((*cache)->lookup(key));
  EXPECT_TRUE(finds(compile_scanner(kLiterals, cache->get()), "a needle"));  // written again
  EXPECT_TRUE((*cache)->lookup(key));
}

TEST(FileScannerCache, WorksWhenNothingCanBeKept) {
  const tests::ScratchFolder scratch;
  const auto cache = FileScannerCache::open(scratch.inside("cache"));
  ASSERT_TRUE(cache.ok());
  fs::remove_all(scratch.inside("cache"));
  EXPECT_TRUE(finds(compile_scanner(kLiterals, cache->get()), "a needle"));
  EXPECT_FALSE(FileScannerCache::open("").ok());
}

}  // namespace
}  // namespace catena::match
