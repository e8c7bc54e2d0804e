// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/rule_files.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace catena::compile {
namespace {

namespace fs = std::filesystem;

class RuleFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::temp_directory_path() / ("catena_rule_files_" + std::to_string(::getpid()));
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  void TearDown() override {
    std::error_code ignored;
    fs::permissions(root_ / "locked", fs::perms::owner_all, ignored);
    fs::remove_all(root_);
  }
  void touch(const std::string& name) {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << "x";
  }
  std::vector<std::string> found(const std::string& under = "") {
    const Status status = finder_.find((root_ / under).string());
    EXPECT_TRUE(status.ok()) << status.message();
    std::vector<std::string> names;
    for (const std::string& file : finder_.files()) {
      names.push_back(fs::path(file).lexically_relative(root_).string());
    }
    return names;
  }
  std::vector<std::string> reasons() const {
    std::vector<std::string> result;
    for (const auto& problem : finder_.problems()) result.push_back(problem.message);
    return result;
  }

  fs::path root_;
  RuleFileFinder finder_;
};

using Names = std::vector<std::string>;

TEST_F(RuleFiles, AreFoundBelowAFolderInTheOrderOfNames) {
  for (const char* name : {"b.yml", "a/z.yaml", "a/b/c.yml", "c.txt", ".git/x.yml", ".h.yml"}) {
    touch(name);
  }
  EXPECT_EQ(found(), (Names{"a/b/c.yml", "a/z.yaml", "b.yml"}));
}

TEST_F(RuleFiles, AFileMayHaveAnyName) {
  touch("rule.txt");
  EXPECT_EQ(found("rule.txt"), Names{"rule.txt"});
}

TEST_F(RuleFiles, AreVisitedOnceHoweverTheyAreReached) {
  touch("a/x.yml");
  fs::create_directory_symlink(root_ / "a", root_ / "b");
  fs::create_hard_link(root_ / "a/x.yml", root_ / "a/y.yml");
  EXPECT_EQ(found(), Names{"a/x.yml"});
  EXPECT_EQ(found("a"), Names{"a/x.yml"});
  EXPECT_TRUE(reasons().empty());
}

TEST_F(RuleFiles, ADirectoryLoopIsReportedAndLeft) {
  touch("a/x.yml");
  fs::create_directory_symlink(root_, root_ / "a" / "loop");
  EXPECT_EQ(found(), Names{"a/x.yml"});
  EXPECT_EQ(reasons(), Names{"directory loop: this folder contains itself"});
  EXPECT_EQ(finder_.problems()[0].to_string(),
            (root_ / "a/loop").string() +
                ": error: directory loop: this folder contains itself [unreadable]");
}

TEST_F(RuleFiles, ALinkToItselfOrToNothingIsReported) {
  fs::create_symlink("self.yml", root_ / "self.yml");
  fs::create_symlink("nowhere", root_ / "gone.yml");
  touch("x.yml");
  EXPECT_EQ(found(), Names{"x.yml"});
  EXPECT_EQ(reasons(), (Names{"No such file or directory", "Too many levels of symbolic links"}));
}

TEST_F(RuleFiles, LinksThatMultiplyPathsCostNothing) {
  // d0/a and d0/b both lead to d1, and so on: 2^20 paths, 21 folders.
  for (int i = 0; i < 20; ++i) {
    const fs::path folder = root_ / "d" / std::to_string(i);
    fs::create_directories(folder);
    const fs::path next = root_ / "d" / std::to_string(i + 1);
    fs::create_directory_symlink(next, folder / "a");
    fs::create_directory_symlink(next, folder / "b");
  }
  touch("d/20/x.yml");
  EXPECT_EQ(found().size(), 1u);
}

TEST_F(RuleFiles, DepthIsBounded) {
  std::string deep;
  for (std::size_t i = 0; i < kMaxRuleFolderDepth + 1; ++i) deep += "d/";
  touch(deep + "x.yml");
  touch("y.yml");
  EXPECT_EQ(found(), Names{"y.yml"});
  EXPECT_EQ(reasons(), Names{"folders nested deeper than 32 levels"});
}

TEST_F(RuleFiles, AFolderThatCannotBeReadIsReported) {
  if (::geteuid() == 0) GTEST_SKIP() << "root reads every folder";
  touch("locked/x.yml");
  touch("y.yml");
  fs::permissions(root_ / "locked", fs::perms::none);
  EXPECT_EQ(found(), Names{"y.yml"});
  EXPECT_EQ(reasons(), Names{"Permission denied"});
}

TEST_F(RuleFiles, APathThatDoesNotExistIsAnError) {
  const Status status = finder_.find((root_ / "none").string());
  EXPECT_EQ(status.code(), StatusCode::kNotFound);
  EXPECT_EQ(status.message(), (root_ / "none").string() + ": No such file or directory");
}

}  // namespace
}  // namespace catena::compile
