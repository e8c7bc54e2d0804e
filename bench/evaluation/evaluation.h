// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "bench/evaluation/overlap.h"
#include "bench/evaluation/set_score.h"

// Evaluation: the scores of all labelled sets, their sums, and the overlap test; as one table, as
// one JSON line, and against an earlier line. Thread safety: value type, pure functions.
namespace catena::evaluation {

// Of the JSON line. Members are added, never renamed; another meaning is another number.
inline constexpr int kEvaluationSchemaVersion = 1;

struct Evaluation {
  std::string label;  // of the caller: a commit
  std::uint64_t rules = 0;
  std::vector<SetScore> sets;  // in the order of their names
  OverlapScore overlap;        // each campaign begins at its own minute of the hour
  OverlapScore collision;      // all begin at the same moment
};

// One figure of the summary: a part of a whole, or a quantity.
struct Figure {
  std::string name;
  std::string about;
  double value = 0;
  std::uint64_t part = 0;  // value = part / whole, if whole is not 0
  std::uint64_t whole = 0;
  bool more_is_better = true;
};
[[nodiscard]] std::vector<Figure> figures_of(const Evaluation& evaluation);

struct EvaluationOptions {
  std::string labels;  // file
  std::string folder;  // of the sets
  std::string work;    // where archives are unpacked
  std::string label;
  std::vector<std::string> only;  // sets whose name contains one of these; empty: all
};

// Runs every labelled set that is there. `on_set` is told each one when it is done.
[[nodiscard]] Result<Evaluation> evaluate(const harness::Subject& subject,
                                          const match::Matcher& matcher,
                                          const EvaluationOptions& options,
                                          const std::function<void(const SetScore&)>& on_set);

[[nodiscard]] std::string evaluation_text(const Evaluation& evaluation);
[[nodiscard]] std::string evaluation_json(const Evaluation& evaluation);

// The figures of the last line of a file of JSON lines.
[[nodiscard]] Result<std::vector<Figure>> read_figures(const std::string& path);
[[nodiscard]] std::string comparison_text(const std::vector<Figure>& before,
                                          const std::vector<Figure>& now);

}  // namespace catena::evaluation
