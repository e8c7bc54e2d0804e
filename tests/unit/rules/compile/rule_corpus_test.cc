// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/rule_corpus.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"

namespace catena::compile {
namespace {

namespace fs = std::filesystem;

// Everything that a load gives, as bytes: rules, report, field names.
std::string outcome(const RuleCorpus& corpus, const FieldCatalog& fields) {
  const auto bytes = encode_load(corpus.loaded, fields, 0);
  EXPECT_TRUE(bytes.ok()) << bytes.status().message();
  return bytes.ok() ? *bytes : "";
}

struct Outcome {
  std::string bytes;
  bool from_cache = false;
  std::string note;
};

Outcome load(const CorpusRequest& request) {
  FieldCatalog fields;
  fields.intern("Before");
  const auto corpus = load_corpus(request, fields);
  EXPECT_TRUE(corpus.ok()) << corpus.status().message();
  if (!corpus.ok()) return {};
  return {outcome(*corpus, fields), corpus->from_cache, corpus->cache_note};
}

class RuleCorpusTest : public testing::Test {
 protected:
  RuleCorpusTest() {
    fs::create_directory(scratch_.inside("rules"));
    for (int i = 0; i < 20; ++i) put("r" + std::to_string(i) + ".yml", rule("T", i));
    put("broken.yml", "a: [");
    put("refused.yml", rule("R", 98) + "---\ntitle: no\n");
    put("same-id.yml", rule("S", 3));
    fs::create_symlink(".", scratch_.inside("rules/loop"));
  }

  static std::string rule(const std::string& title, int number) {
    const std::string n = std::to_string(number);
    return "title: " + title + "\nid: id-" + n + "\nlogsource: {product: windows}\n" +
           "detection:\n  s: {F" + n + ": x, G|re: 'a" + n + "+'}\n  condition: s\n";
  }
  void put(const std::string& name, const std::string& text) {
    std::ofstream(scratch_.inside("rules/" + name), std::ios::trunc) << text;
  }
  [[nodiscard]] CorpusRequest request() const {
    CorpusRequest request;
    request.paths = {scratch_.inside("rules")};
    request.cache_folder = scratch_.inside("cache");
    request.build = "build-1";
    return request;
  }
  [[nodiscard]] CorpusRequest without_cache() const {
    CorpusRequest plain = request();
    plain.cache_folder.clear();
    return plain;
  }

  tests::ScratchFolder scratch_;
};

TEST_F(RuleCorpusTest, IsTheSameColdCachedAndForAnyNumberOfThreads) {
  const Outcome plain = load(without_cache());
  EXPECT_FALSE(plain.from_cache);
  EXPECT_EQ(plain.note, "rules compiled: no cache folder");
  for (const std::size_t threads : {2UL, 5UL}) {
    CorpusRequest parallel = without_cache();
    parallel.threads = threads;
    EXPECT_EQ(load(parallel).bytes, plain.bytes);
  }
  const Outcome cold = load(request());
  EXPECT_FALSE(cold.from_cache);
  EXPECT_EQ(cold.bytes, plain.bytes);
  const Outcome cached = load(request());
  EXPECT_TRUE(cached.from_cache) << cached.note;
  EXPECT_EQ(cached.bytes, plain.bytes);
}

TEST_F(RuleCorpusTest, IsWhatTheLoaderGives) {
  FieldCatalog fields;
  fields.intern("Before");
  RuleLoader loader(fields);
  ASSERT_TRUE(loader.add_path(scratch_.inside("rules")).ok());
  RuleCorpus corpus;
  corpus.loaded.rules = *loader.finish();
  corpus.loaded.report = loader.report();
  EXPECT_EQ(corpus.loaded.report.refused.size(), 4u);  // loop, broken, refused, same id
  EXPECT_EQ(load(request()).bytes, outcome(corpus, fields));
  CorpusRequest large = request();
  large.max_source_bytes = 100;
  const Outcome streamed = load(large);
  EXPECT_EQ(streamed.bytes, outcome(corpus, fields));
  EXPECT_NE(streamed.note.find("not kept: more than 100 bytes"), std::string::npos);
}

TEST_F(RuleCorpusTest, CompilesAgainWhenAFileChanges) {
  load(request());
  EXPECT_TRUE(load(request()).from_cache);
  const auto time = fs::last_write_time(scratch_.inside("rules/r7.yml"));
  put("r7.yml", rule("U", 7));  // the same size
  fs::last_write_time(scratch_.inside("rules/r7.yml"), time);
  const Outcome edited = load(request());
  EXPECT_FALSE(edited.from_cache);
  EXPECT_EQ(edited.bytes, load(without_cache()).bytes);
  put("new.yml", rule("N", 50));
  EXPECT_FALSE(load(request()).from_cache);
  fs::remove(scratch_.inside("rules/new.yml"));
  EXPECT_TRUE(load(request()).from_cache);
  CorpusRequest rebuilt = request();
  rebuilt.build = "build-2";
  EXPECT_FALSE(load(rebuilt).from_cache);
}

TEST_F(RuleCorpusTest, WorksWithoutACacheItCannotUse) {
  const std::string expected = load(without_cache()).bytes;
  CorpusRequest blocked = request();
  blocked.cache_folder = scratch_.inside("rules/broken.yml/cache");
  Outcome outcome = load(blocked);
  EXPECT_EQ(outcome.bytes, expected);
  EXPECT_NE(outcome.note.find("broken.yml"), std::string::npos) << outcome.note;
  CorpusRequest nameless = request();
  nameless.build.clear();
  EXPECT_EQ(load(nameless).note, "rules compiled: this build has no identity");
  load(request());
  for (const auto& entry : fs::directory_iterator(scratch_.inside("cache"))) {
    fs::resize_file(entry.path(), fs::file_size(entry.path()) - 1);
  }
  outcome = load(request());
  EXPECT_FALSE(outcome.from_cache);
  EXPECT_EQ(outcome.bytes, expected);
  EXPECT_NE(outcome.note.find("; kept as "), std::string::npos) << outcome.note;
  EXPECT_TRUE(load(request()).from_cache);
}

TEST_F(RuleCorpusTest, IsStrictColdAndCached) {
  CorpusRequest strict = request();
  strict.options.strict = true;
  for (int i = 0; i < 2; ++i) {
    FieldCatalog fields;
    const auto corpus = load_corpus(strict, fields);
    EXPECT_EQ(corpus.status().code(), StatusCode::kInvalidInput);
    EXPECT_NE(corpus.status().message().find("directory loop"), std::string::npos);
    EXPECT_NE(corpus.status().message().find("(and 3 more refused)"), std::string::npos);
  }
  CorpusRequest missing = request();
  missing.paths.push_back(scratch_.inside("none"));
  FieldCatalog fields;
  EXPECT_EQ(load_corpus(missing, fields).status().code(), StatusCode::kNotFound);
}

TEST_F(RuleCorpusTest, TakesConcurrentStarts) {
  const std::string expected = load(without_cache()).bytes;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 5; ++n) EXPECT_EQ(load(request()).bytes, expected);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(load(request()).from_cache);
}

TEST(SharedRuleCorpus, IsTheSameColdCachedAndForAnyNumberOfThreads) {
  const char* given = std::getenv("CATENA_SHARED");
  const std::string root =
      (given != nullptr ? given : std::string(CATENA_SOURCE_DIR) + "/../shared") + "/sigma/";
  if (!fs::is_directory(root + "rules")) {
    GTEST_SKIP() << "no public Sigma rules at " << root << "rules";
  }
  const tests::ScratchFolder scratch;
  CorpusRequest request;
  for (const char* folder : {"rules", "rules-emerging-threats", "rules-threat-hunting"}) {
    request.paths.push_back(root + folder);
  }
  request.build = "build-1";
  const Outcome plain = load(request);
  request.threads = 3;
  request.cache_folder = scratch.inside("cache");
  const Outcome cold = load(request);
  const Outcome cached = load(request);
  EXPECT_FALSE(cold.from_cache);
  EXPECT_TRUE(cached.from_cache) << cached.note;
  EXPECT_TRUE(cold.bytes == plain.bytes);
  EXPECT_TRUE(cached.bytes == plain.bytes);
  std::cout << plain.bytes.size() << " bytes\n";
}

}  // namespace
}  // namespace catena::compile
