// SPDX-License-Identifier: Apache-2.0
// What single transformations do is judged by pySigma in tests/property/pipeline_vectors_test.cc.
#include "rules/processing/pipeline_transformer.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "rules/compile/rule_loader.h"
#include "tests/support/scratch_folder.h"
#include "tests/unit/rules/compile/rule_set_text.h"

namespace catena::processing {
namespace {

const std::string kHead =
    "title: t\nid: r1\nlogsource: {product: windows}\nlevel: low\ndetection:\n";

// The rule as compiled, or its refusal.
std::string compiled(const std::string& rule, const std::vector<std::string>& pipelines) {
  std::vector<ProcessingPipeline> read;
  std::vector<sigma::Diagnostic> problems;
  for (std::size_t i = 0; i < pipelines.size(); ++i) {
    ProcessingPipeline pipeline;
    read_pipeline(pipelines[i], "p" + std::to_string(i), pipeline, problems);
    read.push_back(std::move(pipeline));
  }
  if (!problems.empty()) return problems[0].to_string();
  compile::CompileOptions options;
  options.transformer = std::make_shared<const PipelineTransformer>(std::move(read), "x");
  FieldCatalog catalog;
  compile::RuleLoader loader(catalog, options);
  loader.add_text(rule, "r.yml");
  const auto set = loader.finish();
  if (!loader.report().refused.empty()) return loader.report().refused[0].to_string();
  return compile::node_text(*set, set->rules[0].root, catalog);
}

std::string transformed(const std::string& detection, const std::string& items) {
  return compiled(kHead + detection, {"transformations:\n" + items});
}

TEST(PipelineTransformer, AppliesPipelinesByPriority) {
  const std::string detection = "  s: {F: x}\n  condition: s\n";
  EXPECT_EQ(
      compiled(kHead + detection,
               {"priority: 2\ntransformations: [{type: field_name_suffix, suffix: .late}]\n",
                "priority: 1\ntransformations: [{type: field_name_suffix, suffix: .early}]\n"}),
      "F.early.late = \"x\"");
}

TEST(PipelineTransformer, RefusesTheRuleAndSaysWhy) {
  const std::string detection = "  s: {F: x}\n  condition: s\n";
  EXPECT_EQ(transformed(detection, "  - {type: rule_failure, message: not here}\n"),
            "r.yml:1:1: error: refused by a processing pipeline: not here [pipeline]");
  EXPECT_EQ(transformed(detection, "  - {type: detection_item_failure, message: no F}\n"),
            "r.yml:6:7: error: refused by a processing pipeline: no F [pipeline]");
  EXPECT_EQ(transformed(detection, "  - {type: drop_detection_item}\n"),
            "r.yml:1:1: error: the processing pipelines leave nothing of the rule's condition "
            "[pipeline]");
  EXPECT_EQ(transformed("  s: {F|expand: '%p%'}\n  condition: s\n", "  - {type: case}\n"),
            "r.yml:6:17: error: placeholder '%p%' has no value [placeholder]");
}

TEST(PipelineTransformer, RegexOfAValueComparesTheWholeValue) {
  EXPECT_EQ(transformed("  s: {F: 'a.b*'}\n  condition: s\n",
                        "  - {type: regex, method: ignore_case_flag}\n"),
            "F re \"(?is)\\A(?:a\\.b.*)\\z\"");
}

TEST(PipelineTransformer, ChangesTheLogSourceOfTheRule) {
  std::vector<ProcessingPipeline> read(1);
  std::vector<sigma::Diagnostic> problems;
  read_pipeline("transformations: [{type: change_logsource, category: Proxy}]\n", "p", read[0],
                problems);
  ASSERT_TRUE(problems.empty());
  compile::CompileOptions options;
  options.transformer = std::make_shared<const PipelineTransformer>(std::move(read), "x");
  FieldCatalog catalog;
  compile::RuleLoader loader(catalog, options);
  loader.add_text(kHead + "  s: {F: x}\n  condition: s\n", "r.yml");
  EXPECT_EQ(loader.finish()->rules.at(0).log_source.to_string(), "-/proxy/-");
}

TEST(PipelineTransformer, BoundsWhatMappingsMultiply) {
  std::string values;
  for (int i = 0; i < 500; ++i) values += "v" + std::to_string(i) + ",";
  std::string names;
  for (int i = 0; i < 60; ++i) names += "n" + std::to_string(i) + ",";
  const std::string detection = "  s: {F: [" + values + "]}\n  condition: s\n";
  EXPECT_EQ(
      transformed(detection, "  - {type: field_name_mapping, mapping: {F: [" + names + "]}}\n"),
      "r.yml:6:7: error: the rule has more than 20000 predicates [limit]");
}

TEST(PipelineTransformer, BoundsPlaceholders) {
  std::string values;
  for (int i = 0; i < 40; ++i) values += "v" + std::to_string(i) + ",";
  EXPECT_EQ(
      compiled(kHead + "  s: {F|expand: '%a%%a%'}\n  condition: s\n",
               {"vars: {a: [" + values + "]}\ntransformations: [{type: value_placeholders}]\n"}),
      "r.yml:6:17: error: the placeholders make more than 1000 variants of this value "
      "[limit]");
}

TEST(LoadPipelines, ReadsFoldersAndGoesOnAfterARefusedFile) {
  tests::ScratchFolder scratch;
  const std::string folder = scratch.inside("pipelines");
  std::filesystem::create_directories(folder);
  std::ofstream(folder + "/a.yml") << "transformations: [{type: nothing}]\n";
  std::ofstream(folder + "/b.yml") << "transformations: [{type: regex}]\n";
  const std::string paths[] = {folder};
  const auto loaded = load_pipelines(paths);
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  ASSERT_NE(loaded->transformer, nullptr);
  EXPECT_EQ(loaded->transformer->pipelines().size(), 1u);
  ASSERT_EQ(loaded->refused.size(), 1u);
  EXPECT_NE(loaded->refused[0].to_string().find("unknown transformation 'nothing'"),
            std::string::npos);
  std::ofstream(folder + "/b.yml") << "transformations: [{type: case}]\n";
  EXPECT_NE(load_pipelines(paths)->transformer->identity(), loaded->transformer->identity());
  const std::string gone[] = {folder + "/gone.yml"};
  EXPECT_EQ(load_pipelines(gone).status().code(), StatusCode::kNotFound);
}

}  // namespace
}  // namespace catena::processing
