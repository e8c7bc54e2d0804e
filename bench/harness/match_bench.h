// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "bench/harness/loaded_events.h"
#include "bench/harness/result.h"
#include "bench/harness/subject.h"
#include "engine/base/result.h"
#include "engine/match/matcher.h"

// Measures decoding and matching of events in memory. Every repetition times the JSON walk over the
// same bytes before and after the stages, so that a drift of the machine hits both. Times are of
// processor time with one thread (a busy machine then disturbs least) and of the wall clock with
// more. Thread safety: none. Errors: what the matcher reports.
namespace catena::harness {

enum class Depth : std::uint8_t {
  kParse,  // decode
  kMatch,  // decode, match, build detections
};

struct MatchBenchOptions {
  Depth depth = Depth::kMatch;
  std::size_t threads = 1;
  std::size_t repetitions = 5;
  std::string lane;  // for the report
  std::string label;
  bool wall_clock = false;     // also with one thread
  std::optional<double> rate;  // events a second: measure latency at this offered rate as well
};

// A repetition replays the events as often as it takes to reach this many, so that a small lane can
// be timed at all.
inline constexpr std::uint64_t kLeastEventsPerRepetition = 50'000;

[[nodiscard]] Result<BenchResult> run_match_bench(LoadedEvents& events, const Subject& subject,
                                                  const match::Matcher& matcher,
                                                  const MatchBenchOptions& options);

}  // namespace catena::harness
