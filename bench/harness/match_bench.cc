// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/match_bench.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>

#include "bench/harness/json_walk.h"
#include "bench/harness/open_loop.h"
#include "bench/harness/stage_worker.h"
#include "engine/pipeline/batch_pipeline.h"

namespace catena::harness {
namespace {

constexpr std::array<std::string_view, kStageCount> kStageNames = {"decode", "match", "detect"};

class MatchBench {
 public:
  MatchBench(LoadedEvents& events, const Subject& subject, const match::Matcher& matcher,
             const MatchBenchOptions& options)
      : events_(events),
        matcher_(matcher),
        options_(options),
        uses_wall_(options.wall_clock || options.threads > 1),
        clock_(uses_wall_ ? wall_seconds : thread_seconds),
        detections_({subject.rules, subject.fields, subject.mapping.log_sources(), subject.entities,
                     source_names_},
                    subject.attack),
        passes_((kLeastEventsPerRepetition + events.events() - 1) / events.events()) {
    const bool matches = options.depth == Depth::kMatch;
    for (std::size_t i = 0; i < options.threads; ++i) {
      workers_.push_back(std::make_unique<StageWorker>(subject, matches ? &matcher_ : nullptr,
                                                       detections_, clock_));
    }
    result_.kind = matches ? "match" : "parse";
    result_.lane = options.lane;
    result_.label = options.label;
    result_.machine = this_machine();
    result_.clock = uses_wall_ ? "wall" : "cpu";
    result_.threads = options.threads;
    result_.repetitions = options.repetitions;
    result_.rules = matches ? subject.rules.rules.size() : 0;
    result_.events = events.events() * passes_;
    result_.bytes = events.bytes() * passes_;
    result_.dead_letters = events.dead_letters() * passes_;
    result_.loaded_memory = events.bytes();
  }

  Result<BenchResult> run() {
    reset_peak_memory();
    RETURN_IF_ERROR(replay(1));  // warm-up: builds the plans, fills the scratches
    for (std::size_t i = 0; i < options_.repetitions; ++i) RETURN_IF_ERROR(repeat());
    summarise_all();
    if (options_.rate) {
      ASSIGN_OR_RETURN(result_.latency, run_open_loop(events_, workers_, *options_.rate));
    }
    return std::move(result_);
  }

 private:
  // All batches `passes` times, shared out among the threads.
  Status replay(std::uint64_t passes) {
    std::atomic<std::uint64_t> next{0};
    const std::uint64_t per_pass = events_.batch_count();
    std::mutex mutex;
    Status failure;
    // A batch is lent to one thread at a time: passes follow each other.
    for (std::uint64_t pass = 0; pass < passes && failure.ok(); ++pass) {
      next = 0;
      const auto body = [&](std::size_t worker) {
        EventBatch batch;
        for (std::uint64_t i = next++; i < per_pass; i = next++) {
          events_.lend(static_cast<std::size_t>(i), batch);
          Status status = workers_[worker]->work(batch);
          events_.give_back(static_cast<std::size_t>(i), batch);
          if (status.ok()) continue;
          const std::lock_guard lock(mutex);
          failure = std::move(status);
          return;
        }
      };
      RETURN_IF_ERROR(pipeline::run_on_threads(options_.threads, false, body, [] {}));
    }
    return failure;
  }

  double walk() {
    const double begin = clock_();
    for (std::uint64_t pass = 0; pass < passes_; ++pass) {
      for (std::size_t i = 0; i < events_.batch_count(); ++i) {
        walk_.walk(events_.text(i), events_.readable(i));
      }
    }
    return clock_() - begin;
  }

  Status repeat() {
    const double walked_before = walk();
    for (const auto& worker : workers_) worker->reset_times();
    const auto allocated = allocation_count();
    hardware_.start();
    const double begin = wall_seconds();
    RETURN_IF_ERROR(replay(passes_));
    double seconds = wall_seconds() - begin;
    hardware_.stop();
    if (allocated) allocations_.push_back(static_cast<double>(*allocation_count() - *allocated));
    if (!uses_wall_) seconds = workers_.front()->total_seconds();
    seconds_.push_back(seconds);
    // Before and after, so that a drift within the repetition counts half on either side.
    const double walked = (walked_before + walk()) / 2;
    walk_seconds_.push_back(walked);
    if (walked > 0) ratios_.push_back(seconds / walked);
    for (std::size_t stage = 0; stage < kStageCount; ++stage) {
      double sum = 0;
      for (const auto& worker : workers_) sum += worker->seconds()[stage];
      stage_seconds_[stage].push_back(sum * 1e9 / static_cast<double>(result_.events));
    }
    return ok_status();
  }

  void summarise_all() {
    result_.seconds = summarise(seconds_);
    result_.walk_seconds = summarise(walk_seconds_);
    result_.walk_ratio = summarise(ratios_);
    const auto walks = static_cast<double>(options_.repetitions);
    result_.walked_share =
        static_cast<double>(walk_.bytes()) / (2 * walks * static_cast<double>(result_.bytes));
    const std::size_t stages = options_.depth == Depth::kMatch ? kStageCount : kDecode + 1;
    for (std::size_t i = 0; i < stages; ++i) {
      result_.stages.push_back({std::string(kStageNames[i]), summarise(stage_seconds_[i])});
    }
    if (!allocations_.empty()) {
      result_.allocations_per_event = result_.per_event(summarise(allocations_).median);
    }
    result_.plans = options_.depth == Depth::kMatch ? matcher_.plan_count() : 0;
    result_.peak_memory = peak_memory();
    count_matches();
    for (std::size_t i = 0; i < HardwareCounters::kCount; ++i) {
      if (const auto value = hardware_.read(static_cast<HardwareCounters::Counter>(i))) {
        result_.hardware.emplace_back(HardwareCounters::kNames[i],
                                      result_.per_event(*value / walks));
      }
    }
  }

  // The workers counted the warm-up pass and every repetition: all alike.
  void count_matches() {
    MatchCounts sum;
    for (const auto& worker : workers_) {
      sum.candidates += worker->counts().candidates;
      sum.matches += worker->counts().matches;
      sum.values_found += worker->counts().values_found;
      sum.values_missed += worker->counts().values_missed;
      sum.values_left += worker->counts().values_left;
    }
    const std::uint64_t passes = 1 + options_.repetitions * passes_;
    const auto one = [&](std::uint64_t all) { return all / passes * passes_; };
    result_.counts = {one(sum.candidates), one(sum.matches), one(sum.values_found),
                      one(sum.values_missed), one(sum.values_left)};
  }

  LoadedEvents& events_;
  const match::Matcher& matcher_;
  const MatchBenchOptions& options_;
  bool uses_wall_;
  StageWorker::Clock clock_;
  std::vector<std::string> source_names_ = {"events"};
  incident::DetectionBuilder detections_;
  std::uint64_t passes_;
  std::vector<std::unique_ptr<StageWorker>> workers_;
  JsonWalk walk_;
  HardwareCounters hardware_;
  BenchResult result_;
  std::vector<double> seconds_, walk_seconds_, ratios_, allocations_;
  std::array<std::vector<double>, kStageCount> stage_seconds_;
};

}  // namespace

Result<BenchResult> run_match_bench(LoadedEvents& events, const Subject& subject,
                                    const match::Matcher& matcher,
                                    const MatchBenchOptions& options) {
  MatchBench bench(events, subject, matcher, options);
  return bench.run();
}

}  // namespace catena::harness
