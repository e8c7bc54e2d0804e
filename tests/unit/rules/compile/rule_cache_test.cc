// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/rule_cache.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "tests/support/scratch_folder.h"
#include "tests/unit/rules/compile/rule_set_text.h"

namespace catena::compile {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRules =
    "title: T\nid: one\nname: t\nlevel: low\ntags: [attack.t1003]\n"
    "logsource: {product: windows, category: process_creation}\n"
    "detection:\n  s:\n    Image|endswith: '\\cmd.exe'\n    CommandLine|re: 'ab+c'\n"
    "  k: ['needle']\n  condition: s or k\n"
    "---\ntitle: No level\nlogsource: {product: windows}\n"
    "detection:\n  s: {Other|exists: true}\n  condition: s\n"
    "---\ntitle: Refused late\nlogsource: {product: windows}\n"
    "detection:\n  s: {OnlyInARefusedRule: x, F|re: '('}\n  condition: s\n"
    "---\ntitle: Several users\ncorrelation:\n  type: value_count\n  rules: [t]\n"
    "  group-by: [Computer]\n  timespan: 5m\n  condition: {field: OnlyInACorrelation, gte: 3}\n";

LoadedRules compiled(FieldCatalog& fields) {
  RuleLoader loader(fields);
  loader.add_text(kRules, "r.yml");
  auto rules = loader.finish();
  EXPECT_TRUE(rules.ok());
  return {*std::move(rules), loader.report()};
}

std::vector<std::string> names(const FieldCatalog& fields) {
  std::vector<std::string> all;
  for (FieldId id = 0; id < fields.size(); ++id) all.emplace_back(fields.name(id));
  return all;
}

std::string report_text(const LoadReport& report) {
  std::string text = std::to_string(report.files) + " " + std::to_string(report.rules_loaded) +
                     " " + std::to_string(report.correlations) + " " +
                     std::to_string(report.filters.size()) + " " +
                     std::to_string(report.unresolved_placeholders) + "\n";
  for (const auto& refusal : report.refused) text += refusal.to_string() + "\n";
  for (const auto& warning : report.warnings) text += warning.to_string() + "\n";
  for (const FilterUse& use : report.filters) {
    text += use.title + " " + use.file + ":" + std::to_string(use.line) + " " +
            std::to_string(use.rules) + "\n";
  }
  return text;
}

TEST(EncodeLoad, GivesBackRulesReportAndFieldNames) {
  FieldCatalog fields;
  fields.intern("Before");
  const auto first_new = static_cast<FieldId>(fields.size());
  const LoadedRules load = compiled(fields);
  EXPECT_EQ(load.report.rules_loaded, 2u);
  EXPECT_EQ(load.report.refused.size(), 1u);
  EXPECT_EQ(load.report.warnings.size(), 1u);
  EXPECT_NE(fields.find("OnlyInARefusedRule"), kUnknownField);
  EXPECT_NE(fields.find("OnlyInACorrelation"), kUnknownField);
  EXPECT_EQ(load.report.correlations, 1u);
  const auto bytes = encode_load(load, fields, first_new);
  ASSERT_TRUE(bytes.ok()) << bytes.status().message();

  FieldCatalog again;
  again.intern("Before");
  const auto decoded = decode_load(*bytes, again);
  ASSERT_TRUE(decoded.ok()) << decoded.status().message();
  EXPECT_EQ(names(again), names(fields));
  EXPECT_EQ(report_text(decoded->report), report_text(load.report));
  EXPECT_EQ(decoded->rules.fingerprint, load.rules.fingerprint);
  ASSERT_EQ(decoded->rules.correlation.correlations.size(), 1u);
  EXPECT_EQ(decoded->rules.correlation.correlations[0].title, "Several users");
  EXPECT_EQ(decoded->rules.correlation.rules[0].captures, load.rules.correlation.rules[0].captures);
  for (std::size_t i = 0; i < load.rules.rules.size(); ++i) {
    EXPECT_EQ(node_text(decoded->rules, decoded->rules.rules[i].root, again),
              node_text(load.rules, load.rules.rules[i].root, fields));
  }
  EXPECT_EQ(*encode_load(*decoded, again, first_new), *bytes);
}

TEST(DecodeLoad, LeavesTheCatalogAloneWhenItFails) {
  FieldCatalog fields;
  const LoadedRules load = compiled(fields);
  const std::string bytes = *encode_load(load, fields, 1);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    FieldCatalog again;
    EXPECT_FALSE(decode_load(std::string_view(bytes).substr(0, size), again).ok()) << size;
    EXPECT_EQ(again.size(), 1u);
  }
  FieldCatalog known;  // a name would get another id than it had
  known.intern("CommandLine");
  EXPECT_EQ(decode_load(bytes, known).status().code(), StatusCode::kCorrupt);
  EXPECT_EQ(known.size(), 2u);
}

TEST(DecodeLoad, SurvivesEveryFlippedByte) {
  FieldCatalog fields;
  const LoadedRules load = compiled(fields);
  const std::string bytes = *encode_load(load, fields, 1);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const char flip : {'\x01', '\x80', '\xff'}) {
      std::string bad = bytes;
      bad[i] = static_cast<char>(bad[i] ^ flip);
      FieldCatalog again;
      const auto decoded = decode_load(bad, again);  // no checksum at this level
      if (decoded.ok()) {
        EXPECT_EQ(again.size(), fields.size());
      }
    }
  }
}

class RuleCacheTest : public testing::Test {
 protected:
  RuleCache cache(const std::string& build = "build-1") {
    auto folder = CacheFolder::open(scratch_.inside("cache"));
    EXPECT_TRUE(folder.ok());
    return {*std::move(folder), build};
  }
  static RuleSources sources(std::string_view text = kRules, std::string_view name = "r.yml") {
    RuleSources sources;
    sources.add_text(text, name);
    return sources;
  }
  std::string only_file() {
    const fs::directory_iterator files(scratch_.inside("cache"));
    return files == fs::directory_iterator() ? "" : files->path().string();
  }
  tests::ScratchFolder scratch_;
};

TEST_F(RuleCacheTest, KeyCoversAllThatDecidesTheOutcome) {
  FieldCatalog fields;
  const Id128 key = cache().key(sources(), {}, fields);
  EXPECT_EQ(cache().key(sources(), {}, fields), key);
  EXPECT_NE(cache("build-2").key(sources(), {}, fields), key);
  EXPECT_NE(cache().key(sources("title: x\n"), {}, fields), key);
  EXPECT_NE(cache().key(sources(kRules, "other.yml"), {}, fields), key);
  CompileOptions options;
  options.strict = true;  // decides about the outcome, not of it
  EXPECT_EQ(cache().key(sources(), options, fields), key);
  options.placeholders["x"] = {"a", "b"};
  const Id128 with_placeholders = cache().key(sources(), options, fields);
  EXPECT_NE(with_placeholders, key);
  options.placeholders["x"] = {"ab"};
  EXPECT_NE(cache().key(sources(), options, fields), with_placeholders);
  fields.intern("Before");
  EXPECT_NE(cache().key(sources(), {}, fields), key);
}

TEST_F(RuleCacheTest, FindsWhatItKept) {
  FieldCatalog fields;
  const Id128 key = cache().key(sources(), {}, fields);
  EXPECT_EQ(cache().find(key, fields).status().code(), StatusCode::kNotFound);
  const LoadedRules load = compiled(fields);
  ASSERT_TRUE(cache().keep(key, load, fields, 1).ok());
  FieldCatalog again;
  const auto found = cache().find(key, again);
  ASSERT_TRUE(found.ok()) << found.status().message();
  EXPECT_EQ(found->rules.fingerprint, load.rules.fingerprint);
  EXPECT_EQ(names(again), names(fields));
}

TEST_F(RuleCacheTest, RefusesEveryDamagedFile) {
  FieldCatalog fields;
  const RuleCache kept = cache();
  const Id128 key = kept.key(sources(), {}, fields);
  ASSERT_TRUE(kept.keep(key, compiled(fields), fields, 1).ok());
  const std::string file = only_file();
  std::ifstream in(file, std::ios::binary);
  const std::string good{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const auto refuses = [&](std::size_t at) {
    FieldCatalog again;
    EXPECT_FALSE(kept.find(key, again).ok()) << at;
    EXPECT_EQ(again.size(), 1u);
  };
  std::fstream bytes(file, std::ios::binary | std::ios::in | std::ios::out);
  const auto put = [&](std::size_t at, char byte) {
    bytes.seekp(static_cast<std::streamoff>(at)).put(byte).flush();
  };
  for (std::size_t i = 0; i < good.size(); ++i) {
    put(i, static_cast<char>(good[i] ^ 0x10));
    refuses(i);
    put(i, good[i]);
  }
  FieldCatalog again;
  EXPECT_TRUE(kept.find(key, again).ok());
  for (std::size_t size = good.size(); size-- > 0;) {
    fs::resize_file(file, size);
    refuses(size);
  }
}

TEST_F(RuleCacheTest, KeepsAFewFiles) {
  for (std::uint64_t i = 0; i < kMaxRuleCacheFiles + 3; ++i) {
    FieldCatalog fields;
    const LoadedRules load = compiled(fields);
    ASSERT_TRUE(cache().keep({0, i}, load, fields, 1).ok());
  }
  EXPECT_EQ(
      std::distance(fs::directory_iterator(scratch_.inside("cache")), fs::directory_iterator()),
      static_cast<std::ptrdiff_t>(kMaxRuleCacheFiles));
}

}  // namespace
}  // namespace catena::compile
