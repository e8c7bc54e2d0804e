// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "rules/compile/rule_transformer.h"
#include "rules/processing/processing_pipeline.h"

// PipelineTransformer applies several processing pipelines to every rule and correlation that is
// compiled: those with the lowest priority first, equal ones in the order of their files' names, as
// one pipeline whose later variables replace earlier ones (pySigma's resolver). Thread safety:
// const.
namespace catena::processing {

class PipelineTransformer : public compile::RuleTransformer {
 public:
  // `identity` changes with any byte of any of the pipelines.
  PipelineTransformer(std::vector<ProcessingPipeline> pipelines, std::string identity);

  [[nodiscard]] std::optional<sigma::RuleProblem> transform(
      compile::ResolvedRule& rule) const override;
  [[nodiscard]] std::optional<sigma::RuleProblem> transform(
      sigma::CorrelationRule& rule, std::span<const sigma::LogSource> log_sources) const override;
  [[nodiscard]] const std::string& identity() const noexcept override { return identity_; }
  [[nodiscard]] const std::vector<ProcessingPipeline>& pipelines() const noexcept {
    return pipelines_;
  }

 private:
  [[nodiscard]] std::optional<sigma::RuleProblem> apply(ProcessingContext& context) const;

  std::vector<ProcessingPipeline> pipelines_;
  Variables variables_;
  std::string identity_;
};

struct LoadedPipelines {
  std::shared_ptr<const PipelineTransformer> transformer;  // nullptr when none could be read
  std::vector<sigma::Diagnostic> refused;                  // why the others could not
};

// Files, and folders with all *.yml and *.yaml below them. Fails when one of `paths` itself cannot
// be read; a pipeline that is refused leaves the others in force.
Result<LoadedPipelines> load_pipelines(std::span<const std::string> paths);

}  // namespace catena::processing
