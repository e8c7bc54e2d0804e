// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/correlate/correlation_state.h"
#include "engine/correlate/hit.h"
#include "engine/plan/correlation.h"

// Correlator runs a CorrelationProgram over hits in the order of (time, place): gives each hit to
// the correlations that refer to its rule, and each result to the correlations above and, when it
// alerts, to the caller. What it gives is a function of the hits alone: not of when they came, of
// threads, of the seed or of a clock. HitQueue puts hits in order.
// A result of a correlation stands, as an input of another, at the event that was due; its group-by
// fields are the group's values, any other field is that event's.
// Protocol: take() for every hit, in order; finish() at the end. Thread safety: none.
// Memory: Options::max_bytes for all groups, in equal parts for each correlation, so that a flood
// in one cannot throw out the groups of another. Cost of a hit: of each correlation above its rule,
// the cost of its window.
namespace catena::correlate {

// Events that a result names: steps of a temporal correlation, the newest ones of the others.
inline constexpr std::size_t kMaxListedMembers = plan::kMaxTemporalInputs;

struct Result {
  std::uint32_t correlation = 0;  // index into CorrelationProgram::correlations
  EventReference event;           // at which it was due
  LogSourceId log_source = kUnmappedLogSource;
  std::uint32_t input = 0;         // whose match the event is
  Timestamp first = kNoTime;       // of the earliest event that counts
  std::vector<std::string> group;  // group-by values, as that event writes them
  Measure measure;
  std::uint64_t member_count = 0;  // events in the window; for temporal types the ones listed
  bool member_count_is_floor = false;
  std::vector<MemberReference> members;  // at most kMaxListedMembers, earliest first
  std::vector<Trait> traits;             // of the window's events, sorted, at most kMaxTraits
  Id128 key;                             // of the group
};

class Correlator {
 public:
  struct Options {
    std::size_t max_bytes = kDefaultGroupBytes;
    bool repeat = false;     // as if every correlation had it
    std::uint64_t seed = 0;  // of hashes; nobody who writes logs should know it
  };
  static constexpr std::size_t kDefaultGroupBytes = 512UL * 1024 * 1024;

  using OnResult = std::function<void(const Result&)>;

  // `program` must outlive the correlator.
  Correlator(const plan::CorrelationProgram& program, const Options& options, OnResult on_result);

  // The hits of one event come one after the other; the event runs when the next one comes.
  void take(Hit hit);
  void finish();

  [[nodiscard]] const std::vector<CorrelationState>& states() const noexcept { return states_; }
  [[nodiscard]] std::uint64_t results() const noexcept { return results_; }

 private:
  // A correlation that refers to a rule or correlation, as which of its inputs.
  struct Consumer {
    std::uint32_t correlation = 0;
    std::uint32_t input = 0;
  };
  using Consumers = std::vector<std::vector<Consumer>>;

  void run_event();
  void settle(std::uint32_t correlation);
  void pass_on(std::uint32_t correlation, const Due& due);
  void report(std::uint32_t correlation, const Due& due);

  const plan::CorrelationProgram& program_;
  OnResult on_result_;
  Consumers of_rules_;         // by CorrelationProgram::rules
  Consumers of_correlations_;  // by CorrelationProgram::correlations
  std::vector<CorrelationState> states_;
  std::uint64_t results_ = 0;
  // Of the event that runs.
  std::vector<Hit> hits_;
  std::size_t hit_count_ = 0;  // hits_ keeps its memory
  std::vector<std::vector<CapturedValue>> hit_values_;
  std::vector<std::vector<Signal>> inbox_;  // by correlation
  std::vector<std::vector<Due>> due_;       // by correlation
  // Values of results that other correlations look at. A list of lists that only grows in number
  // while an event runs, so that spans into it stay.
  std::vector<std::unique_ptr<std::vector<CapturedValue>>> exported_;
};

}  // namespace catena::correlate
