// SPDX-License-Identifier: Apache-2.0
// Rules, filters and pipelines that pySigma has judged (tests/vectors/pipelines.py): ours become
// the same, or what the vector explains.
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <simdjson.h>

#include "rules/compile/filter_set.h"
#include "rules/compile/parsed_source.h"
#include "rules/compile/rule_resolver.h"
#include "rules/processing/pipeline_transformer.h"
#include "tests/support/resolved_rule_text.h"

namespace catena::test {
namespace {

constexpr std::size_t kMinVectors = 400;
constexpr std::string_view kRefused = "refused";

using Texts = std::vector<std::string>;

std::string text_of(simdjson::dom::element value) { return std::string(std::string_view(value)); }

Texts texts_of(simdjson::dom::element list) {
  Texts texts;
  for (const simdjson::dom::element text : simdjson::dom::array(list))
    texts.push_back(text_of(text));
  return texts;
}

// "product/category/service: condition", or "refused".
std::string expected_of(simdjson::dom::element vector) {
  simdjson::dom::element outcome;
  if (vector["catena"].get(outcome) != simdjson::SUCCESS) outcome = vector["pysigma"].value();
  simdjson::dom::element condition;
  if (outcome["condition"].get(condition) != simdjson::SUCCESS) return std::string(kRefused);
  return text_of(outcome["log_source"].value()) + ": " + text_of(condition);
}

struct Made {
  std::string outcome;
  std::string reason;  // why it was refused
};

Made make(const std::string& rule, const Texts& filters, const Texts& pipelines) {
  const auto refused = [](const std::string& reason) {
    return Made{std::string(kRefused), reason};
  };
  compile::ParsedSource parsed = compile::parse_source({"r", rule, {}, true}, {true});
  if (parsed.documents.size() != 1) return refused("not one document");
  if (parsed.documents[0].problem) return refused(parsed.documents[0].problem->message);
  sigma::Rule& source = parsed.documents[0].rule.rule;
  compile::FilterSet set;
  for (std::size_t i = 0; i < filters.size(); ++i) {
    set.collect({"f" + std::to_string(i), filters[i], {}, true});
  }
  std::vector<std::size_t> applied;
  if (auto problem = set.apply(source, applied)) return refused(problem->message);

  std::vector<processing::ProcessingPipeline> read;
  for (std::size_t i = 0; i < pipelines.size(); ++i) {
    std::vector<sigma::Diagnostic> problems;
    processing::ProcessingPipeline pipeline;
    processing::read_pipeline(pipelines[i], "p" + std::to_string(i), pipeline, problems);
    if (!problems.empty()) return refused(problems[0].to_string());
    read.push_back(std::move(pipeline));
  }
  const processing::PipelineTransformer transformer(std::move(read), "");
  compile::ResolvedRule resolved;
  if (auto problem = compile::resolve_rule(source, {}, resolved)) return refused(problem->message);
  if (auto problem = transformer.transform(resolved)) return refused(problem->message);
  const ResolvedRuleText text(resolved);
  if (text.condition() == "nothing") return refused("nothing is left");
  return {text.log_source() + ": " + text.condition(), ""};
}

TEST(PipelineVectors, RulesBecomeWhatPySigmaMakesOfThem) {
  simdjson::dom::parser parser;
  simdjson::dom::document_stream lines;
  const std::string path = std::string(CATENA_SOURCE_DIR) + "/tests/vectors/pipelines.jsonl";
  ASSERT_EQ(parser.load_many(path).get(lines), simdjson::SUCCESS);
  std::size_t count = 0;
  std::size_t explained = 0;
  for (auto line : lines) {
    const simdjson::dom::element vector = line.value();
    ++count;
    explained += vector["why"].error() == simdjson::SUCCESS ? 1 : 0;
    const std::string name = text_of(vector["name"].value());
    const Made made = make(text_of(vector["rule"].value()), texts_of(vector["filters"].value()),
                           texts_of(vector["pipelines"].value()));
    EXPECT_EQ(made.outcome, expected_of(vector)) << name << "\n" << made.reason;
  }
  EXPECT_GE(count, kMinVectors);
  RecordProperty("vectors", static_cast<int>(count));
  RecordProperty("explained", static_cast<int>(explained));
}

}  // namespace
}  // namespace catena::test
