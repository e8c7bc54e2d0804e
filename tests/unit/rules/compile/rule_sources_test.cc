// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/rule_sources.h"

#include <filesystem>
#include <fstream>
#include <functional>

#include <gtest/gtest.h>

#include "rules/yaml/yaml_reader.h"
#include "tests/support/scratch_folder.h"

namespace catena::compile {
namespace {

namespace fs = std::filesystem;

void put(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

TEST(RuleSources, KeepsFilesAndProblemsInOrder) {
  const tests::ScratchFolder scratch;
  put(scratch.inside("b.yml"), "b");
  put(scratch.inside("a.yml"), "a");
  put(scratch.inside("c.yml"), std::string(yaml::kMaxYamlBytes + 1, '#'));
  fs::create_symlink(".", scratch.inside("loop"));
  RuleSources sources;
  ASSERT_TRUE(sources.add_path(scratch.path().string()).ok());
  sources.add_text("t", "text");
  const auto all = sources.all();
  ASSERT_EQ(all.size(), 5u);
  EXPECT_EQ(all[0].problem->code, sigma::DiagnosticCode::kUnreadable);
  EXPECT_FALSE(all[0].is_file);
  EXPECT_EQ(all[1].name, scratch.inside("a.yml"));
  EXPECT_EQ(all[1].text, "a");
  EXPECT_EQ(all[2].text, "b");
  EXPECT_EQ(all[3].problem->code, sigma::DiagnosticCode::kLimit);
  EXPECT_TRUE(all[3].is_file);
  EXPECT_EQ(all[3].problem->message.find(scratch.inside("c.yml")), std::string::npos);
  EXPECT_EQ(all[4].name, "text");
  EXPECT_EQ(sources.add_path(scratch.inside("none")).code(), StatusCode::kNotFound);
}

TEST(RuleSources, HashChangesWithEverythingThatMatters) {
  const auto hash = [](const std::function<void(RuleSources&)>& fill) {
    RuleSources sources;
    fill(sources);
    return sources.hash();
  };
  const auto one = [](RuleSources& s) { s.add_text("text", "name"); };
  EXPECT_EQ(hash(one), hash(one));
  EXPECT_NE(hash(one), hash([](RuleSources&) {}));
  EXPECT_NE(hash(one), hash([](RuleSources& s) { s.add_text("texT", "name"); }));
  EXPECT_NE(hash(one), hash([](RuleSources& s) { s.add_text("text", "other"); }));
  const auto two = [](RuleSources& s) {
    s.add_text("a", "1");
    s.add_text("b", "2");
  };
  EXPECT_NE(hash(two), hash([](RuleSources& s) {
              s.add_text("b", "2");
              s.add_text("a", "1");
            }));
  // A file that cannot be read is not an empty file.
  const tests::ScratchFolder scratch;
  const std::string file = scratch.inside("a.yml");
  put(file, "");
  const auto folder = [&](RuleSources& s) {
    ASSERT_TRUE(s.add_path(scratch.path().string()).ok());
  };
  const Id128 empty = hash(folder);
  put(file, std::string(yaml::kMaxYamlBytes + 1, '#'));
  EXPECT_NE(hash(folder), empty);
}

TEST(RuleSources, BoundsTheBytesOfAllFiles) {
  const tests::ScratchFolder scratch;
  put(scratch.inside("a.yml"), "four");
  put(scratch.inside("b.yml"), "five!");
  EXPECT_TRUE(RuleSources(9).add_path(scratch.path().string()).ok());
  EXPECT_EQ(RuleSources(8).add_path(scratch.path().string()).code(), StatusCode::kLimit);
}

}  // namespace
}  // namespace catena::compile
