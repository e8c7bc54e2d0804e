// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/processing/transformation.h"
#include "rules/sigma/diagnostic.h"

// ProcessingPipeline is one pipeline file in pySigma's format: variables, and transformations with
// the conditions under which they apply, in order. rules/processing/README.md lists what is
// supported. It changes rules, never events.
// Thread safety: const once read. Cost of applying: items times detection items of the rule.
namespace catena::processing {

inline constexpr std::size_t kMaxPipelineItems = 1'000;  // of one file, those in `nest` too
inline constexpr std::size_t kMaxPipelineNesting = 8;    // `nest` inside `nest`
inline constexpr std::size_t kMaxConditionsPerItem = 100;
inline constexpr std::size_t kMaxVariables = 10'000;

struct ProcessingPipeline {
  std::string name;
  std::string file;
  std::int64_t priority = 0;  // lower ones are applied first
  Variables variables;
  std::vector<ProcessingItem> items;
};

// Reads the text of a file. What is wrong is appended to `problems`, one for each transformation at
// fault; a pipeline with a problem must not be used, for half of it is nobody's intention.
void read_pipeline(std::string_view text, const std::string& file, ProcessingPipeline& pipeline,
                   std::vector<sigma::Diagnostic>& problems);

}  // namespace catena::processing
