// SPDX-License-Identifier: Apache-2.0
#include "engine/app/bench_command.h"

#include <cstdio>
#include <fstream>

#include "bench/harness/comparison.h"
#include "bench/harness/cost_tables.h"
#include "bench/harness/loaded_events.h"
#include "bench/harness/match_bench.h"
#include "engine/app/content.h"
#include "engine/app/event_files.h"
#include "engine/app/exit_code.h"
#include "engine/app/terminal.h"

namespace catena::app {
namespace {

constexpr std::size_t kPlansShown = 20;
constexpr std::size_t kFlushBytes = 1024 * 1024;

void complain(const std::string& message) {
  std::fprintf(stderr, "catena: %s\n", printable(message).c_str());
}

void print(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

std::string generate(const generator::StreamOptions& options) {
  generator::EventStream stream(options);
  std::string text;
  while (stream.next(text)) {
  }
  return text;
}

// What the report calls the events.
std::string lane_name(const BenchOptions& options) {
  std::string name = options.inputs.empty() ? "generated-" + options.stream_name : "files";
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

Status print_result(const BenchOptions& options, const harness::BenchResult& result) {
  if (options.json) {
    print(harness::to_json(result) + "\n");
  } else if (options.table) {
    print(harness::table_line(result) + "\n");
  } else {
    print(harness::to_text(result));
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

Status bench(const BenchOptions& options) {
  ASSIGN_OR_RETURN(const auto content, Content::load({options.rule_paths, ""}));
  if (content->rules.rules.empty()) return invalid_input("no rule could be loaded");
  const harness::Subject subject{content->rules, content->fields, *content->mapping,
                                 content->entities, content->attack};
  ASSIGN_OR_RETURN(auto events, load_events(options, subject));
  const match::Matcher matcher(content->rules, content->mapping->log_sources(), content->fields);
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

int run_generate(const GenerateOptions& options) { return exit_code_of(generate_to(options)); }

}  // namespace catena::app
