// SPDX-License-Identifier: Apache-2.0
#include "engine/app/bench_command.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>

#include "bench/harness/comparison.h"
#include "bench/harness/cost_tables.h"
#include "bench/harness/loaded_events.h"
#include "bench/harness/match_bench.h"
#include "bench/harness/memory_file.h"
#include "bench/harness/pipeline_bench.h"
#include "bench/harness/rule_clones.h"
#include "bench/harness/svg_chart.h"
#include "engine/app/content.h"
#include "engine/app/event_files.h"
#include "engine/app/exit_code.h"
#include "engine/app/store_access.h"
#include "engine/app/terminal.h"

namespace catena::app {
namespace {

constexpr std::size_t kPlansShown = 20;
constexpr std::size_t kFlushBytes = 1024 * 1024;

void complain(const std::string& message) {
  std::fprintf(stderr, "catena: %s\n", printable(message).c_str());
}

void print(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

// Writes to a file or to standard output.
class Output {
 public:
  Status open(const std::string& path) {
    path_ = path;
    if (path == "-") return ok_status();
    file_.open(path, std::ios::binary | std::ios::trunc);
    return file_.is_open() ? ok_status() : io_error(path + ": cannot be written");
  }
  Status write(const std::string& text) {
    if (path_ == "-") {
      const bool whole = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
      return whole ? ok_status() : io_error("standard output cannot be written");
    }
    file_.write(text.data(), static_cast<std::streamsize>(text.size()));
    return file_.good() ? ok_status() : io_error(path_ + ": cannot be written");
  }
  Status close() {
    if (path_ == "-") {
      return std::fflush(stdout) == 0 ? ok_status() : io_error("standard output cannot be written");
    }
    file_.close();
    return file_.good() ? ok_status() : io_error(path_ + ": cannot be written");
  }

 private:
  std::string path_;
  std::ofstream file_;
};

Status write_file(const std::string& path, const std::string& text) {
  Output output;
  RETURN_IF_ERROR(output.open(path));
  RETURN_IF_ERROR(output.write(text));
  return output.close();
}

std::string generate(const generator::StreamOptions& options) {
  generator::EventStream stream(options);
  std::string text;
  while (stream.next(text)) {
  }
  return text;
}

// What the report calls the events.
std::string lane_name(const BenchOptions& options) {
  std::string name = options.inputs.empty() ? "made-" + options.stream_name : "files";
  if (options.inputs.empty() && options.stream.event_bytes > 0) {
    name += "-" + std::to_string(options.stream.event_bytes) + "B";
  }
  if (!options.lane.empty()) name += ":" + options.lane;
  return name;
}

Result<harness::LoadedEvents> load_events(const BenchOptions& options,
                                          const harness::Subject& subject) {
  const harness::LoadOptions load{options.batch_bytes, options.lane, options.shuffle_seed};
  if (options.inputs.empty()) {
    return harness::LoadedEvents::load_text(generate(options.stream), subject, load);
  }
  ASSIGN_OR_RETURN(const auto files, expand_event_files(options.inputs));
  return harness::LoadedEvents::load(files, subject, load);
}

// The stages of a result as bars.
harness::Chart stage_chart(const harness::BenchResult& result) {
  harness::Chart chart;
  chart.title = "catena bench " + result.kind + " " + result.lane;
  chart.x_title = "stage";
  chart.y_title = "nanoseconds an event";
  harness::ChartSeries series{
      std::to_string(static_cast<long long>(result.events_per_second())) + " events a second", {}};
  const auto add = [&](const std::string& name, double value) {
    chart.labels.push_back(name);
    series.values.push_back(value);
  };
  if (result.walk_seconds.median > 0) {
    add("(JSON walk)", result.per_event(result.walk_seconds.median * 1e9));
  }
  for (const harness::StageTime& stage : result.stages) add(stage.name, stage.ns_per_event.median);
  chart.series.push_back(std::move(series));
  return chart;
}

Status print_result(const BenchOptions& options, const harness::BenchResult& result) {
  if (options.json) {
    print(harness::to_json(result) + "\n");
  } else if (options.table) {
    print(harness::table_line(result) + "\n");
  } else {
    print(harness::to_text(result));
  }
  if (!options.result_file.empty()) {
    std::ofstream file(options.result_file, std::ios::binary | std::ios::app);
    file << harness::to_json(result) << '\n';
    file.close();
    if (!file.good()) return io_error(options.result_file + ": cannot be written");
  }
  if (!options.chart.empty()) {
    RETURN_IF_ERROR(write_file(options.chart, harness::bar_chart_svg(stage_chart(result))));
  }
  if (options.compare.empty()) return ok_status();
  ASSIGN_OR_RETURN(const auto earlier, harness::read_results(options.compare));
  const harness::BenchResult* before = harness::find_earlier(earlier, result);
  if (before == nullptr) {
    return not_found(options.compare + ": no earlier result of " + result.kind + " " + result.lane +
                     " with " + std::to_string(result.threads) + " threads");
  }
  const harness::Comparison comparison = harness::compare(*before, result);
  print(options.json ? harness::comparison_json(comparison, *before, result) + "\n"
                     : harness::comparison_text(comparison, *before, result));
  return ok_status();
}

Status print_tables(const BenchOptions& options, harness::LoadedEvents& events,
                    const harness::Subject& subject, const match::Matcher& matcher) {
  if (options.per_plan) {
    ASSIGN_OR_RETURN(const auto plans, harness::measure_plans(events, subject, matcher));
    print(options.json ? harness::plans_json(plans, plans.size())
                       : harness::plans_text(plans, kPlansShown));
  }
  if (options.per_rule > 0) {
    const auto rules = harness::measure_rules(events, subject);
    print(options.json ? harness::rules_json(rules, subject, options.per_rule)
                       : harness::rules_text(rules, subject, options.per_rule));
  }
  return ok_status();
}

Status bench_in_memory(const BenchOptions& options, const harness::Subject& subject,
                       const match::Matcher& matcher) {
  ASSIGN_OR_RETURN(auto events, load_events(options, subject));
  harness::MatchBenchOptions measure;
  measure.depth =
      options.kind == BenchKind::kParse ? harness::Depth::kParse : harness::Depth::kMatch;
  measure.threads = options.threads;
  measure.repetitions = options.repetitions;
  measure.lane = lane_name(options);
  measure.label = options.label;
  measure.wall_clock = options.wall_clock;
  measure.rate = options.rate;
  ASSIGN_OR_RETURN(const auto result, harness::run_match_bench(events, subject, matcher, measure));
  RETURN_IF_ERROR(print_result(options, result));
  return print_tables(options, events, subject, matcher);
}

// Gives out empty stores, one at a time, and removes their folders again.
class FreshStores {
 public:
  explicit FreshStores(const std::string& folder) {
    if (!folder.empty()) path_ = folder + "/catena-bench-store";
  }
  ~FreshStores() {
    std::error_code ignored;
    if (used_) std::filesystem::remove_all(path_, ignored);
  }
  FreshStores(const FreshStores&) = delete;
  FreshStores& operator=(const FreshStores&) = delete;

  // The store given out before must be gone.
  Result<std::unique_ptr<pipeline::IncidentStore>> make() {
    std::error_code error;
    if (!path_.empty() && !used_ && std::filesystem::exists(path_, error)) {
      return invalid_input(path_ + ": exists already; it would be removed");
    }
    if (used_) std::filesystem::remove_all(path_, error);
    used_ = !path_.empty();
    return open_store(path_, StoreMode::kWrite);
  }

 private:
  std::string path_;
  bool used_ = false;
};

Status bench_pipeline(const BenchOptions& options, const harness::Subject& subject,
                      const match::Matcher& matcher) {
  harness::PipelineBenchOptions measure;
  std::optional<harness::MemoryFile> generated;
  if (options.inputs.empty()) {
    ASSIGN_OR_RETURN(generated, harness::MemoryFile::create(generate(options.stream)));
    measure.files = {generated->path()};
  } else {
    ASSIGN_OR_RETURN(measure.files, expand_event_files(options.inputs));
  }
  FreshStores stores(options.store);
  measure.make_store = [&stores] { return stores.make(); };
  measure.threads = options.threads;
  measure.repetitions = options.repetitions;
  measure.batch_bytes = options.batch_bytes;
  measure.lane = lane_name(options) + (options.store.empty() ? "" : ":stored");
  measure.label = options.label;
  ASSIGN_OR_RETURN(const auto result, options.kind == BenchKind::kStore
                                          ? harness::run_store_bench(subject, matcher, measure)
                                          : harness::run_pipeline_bench(subject, matcher, measure));
  return print_result(options, result);
}

Result<std::unique_ptr<Content>> load_content(const std::vector<std::string>& rule_paths) {
  ASSIGN_OR_RETURN(auto content, Content::load({rule_paths, "", 1, ""}));
  if (content->rules.rules.empty()) return invalid_input("no rule could be loaded");
  return content;
}

harness::Subject subject_of(const Content& content, const plan::RuleSet& rules) {
  return {rules,           content.fields, *content.mapping, content.entities,
          content.lineage, content.attack};
}

Status bench(const BenchOptions& options) {
  ASSIGN_OR_RETURN(const auto content, load_content(options.rule_paths));
  plan::RuleSet larger;
  if (options.rule_factor > 1) {
    larger = harness::multiply_rules(content->rules, content->fields, options.rule_factor);
  }
  const plan::RuleSet& rules = options.rule_factor > 1 ? larger : content->rules;
  const harness::Subject subject = subject_of(*content, rules);
  const match::Matcher matcher(rules, content->mapping->log_sources(), content->fields, nullptr,
                               {.remember_values = !options.forget_values, .limits = {}});
  const bool in_memory = options.kind == BenchKind::kMatch || options.kind == BenchKind::kParse;
  return in_memory ? bench_in_memory(options, subject, matcher)
                   : bench_pipeline(options, subject, matcher);
}

Result<std::vector<harness::GrowthAxis>> axes_of(const std::vector<std::string>& names) {
  std::vector<harness::GrowthAxis> axes;
  for (const harness::GrowthAxis axis : harness::GrowthOptions{}.axes) {
    const bool wanted =
        std::find(names.begin(), names.end(), harness::growth_axis_name(axis)) != names.end();
    if (names.empty() || wanted) axes.push_back(axis);
  }
  return axes;
}

// "growth.svg" becomes "growth-rules.svg".
std::string chart_path(const std::string& path, harness::GrowthAxis axis) {
  std::filesystem::path result(path);
  const std::string extension = result.extension().string();
  result.replace_extension();
  return result.string() + "-" + std::string(harness::growth_axis_name(axis)) + extension;
}

Status growth(const BenchGrowthOptions& options) {
  ASSIGN_OR_RETURN(const auto content, load_content(options.rule_paths));
  harness::GrowthOptions measure = options.growth;
  ASSIGN_OR_RETURN(measure.axes, axes_of(options.axes));
  ASSIGN_OR_RETURN(measure.files, expand_event_files(options.growth.files));
  std::vector<harness::GrowthPoint> points;
  RETURN_IF_ERROR(harness::run_growth(subject_of(*content, content->rules), measure,
                                      [&](const harness::GrowthPoint& point) {
                                        points.push_back(point);
                                        if (options.json) print(harness::growth_json(point) + "\n");
                                      }));
  if (!options.json) print(harness::growth_text(points));
  if (options.chart.empty()) return ok_status();
  for (const harness::GrowthAxis axis : measure.axes) {
    RETURN_IF_ERROR(write_file(chart_path(options.chart, axis),
                               harness::line_chart_svg(harness::growth_chart(points, axis))));
  }
  return ok_status();
}

Status generate_to(const GenerateOptions& options) {
  Output output;
  Output labels;
  RETURN_IF_ERROR(output.open(options.output));
  if (!options.labels.empty()) RETURN_IF_ERROR(labels.open(options.labels));
  generator::EventStream stream(options.stream);
  std::string text;
  std::uint64_t line = 1;
  while (stream.next(text)) {
    if (stream.is_attack() && !options.labels.empty()) {
      RETURN_IF_ERROR(labels.write("{\"line\":" + std::to_string(line) +
                                   ",\"lines\":" + std::to_string(stream.lines()) + "}\n"));
    }
    line += stream.lines();
    if (text.size() < kFlushBytes) continue;
    RETURN_IF_ERROR(output.write(text));
    text.clear();
  }
  RETURN_IF_ERROR(output.write(text));
  if (!options.labels.empty()) RETURN_IF_ERROR(labels.close());
  return output.close();
}

int exit_code_of(const Status& status) {
  if (status.ok()) return kExitOk;
  complain(status.message());
  return kExitError;
}

}  // namespace

int run_bench(const BenchOptions& options) { return exit_code_of(bench(options)); }

int run_growth(const BenchGrowthOptions& options) { return exit_code_of(growth(options)); }

int run_generate(const GenerateOptions& options) { return exit_code_of(generate_to(options)); }

}  // namespace catena::app
