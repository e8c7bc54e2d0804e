// SPDX-License-Identifier: Apache-2.0
#include "rules/processing/pipeline_transformer.h"

#include <algorithm>
#include <utility>

#include "engine/base/byte_archive.h"
#include "engine/base/hash.h"
#include "rules/compile/rule_files.h"
#include "rules/yaml/yaml_reader.h"

namespace catena::processing {

PipelineTransformer::PipelineTransformer(std::vector<ProcessingPipeline> pipelines,
                                         std::string identity)
    : pipelines_(std::move(pipelines)), identity_(std::move(identity)) {
  std::stable_sort(pipelines_.begin(), pipelines_.end(), [](const auto& a, const auto& b) {
    return std::tie(a.priority, a.file) < std::tie(b.priority, b.file);
  });
  for (const ProcessingPipeline& pipeline : pipelines_) {
    for (const auto& [name, values] : pipeline.variables) variables_.insert_or_assign(name, values);
  }
}

std::optional<sigma::RuleProblem> PipelineTransformer::transform(
    compile::ResolvedRule& rule) const {
  ProcessingContext context(rule, variables_);
  return apply(context);
}

std::optional<sigma::RuleProblem> PipelineTransformer::transform(
    sigma::CorrelationRule& rule, std::span<const sigma::LogSource> log_sources) const {
  compile::ResolvedRule body;
  body.source = &rule.body;
  ProcessingContext context(body, variables_);
  context.correlation.emplace(ProcessingContext::Correlation{rule, log_sources});
  return apply(context);
}

std::optional<sigma::RuleProblem> PipelineTransformer::apply(ProcessingContext& context) const {
  for (const ProcessingPipeline& pipeline : pipelines_) {
    for (const ProcessingItem& item : pipeline.items) {
      item.apply(context);
      if (context.failed()) return std::move(context.problem);
    }
  }
  return std::nullopt;
}

Result<LoadedPipelines> load_pipelines(std::span<const std::string> paths) {
  LoadedPipelines loaded;
  compile::RuleFileFinder finder;
  for (const std::string& path : paths) RETURN_IF_ERROR(finder.find(path));
  loaded.refused = finder.problems();
  std::vector<ProcessingPipeline> pipelines;
  ByteWriter bytes;
  for (const std::string& file : finder.files()) {
    ASSIGN_OR_RETURN(const std::string text, yaml::read_bounded_file(file, yaml::kMaxYamlBytes));
    const std::size_t problems = loaded.refused.size();
    ProcessingPipeline pipeline;
    read_pipeline(text, file, pipeline, loaded.refused);
    if (loaded.refused.size() != problems) continue;
    bytes.text(file);
    bytes.text(text);
    pipelines.push_back(std::move(pipeline));
  }
  if (pipelines.empty()) return loaded;
  loaded.transformer = std::make_shared<const PipelineTransformer>(std::move(pipelines),
                                                                   hash128(bytes.bytes()).hex());
  return loaded;
}

}  // namespace catena::processing
