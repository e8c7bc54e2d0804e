// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bench/harness/result.h"
#include "bench/harness/subject.h"
#include "engine/base/result.h"
#include "engine/match/matcher.h"
#include "engine/pipeline/incident_store.h"

// Measures what `catena scan` does: reading files, decoding, matching, building detections, joining
// and storing; or the last two alone. Every repetition starts with an empty store. Wall time.
// Thread safety: none.
namespace catena::harness {

struct PipelineBenchOptions {
  std::vector<std::string> files;
  std::size_t threads = 1;
  std::size_t repetitions = 5;
  std::size_t batch_bytes = 256 * 1024;
  std::string lane;
  std::string label;
  // A new, empty store; called once a repetition, outside the measured time.
  std::function<Result<std::unique_ptr<pipeline::IncidentStore>>()> make_store;
};

// Read to store. Stages: read, decode, match, detect, join, store.
[[nodiscard]] Result<BenchResult> run_pipeline_bench(const Subject& subject,
                                                     const match::Matcher& matcher,
                                                     const PipelineBenchOptions& options);

// The detections of the files are found once; joining and storing them is measured. `events` of the
// result is the number of detections, so every figure is per detection. Fails when there is none.
[[nodiscard]] Result<BenchResult> run_store_bench(const Subject& subject,
                                                  const match::Matcher& matcher,
                                                  const PipelineBenchOptions& options);

}  // namespace catena::harness
