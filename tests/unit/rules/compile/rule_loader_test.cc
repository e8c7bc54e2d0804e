// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/rule_loader.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace catena::compile {
namespace {

namespace fs = std::filesystem;

std::string rule(const std::string& head) {
  return "title: T\nlogsource: {product: Windows, category: Process_Creation}\n"
         "detection:\n  s: {F: x}\n  condition: s\n" +
         head;
}

TEST(RuleLoader, FillsWhatADetectionNeeds) {
  FieldCatalog catalog;
  RuleLoader loader(catalog);
  loader.add_text("---\n" + rule("id: 01AB\nlevel: High\ntags: [attack.T1003, ATTACK.x]\n"),
                  "a.yml");
  const auto set = loader.finish();
  ASSERT_TRUE(set.ok());
  ASSERT_EQ(set->rules.size(), 1u);
  const plan::Rule& loaded = set->rules[0];
  EXPECT_EQ(loaded.id, "01AB");
  EXPECT_EQ(loaded.title, "T");
  EXPECT_EQ(loaded.level, plan::Level::kHigh);
  EXPECT_EQ(loaded.log_source.to_string(), "windows/process_creation/-");
  EXPECT_EQ(loaded.tags, (std::vector<std::string>{"attack.t1003", "attack.x"}));
  EXPECT_EQ(loaded.file, "a.yml");
  EXPECT_EQ(loaded.line, 2u);
  EXPECT_NE(set->fingerprint, 0u);
  EXPECT_NE(catalog.find("F"), kUnknownField);
  EXPECT_TRUE(loader.report().warnings.empty());
}

TEST(RuleLoader, GoesOnAfterARefusedRule) {
  FieldCatalog catalog;
  RuleLoader loader(catalog);
  loader.add_text(
      rule("id: a\nlevel: low\n") + "---\ntitle: broken\n---\n" + rule("id: b\nlevel: low\n"),
      "m.yml");
  loader.add_text("a: [", "broken.yml");
  const LoadReport& report = loader.report();
  EXPECT_EQ(report.files, 2u);
  EXPECT_EQ(report.rules_loaded, 2u);
  ASSERT_EQ(report.refused.size(), 2u);
  EXPECT_EQ(report.refused[0].to_string(),
            "m.yml:9:1: error: the rule has no 'logsource' [schema]");
  EXPECT_EQ(report.refused[1].to_string().substr(0, 11), "broken.yml:");
  EXPECT_EQ(report.refused[1].code, sigma::DiagnosticCode::kYaml);
  EXPECT_EQ(loader.finish()->rules.size(), 2u);
}

TEST(RuleLoader, StrictMakesARefusalAnError) {
  FieldCatalog catalog;
  CompileOptions options;
  options.strict = true;
  RuleLoader good(catalog, options);
  good.add_text(rule(""), "a.yml");
  EXPECT_TRUE(good.finish().ok());  // warnings are no refusals
  RuleLoader bad(catalog, options);
  bad.add_text(rule("id: a\n") + "---\ntitle: broken\n---\ntitle: b2\n", "m.yml");
  const auto set = bad.finish();
  ASSERT_FALSE(set.ok());
  EXPECT_EQ(set.status().message(),
            "m.yml:8:1: error: the rule has no 'logsource' [schema] (and 1 more refused)");
}

TEST(RuleLoader, LoadsCorrelations) {
  FieldCatalog catalog;
  RuleLoader loader(catalog);
  // The correlation stands before the rule that it names.
  loader.add_text(
      "title: c\ncorrelation: {type: event_count, rules: [r], timespan: 1m, condition: {gte: 2}}\n"
      "---\n" +
          rule("name: r\nlevel: high\n"),
      "m.yml");
  const auto set = loader.finish();
  ASSERT_TRUE(set.ok());
  EXPECT_EQ(loader.report().correlations, 1u);
  EXPECT_EQ(loader.report().rules_loaded, 1u);
  EXPECT_TRUE(loader.report().refused.empty());
  ASSERT_EQ(set->correlation.correlations.size(), 1u);
  EXPECT_EQ(set->correlation.correlations[0].level, plan::Level::kHigh);
  EXPECT_FALSE(set->correlation.rules[0].alerts);
}

TEST(RuleLoader, KeepsTheFirstOfTwoRulesWithOneId) {
  FieldCatalog catalog;
  RuleLoader loader(catalog);
  loader.add_text(rule("id: 0a\nlevel: low\n"), "a.yml");
  loader.add_text(rule("id: 0A\nlevel: high\n"), "b.yml");
  EXPECT_EQ(loader.report().rules_loaded, 1u);
  ASSERT_EQ(loader.report().refused.size(), 1u);
  EXPECT_EQ(loader.report().refused[0].to_string(),
            "b.yml:6:5: error: the rule at a.yml:6 has the same id [duplicate-id]");
  EXPECT_EQ(loader.finish()->rules[0].file, "a.yml");
}

TEST(RuleLoader, NamesARuleWithoutAnIdByItsContent) {
  const auto id_of = [](const std::string& text) {
    FieldCatalog catalog;
    RuleLoader loader(catalog);
    loader.add_text(text, "a.yml");
    return loader.finish()->rules[0].id;
  };
  const std::string id = id_of(rule("level: low\n"));
  ASSERT_EQ(id.size(), 36u);
  EXPECT_EQ(id[14], '8');
  EXPECT_EQ(id, id_of(rule("level: low\n")));
  EXPECT_NE(id, id_of(rule("level: high\n")));
}

TEST(RuleLoader, WarnsOfAMissingLevelAndRefusesAWrongOne) {
  FieldCatalog catalog;
  RuleLoader loader(catalog);
  loader.add_text(rule("id: a\n"), "a.yml");
  loader.add_text(rule("id: b\nlevel: hihg\n"), "b.yml");
  ASSERT_EQ(loader.report().warnings.size(), 1u);
  EXPECT_EQ(loader.report().warnings[0].to_string(),
            "a.yml:1:1: warning: the rule has no 'level'; it counts as medium [lint]");
  ASSERT_EQ(loader.report().refused.size(), 1u);
  EXPECT_EQ(loader.report().refused[0].to_string(),
            "b.yml:7:8: error: 'hihg' is not a level: informational, low, medium, high or critical "
            "[schema]");
  EXPECT_EQ(loader.finish()->rules[0].level, plan::Level::kMedium);
}

TEST(RuleLoader, CountsUnresolvedPlaceholders) {
  FieldCatalog catalog;
  RuleLoader loader(catalog);
  loader.add_text(
      "title: T\nlogsource: {service: x}\ndetection:\n  s: {'F|expand': '%p%'}\n  condition: s\n",
      "a.yml");
  EXPECT_EQ(loader.report().unresolved_placeholders, 1u);
  EXPECT_EQ(loader.report().rules_loaded, 0u);
}

class RuleLoaderFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::temp_directory_path() / ("catena_rule_loader_" + std::to_string(::getpid()));
    fs::remove_all(root_);
    fs::create_directories(root_);
  }
  void TearDown() override { fs::remove_all(root_); }
  fs::path root_;
};

TEST_F(RuleLoaderFiles, ReadsAFolderAndReportsWhatItCannotRead) {
  std::ofstream(root_ / "a.yml") << rule("id: a\nlevel: low\n");
  std::ofstream(root_ / "b.yml") << "x";
  fs::resize_file(root_ / "b.yml", 50u << 20);
  fs::create_directory_symlink(root_, root_ / "loop");
  FieldCatalog catalog;
  RuleLoader loader(catalog);
  ASSERT_TRUE(loader.add_path(root_.string()).ok());
  ASSERT_TRUE(loader.add_path(root_.string()).ok());  // read once
  EXPECT_EQ(loader.add_path((root_ / "none").string()).code(), StatusCode::kNotFound);
  const LoadReport& report = loader.report();
  EXPECT_EQ(report.files, 2u);
  EXPECT_EQ(report.rules_loaded, 1u);
  ASSERT_EQ(report.refused.size(), 2u);
  EXPECT_EQ(report.refused[0].message, "directory loop: this folder contains itself");
  EXPECT_EQ(report.refused[1].to_string(),
            (root_ / "b.yml").string() + ": error: longer than 1048576 bytes [limit]");
}

}  // namespace
}  // namespace catena::compile
