// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "bench/evaluation/evaluation.h"

// `catena bench chains`: how well the chains tell labelled attacks. A thin layer over
// bench/evaluation.
namespace catena::app {

struct BenchChainsOptions {
  std::vector<std::string> rule_paths;  // empty: the built-in starter rules
  evaluation::EvaluationOptions evaluation;
  bool json = false;
  std::string result_file;  // the JSON line is appended to it as well
  std::string compare;      // file with an earlier result
};

// Runs to the end and returns the exit code; errors go to standard error, one line.
int run_bench_chains(const BenchChainsOptions& options);

}  // namespace catena::app
