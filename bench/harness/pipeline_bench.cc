// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/pipeline_bench.h"

#include <algorithm>
#include <array>

#include "bench/harness/json_walk.h"
#include "bench/harness/stage_worker.h"
#include "bench/harness/timed_store.h"
#include "connectors/file/file_source.h"
#include "engine/pipeline/batch_pipeline.h"
#include "engine/pipeline/incident_stage.h"

namespace catena::harness {
namespace {

using pipeline::BatchOutcome;

// The files one after the other as one stream of batches.
class FileList {
 public:
  FileList(const std::vector<std::string>& names, std::size_t batch_bytes) : names_(names) {
    options_.batch_bytes = batch_bytes;
  }

  Result<bool> next(EventBatch& batch) {
    while (true) {
      if (!source_) {
        if (next_ >= names_.size()) return false;
        const auto index = static_cast<std::uint32_t>(next_);
        ASSIGN_OR_RETURN(source_, file::FileSource::open(names_[next_++], index, options_));
      }
      ASSIGN_OR_RETURN(const bool more, source_->next(batch));
      if (more) return true;
      source_.reset();
    }
  }

 private:
  const std::vector<std::string>& names_;
  file::FileSourceOptions options_;
  std::size_t next_ = 0;
  std::unique_ptr<file::FileSource> source_;
};

// Seconds of one repetition.
struct Times {
  double total = 0;
  double read = 0;
  double join = 0;
  double store = 0;
};

class PipelineBench {
 public:
  PipelineBench(const Subject& subject, const match::Matcher& matcher,
                const PipelineBenchOptions& options)
      : subject_(subject),
        matcher_(matcher),
        options_(options),
        detections_({subject.rules, subject.fields, subject.mapping.log_sources(), subject.entities,
                     options.files},
                    subject.attack) {
    for (std::size_t i = 0; i < options.threads; ++i) {
      workers_.push_back(
          std::make_unique<StageWorker>(subject, &matcher, detections_, wall_seconds));
    }
    result_.lane = options.lane;
    result_.label = options.label;
    result_.machine = this_machine();
    result_.clock = "wall";
    result_.threads = options.threads;
    result_.repetitions = options.repetitions;
    result_.rules = subject.rules.rules.size();
  }

  Result<BenchResult> run_whole() {
    result_.kind = "pipeline";
    reset_peak_memory();
    RETURN_IF_ERROR(run_once().status());  // warm-up
    std::array<std::vector<double>, 6> stages;
    std::vector<double> seconds, walks, ratios, allocations;
    for (std::size_t i = 0; i < options_.repetitions; ++i) {
      ASSIGN_OR_RETURN(const double walked, walk());
      for (const auto& worker : workers_) worker->reset_times();
      const auto allocated = allocation_count();
      ASSIGN_OR_RETURN(const Times times, run_once());
      if (allocated) allocations.push_back(static_cast<double>(*allocation_count() - *allocated));
      seconds.push_back(times.total);
      walks.push_back(walked);
      if (walked > 0) ratios.push_back(times.total / walked);
      add_stages(times, stages);
    }
    result_.seconds = summarise(seconds);
    result_.walk_seconds = summarise(walks);
    result_.walk_ratio = summarise(ratios);
    result_.walked_share =
        static_cast<double>(walk_.bytes()) /
        (static_cast<double>(options_.repetitions * std::max<std::uint64_t>(result_.bytes, 1)));
    constexpr std::array<std::string_view, 6> kNames = {"read",   "decode", "match",
                                                        "detect", "join",   "store"};
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      result_.stages.push_back({std::string(kNames[i]), summarise(stages[i])});
    }
    if (!allocations.empty()) {
      result_.allocations_per_event = result_.per_event(summarise(allocations).median);
    }
    finish();
    return std::move(result_);
  }

  Result<BenchResult> run_store() {
    result_.kind = "store";
    ASSIGN_OR_RETURN(const auto outcomes, find_detections());
    for (const BatchOutcome& outcome : outcomes) result_.events += outcome.detections.size();
    if (result_.events == 0) return invalid_input("no detection to store in these events");
    reset_peak_memory();
    std::vector<double> seconds, joins, stores;
    for (std::size_t i = 0; i < options_.repetitions + 1; ++i) {
      auto copies = outcomes;
      ASSIGN_OR_RETURN(const Times times, join_and_store(copies));
      if (i == 0) continue;  // warm-up
      seconds.push_back(times.total);
      joins.push_back(result_.per_event(times.join * 1e9));
      stores.push_back(result_.per_event(times.store * 1e9));
    }
    result_.seconds = summarise(seconds);
    result_.stages = {{"join", summarise(joins)}, {"store", summarise(stores)}};
    finish();
    return std::move(result_);
  }

 private:
  void finish() {
    result_.plans = matcher_.plan_count();
    result_.peak_memory = peak_memory();
  }

  Result<double> walk() {
    FileList files(options_.files, options_.batch_bytes);
    EventBatch batch;
    double seconds = 0;
    while (true) {
      batch.clear();
      ASSIGN_OR_RETURN(const bool more, files.next(batch));
      if (!more) return seconds;
      const double begin = wall_seconds();
      walk_.walk(batch.received(), batch.bytes.size());
      seconds += wall_seconds() - begin;
    }
  }

  void fill_outcome(EventBatch& batch, const StageWorker& worker, BatchOutcome& outcome) {
    for (const StageWorker::Match& match : worker.matches()) {
      outcome.detections.push_back(detections_.build(batch.events[match.event], match.rule));
    }
    for (Event& event : batch.events) subject_.lineage.observe(event, batch.arena, outcome.facts);
    outcome.evaluated = batch.events.size();
    outcome.position.source = options_.files[batch.source];
    outcome.position.offset = batch.first_offset + batch.size;
  }

  Result<Times> run_once() {
    ASSIGN_OR_RETURN(const auto store, options_.make_store());
    TimedStore timed(*store);
    pipeline::IncidentStage stage(timed, [](const auto&) { return ok_status(); });
    FileList files(options_.files, options_.batch_bytes);
    Times times;
    result_.events = result_.bytes = result_.dead_letters = 0;
    pipeline::BatchStages<BatchOutcome> stages;
    stages.read = [&](EventBatch& batch) {
      const double begin = wall_seconds();
      auto more = files.next(batch);
      times.read += wall_seconds() - begin;
      if (more.ok() && *more) result_.bytes += batch.size;
      return more;
    };
    stages.work = [&](EventBatch& batch, BatchOutcome& outcome, std::size_t worker) {
      RETURN_IF_ERROR(workers_[worker]->work(
          batch, [&](const StageWorker& done) { fill_outcome(batch, done, outcome); }));
      outcome.dead_letters.resize(batch.dead_letters.size());
      return ok_status();
    };
    stages.apply = [&](BatchOutcome& outcome) {
      result_.events += outcome.evaluated;
      result_.dead_letters += outcome.dead_letters.size();
      return joined(times, [&] { return stage.add(outcome); });
    };
    const MatchCounts before = counts();
    const double begin = wall_seconds();
    RETURN_IF_ERROR(joined(times, [&] { return stage.restore(); }));
    RETURN_IF_ERROR(pipeline::run_batches(stages, options_.threads));
    RETURN_IF_ERROR(joined(times, [&] { return stage.commit(); }));
    times.total = wall_seconds() - begin;
    times.store = timed.seconds();
    times.join -= times.store;
    const MatchCounts now = counts();
    result_.counts = {now.candidates - before.candidates, now.matches - before.matches,
                      now.values_found - before.values_found,
                      now.values_missed - before.values_missed,
                      now.values_left - before.values_left};
    if (result_.events == 0) return invalid_input("no event to measure with");
    return times;
  }

  template <typename Call>
  static Status joined(Times& times, const Call& call) {
    const double begin = wall_seconds();
    Status status = call();
    times.join += wall_seconds() - begin;
    return status;
  }

  [[nodiscard]] MatchCounts counts() const {
    MatchCounts sum;
    for (const auto& worker : workers_) {
      sum.candidates += worker->counts().candidates;
      sum.matches += worker->counts().matches;
      sum.values_found += worker->counts().values_found;
      sum.values_missed += worker->counts().values_missed;
      sum.values_left += worker->counts().values_left;
    }
    return sum;
  }

  void add_stages(const Times& times, std::array<std::vector<double>, 6>& stages) const {
    std::array<double, 6> seconds = {times.read, 0, 0, 0, times.join, times.store};
    for (const auto& worker : workers_) {
      for (std::size_t i = 0; i < kStageCount; ++i) seconds[1 + i] += worker->seconds()[i];
    }
    for (std::size_t i = 0; i < seconds.size(); ++i) {
      stages[i].push_back(result_.per_event(seconds[i] * 1e9));
    }
  }

  Result<std::vector<BatchOutcome>> find_detections() {
    FileList files(options_.files, options_.batch_bytes);
    EventBatch batch;
    std::vector<BatchOutcome> outcomes;
    while (true) {
      batch.clear();
      ASSIGN_OR_RETURN(const bool more, files.next(batch));
      if (!more) return outcomes;
      outcomes.emplace_back();
      RETURN_IF_ERROR(workers_.front()->work(
          batch, [&](const StageWorker& done) { fill_outcome(batch, done, outcomes.back()); }));
      result_.bytes += batch.size;
      result_.counts = counts();
    }
  }

  Result<Times> join_and_store(std::vector<BatchOutcome>& outcomes) {
    ASSIGN_OR_RETURN(const auto store, options_.make_store());
    TimedStore timed(*store);
    pipeline::IncidentStage stage(timed, [](const auto&) { return ok_status(); });
    Times times;
    RETURN_IF_ERROR(joined(times, [&] { return stage.restore(); }));
    for (BatchOutcome& outcome : outcomes) {
      RETURN_IF_ERROR(joined(times, [&] { return stage.add(outcome); }));
    }
    RETURN_IF_ERROR(joined(times, [&] { return stage.commit(); }));
    times.total = times.join;
    times.store = timed.seconds();
    times.join -= times.store;
    return times;
  }

  const Subject& subject_;
  const match::Matcher& matcher_;
  const PipelineBenchOptions& options_;
  incident::DetectionBuilder detections_;
  std::vector<std::unique_ptr<StageWorker>> workers_;
  JsonWalk walk_;
  BenchResult result_;
};

}  // namespace

Result<BenchResult> run_pipeline_bench(const Subject& subject, const match::Matcher& matcher,
                                       const PipelineBenchOptions& options) {
  PipelineBench bench(subject, matcher, options);
  return bench.run_whole();
}

Result<BenchResult> run_store_bench(const Subject& subject, const match::Matcher& matcher,
                                    const PipelineBenchOptions& options) {
  PipelineBench bench(subject, matcher, options);
  return bench.run_store();
}

}  // namespace catena::harness
