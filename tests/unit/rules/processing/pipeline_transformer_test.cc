// SPDX-License-Identifier: Apache-2.0
// What single transformations do is judged by pySigma in tests/property/pipeline_vectors_test.cc.
#include "rules/processing/pipeline_transformer.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "rules/compile/parsed_source.h"
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

// A correlation as the pipeline leaves it, or its refusal. pySigma 2.0.1 makes the same of each of
// the cases below.
std::string correlation_after(const std::string& items) {
  const std::string text =
      "title: c\nlevel: high\ncorrelation: {type: value_count, rules: [a, b], timespan: 1m,"
      " group-by: [ip, User], aliases: {ip: {a: Src, b: From}}, condition: {gte: 2, field: "
      "Target}}\n";
  compile::ParsedSource source =
      compile::parse_source({"c.yml", text, std::nullopt, true}, {.attributes = true});
  std::vector<ProcessingPipeline> read(1);
  std::vector<sigma::Diagnostic> problems;
  read_pipeline("transformations:\n" + items, "p", read[0], problems);
  if (!problems.empty()) return problems[0].to_string();
  sigma::CorrelationRule rule = source.documents.at(0).correlation.rule;
  const std::vector<sigma::LogSource> log_sources = {{"windows", "", ""}, {"linux", "", "sshd"}};
  const PipelineTransformer transformer(std::move(read), "x");
  if (const auto problem = transformer.transform(rule, log_sources)) return problem->message;
  std::string after;
  for (const sigma::Named& field : rule.group_by) after += field.name + " ";
  for (const auto& mapping : rule.aliases.at(0).mappings) {
    after += mapping.rule.name + "=" + mapping.field + " ";
  }
  return after + rule.value_fields.at(0).name;
}

TEST(PipelineTransformer, RenamesTheFieldsOfACorrelation) {
  EXPECT_EQ(correlation_after("  - {type: field_name_mapping, mapping: {Src: source.ip, Target: t, "
                              "User: [user.name, user.domain], ip: no}}\n"),
            "ip user.name user.domain a=source.ip b=From t");
  EXPECT_EQ(correlation_after("  - {type: field_name_prefix, prefix: p.}\n"),
            "ip p.User a=p.Src b=p.From p.Target");
  EXPECT_EQ(correlation_after("  - {type: field_name_prefix, prefix: p., field_name_conditions: "
                              "[{type: include_fields, fields: [User]}]}\n"),
            "ip p.User a=Src b=From Target");
}

TEST(PipelineTransformer, MakesNoTwoFieldsOfOneThatACorrelationCompares) {
  const std::string says = "a processing pipeline makes several fields of '";
  EXPECT_EQ(correlation_after("  - {type: field_name_mapping, mapping: {Src: [x, y]}}\n"),
            says + "Src', which the correlation compares or aliases");
  EXPECT_EQ(correlation_after("  - {type: field_name_mapping, mapping: {Target: [x, y]}}\n"),
            says + "Target', which the correlation compares or aliases");
  std::string names;
  for (int i = 0; i < 17; ++i) names += "n" + std::to_string(i) + ",";
  EXPECT_EQ(correlation_after("  - {type: field_name_mapping, mapping: {User: [" + names + "]}}\n"),
            "the processing pipelines make more than 16 fields to group by");
}

TEST(PipelineTransformer, KnowsACorrelationFromARule) {
  const std::string plain = "ip User a=Src b=From Target";
  const std::string renamed = "ip p.User a=p.Src b=p.From p.Target";
  const auto when = [](const std::string& condition) {
    return correlation_after("  - {type: field_name_prefix, prefix: p., rule_conditions: [" +
                             condition + "]}\n");
  };
  EXPECT_EQ(when("{type: is_sigma_rule}"), plain);
  EXPECT_EQ(when("{type: is_sigma_correlation_rule}"), renamed);
  // One of the rules below it has the log source.
  EXPECT_EQ(when("{type: logsource, product: linux}"), renamed);
  EXPECT_EQ(when("{type: logsource, product: macos}"), plain);
  EXPECT_EQ(when("{type: contains_field, field: User}"), plain);
  EXPECT_EQ(when("{type: rule_attribute, attribute: level, value: high}"), renamed);
  EXPECT_EQ(correlation_after("  - {type: rule_failure, message: not here}\n"),
            "refused by a processing pipeline: not here");
  // Steps on detections and log sources have nothing to do.
  EXPECT_EQ(correlation_after("  - {type: change_logsource, product: macos}\n"
                              "  - {type: add_condition, conditions: {F: x}}\n"
                              "  - {type: drop_detection_item}\n"
                              "  - {type: strict_field_mapping_failure}\n"),
            plain);
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
