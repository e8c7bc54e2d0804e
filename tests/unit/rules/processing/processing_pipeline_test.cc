// SPDX-License-Identifier: Apache-2.0
#include "rules/processing/processing_pipeline.h"

#include <gtest/gtest.h>

namespace catena::processing {
namespace {

// All problems of a pipeline, or "ok".
std::string problems(const std::string& text, ProcessingPipeline* read = nullptr) {
  ProcessingPipeline pipeline;
  std::vector<sigma::Diagnostic> found;
  read_pipeline(text, "p.yml", pipeline, found);
  if (read != nullptr) *read = std::move(pipeline);
  std::string all;
  for (const sigma::Diagnostic& problem : found) {
    all += (all.empty() ? "" : "\n") + problem.to_string();
  }
  return all.empty() ? "ok" : all;
}

std::string item(const std::string& keys) {
  return problems("transformations:\n  - " + keys + "\n");
}

TEST(PipelineReader, ReadsTheHead) {
  ProcessingPipeline pipeline;
  EXPECT_EQ(problems("name: n\npriority: 20\nallowed_backends: [catena]\nvars: {a: [x, 5], b: y}\n"
                     "transformations:\n  - {id: one, type: field_name_prefix, prefix: p.}\n"
                     "finalizers: []\n",
                     &pipeline),
            "ok");
  EXPECT_EQ(pipeline.name, "n");
  EXPECT_EQ(pipeline.priority, 20);
  EXPECT_EQ(pipeline.variables.at("a").size(), 2u);
  ASSERT_EQ(pipeline.items.size(), 1u);
  EXPECT_EQ(pipeline.items[0].id, "one");
  EXPECT_EQ(problems("name: empty\n"), "ok");
}

TEST(PipelineReader, RefusesWhatItDoesNotKnowByName) {
  EXPECT_EQ(problems("nam: n\n"),
            "p.yml:1:1: error: the pipeline has the unknown key 'nam'; did you mean 'name'? "
            "[pipeline]");
  EXPECT_EQ(item("{type: field_name_maping, mapping: {a: b}}"),
            "p.yml:2:12: error: unknown transformation 'field_name_maping'; did you mean "
            "'field_name_mapping'? [pipeline]");
  EXPECT_EQ(item("{type: field_name_prefix, prefix: a, sufix: b}"),
            "p.yml:2:42: error: the transformation has the unknown key 'sufix' [pipeline]");
  EXPECT_EQ(item("{prefix: a}"), "p.yml:2:5: error: the transformation has no 'type' [pipeline]");
  EXPECT_EQ(item("{type: field_name_prefix, prefix: a, rule_conditions: [{type: mood}]}"),
            "p.yml:2:67: error: unknown rule condition 'mood' [pipeline]");
  EXPECT_EQ(item("x"), "p.yml:2:5: error: the transformation is not a mapping [pipeline]");
}

TEST(PipelineReader, RefusesWhatMakesNoSenseForAMatcher) {
  EXPECT_EQ(item("{type: query_expression_placeholders, expression: x}"),
            "p.yml:2:12: error: the transformation 'query_expression_placeholders' is not "
            "supported: it makes the text of a query, and there is none here [pipeline]");
  for (const char* type :
       {"file_placeholders", "http_placeholders", "command_placeholders", "field_name_transform"}) {
    EXPECT_NE(item("{type: " + std::string(type) + "}").find("is not supported: it"),
              std::string::npos)
        << type;
  }
  EXPECT_EQ(problems("postprocessing: [{type: embed, prefix: x}]\n"),
            "p.yml:1:17: error: 'postprocessing' ('embed') works on the text of a query, and there "
            "is none here [pipeline]");
  EXPECT_EQ(problems("finalizers: [{type: concat}]\n"),
            "p.yml:1:13: error: 'finalizers' ('concat') works on the text of a query, and there is "
            "none here [pipeline]");
  EXPECT_EQ(problems("allowed_backends: [splunk]\n"),
            "p.yml:1:19: error: the pipeline is for other backends; 'allowed_backends' does not "
            "name catena [pipeline]");
}

TEST(PipelineReader, ReportsEveryTransformationAtFault) {
  EXPECT_EQ(
      problems("transformations:\n  - {type: a}\n  - {type: case, method: odd}\n"
               "  - {type: replace_string, regex: '(', replacement: x}\n"),
      "p.yml:2:12: error: unknown transformation 'a' [pipeline]\n"
      "p.yml:3:26: error: 'odd' is no value of 'method': lower, upper, snake_case [pipeline]\n"
      "p.yml:4:35: error: the regular expression is refused: missing ): ( [pipeline]");
}

TEST(PipelineReader, ChecksValuesWithTheirPlace) {
  EXPECT_EQ(item("{type: field_name_mapping, mapping: {a: {b: c}}}"),
            "p.yml:2:45: error: a field is mapped to a name or to a list of names [pipeline]");
  EXPECT_EQ(item("{type: field_name_mapping, mapping: {a: []}}"),
            "p.yml:2:45: error: a field is mapped to a name or to a list of names [pipeline]");
  EXPECT_EQ(item("{type: set_value, value: abc, force_type: num}"),
            "p.yml:2:5: error: 'value' is not a number [pipeline]");
  EXPECT_EQ(item("{type: value_placeholders, include: [a], exclude: [b]}"),
            "p.yml:2:5: error: 'include' and 'exclude' cannot both be given [pipeline]");
  EXPECT_EQ(item("{type: extract_fields, regex: 'a'}"),
            "p.yml:2:35: error: the regular expression has no named group [pipeline]");
  EXPECT_EQ(item("{type: add_condition, conditions: {'F|re': '('}, name: x}"), "ok");
  EXPECT_EQ(item("{type: add_condition, conditions: {'F|odd': x}}"),
            "p.yml:2:43: error: unknown modifier 'odd' [unknown-modifier]");
  EXPECT_EQ(item("{type: change_logsource}"),
            "p.yml:2:5: error: the new log source names no product, category or service "
            "[pipeline]");
  EXPECT_EQ(item("{type: regex, field_name_conditions: [{type: include_fields, fields: ['('], "
                 "mode: re}]}"),
            "p.yml:2:74: error: the regular expression is refused: missing ): ( [pipeline]");
  EXPECT_EQ(item("{type: regex, rule_cond_expr: a, rule_conditions: [{type: is_sigma_rule}]}"),
            "p.yml:2:35: error: 'rule_cond_expr' needs conditions with names: a mapping "
            "[pipeline]");
  EXPECT_EQ(problems("transformations: []\n---\nname: x\n"),
            "p.yml:1:1: error: a pipeline file holds one document [pipeline]");
}

TEST(PipelineReader, HasBounds) {
  std::string many = "transformations:\n";
  for (std::size_t i = 0; i <= kMaxPipelineItems; ++i) many += "  - {type: regex}\n";
  EXPECT_NE(problems(many).find("more than 1000 transformations"), std::string::npos);

  std::string nested = "{type: regex}";
  for (std::size_t i = 0; i <= kMaxPipelineNesting; ++i) {
    nested = "{type: nest, items: [" + nested + "]}";
  }
  EXPECT_NE(item(nested).find("'nest' more than 8 deep"), std::string::npos);

  std::string names;
  for (int i = 0; i < 65; ++i) names += "n" + std::to_string(i) + ",";
  EXPECT_NE(item("{type: field_name_mapping, mapping: {a: [" + names + "]}}")
                .find("mapped to more than 64 names"),
            std::string::npos);
}

}  // namespace
}  // namespace catena::processing
