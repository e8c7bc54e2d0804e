// SPDX-License-Identifier: Apache-2.0
#include "engine/app/bench_command_line.h"

#include <string>

#include <CLI/CLI.hpp>

#include "bench/harness/rule_clones.h"
#include "engine/app/bench_chains_command.h"
#include "engine/app/bench_command.h"

namespace catena::app {

struct BenchCommandLine {
  BenchOptions bench;
  GenerateOptions generate;
  BenchGrowthOptions growth;
  BenchChainsOptions chains;
  std::string generated_mix;
};

namespace {

constexpr std::size_t kMaxThreads = 256;
constexpr std::size_t kMaxRepetitions = 10'000;
constexpr std::size_t kLeastBatchBytes = 4 * 1024;
constexpr std::size_t kMaxBatchBytes = 64 * 1024 * 1024;
constexpr std::size_t kSmallEventBytes = 400;
constexpr std::size_t kBigEventBytes = 8'000;

// "small", "real", "big", or a number of bytes.
std::string read_size(const std::string& text, std::size_t& bytes) {
  if (text == "real") {
    bytes = 0;
  } else if (text == "small") {
    bytes = kSmallEventBytes;
  } else if (text == "big") {
    bytes = kBigEventBytes;
  } else if (!CLI::detail::lexical_cast(text, bytes) || bytes > generator::kMaxEventBytes) {
    return "--size: small, real, big or a number of bytes up to " +
           std::to_string(generator::kMaxEventBytes);
  }
  return "";
}

void add_stream_options(CLI::App* command, generator::StreamOptions& stream, std::string& mix) {
  std::string names;
  for (const auto& [name, value] : generator::mix_names()) {
    names += (names.empty() ? "" : ", ") + name;
  }
  mix = "windows";
  command
      ->add_option_function<std::string>(
          "--mix",
          [&stream, &mix](const std::string& name) {
            stream.mix = generator::mix_names().at(name);
            mix = name;
          },
          "kinds of generated events (" + names + ")")
      ->check(CLI::IsMember(generator::mix_names()))
      ->option_text("WORD");
  command->add_option("--events", stream.events, "how many records to generate")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{10'000'000'000}))
      ->option_text("N");
  command->add_option("--seed", stream.seed, "the same seed gives the same bytes")
      ->option_text("N");
  command->add_option("--attack-share", stream.attack_share, "share of attack events, 0 to 1")
      ->check(CLI::Range(0.0, 1.0))
      ->option_text("X");
  command
      ->add_option_function<double>(
          "--process-share", [&stream](const double& share) { stream.process_share = share; },
          "share of process creation, 0 to 1 (default: as the mix has it)")
      ->check(CLI::Range(0.0, 1.0))
      ->option_text("X");
  command
      ->add_option_function<std::string>(
          "--size",
          [&stream](const std::string& text) {
            const std::string wrong = read_size(text, stream.event_bytes);
            if (!wrong.empty()) throw CLI::ValidationError(wrong);
          },
          "size of Windows records: small (400), real, big (8000), or bytes")
      ->option_text("SIZE");
}

void add_generate(CLI::App* bench, BenchCommandLine& line, std::function<int()>& run) {
  CLI::App* command = bench->add_subcommand("generate", "make a stream of log records from a seed");
  add_stream_options(command, line.generate.stream, line.generated_mix);
  command
      ->add_option("--events-per-second", line.generate.stream.events_per_second,
                   "how fast the records' own time goes")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}))
      ->option_text("N");
  command->add_option("-o,--output", line.generate.output, "file, or - for standard output")
      ->option_text("FILE");
  command
      ->add_option("--labels", line.generate.labels, "write which lines are attacks, as JSON lines")
      ->option_text("FILE");
  command->footer(
      "Example:\n  catena bench generate --events 1000 --seed 7 --mix all -o events.jsonl");
  command->callback([&line, &run] { run = [&line] { return run_generate(line.generate); }; });
}

void add_measure_options(CLI::App* command, BenchOptions& options) {
  command->add_option("EVENTS", options.inputs,
                      "log files or folders (default: a generated stream)");
  command
      ->add_option("-r,--rules", options.rule_paths,
                   "Sigma rule file or folder, may be repeated (default: the built-in rules)")
      ->option_text("PATH")
      ->allow_extra_args(false);
  command->add_option("--repeat", options.repetitions, "repetitions; medians are reported")
      ->check(CLI::Range(std::size_t{1}, kMaxRepetitions))
      ->option_text("N");
  command->add_option("-j,--threads", options.threads, "threads")
      ->check(CLI::Range(std::size_t{1}, kMaxThreads))
      ->option_text("N");
  command->add_option("--batch-bytes", options.batch_bytes, "size of a batch")
      ->check(CLI::Range(kLeastBatchBytes, kMaxBatchBytes))
      ->option_text("N");
  command->add_option("--label", options.label, "kept with the result: a commit, say")
      ->option_text("TEXT");
  command->add_flag("--json", options.json, "JSON lines, for --compare and programs");
  command->add_flag("--table", options.table, "one line of a table");
  command->add_option("--chart", options.chart, "write the stages as an SVG chart")
      ->option_text("FILE");
  command
      ->add_option("--rule-factor", options.rule_factor,
                   "so many times the rules, by clones with other words")
      ->check(CLI::Range(std::size_t{1}, harness::kMaxRuleFactor))
      ->option_text("N");
  command->add_flag("--forget-values", options.forget_values,
                    "scan every value, as if none came twice");
  command->add_option("--result", options.result_file, "append the JSON line to this file as well")
      ->option_text("FILE");
  command->add_option("--compare", options.compare, "compare with an earlier --json result")
      ->option_text("FILE");
}

void add_match_options(CLI::App* command, BenchOptions& options) {
  command
      ->add_option("--lane", options.lane,
                   "only these events: process, or a log source such as windows/registry_set")
      ->option_text("NAME");
  command
      ->add_option_function<std::uint64_t>(
          "--shuffle", [&options](const std::uint64_t& seed) { options.shuffle_seed = seed; },
          "put the records in an order that this seed decides")
      ->option_text("SEED");
  command
      ->add_option_function<double>(
          "--rate", [&options](const double& rate) { options.rate = rate; },
          "measure latency at this offered rate as well, in events a second")
      ->check(CLI::PositiveNumber)
      ->option_text("N");
  command->add_flag("--wall", options.wall_clock,
                    "time of the wall clock (one thread: processor time if not given)");
  command->add_flag("--per-plan", options.per_plan, "cost by kind of event");
  command->add_option("--per-rule", options.per_rule, "list the N most expensive rules")
      ->option_text("N");
}

void add_kind(CLI::App* bench, BenchKind kind, BenchCommandLine& line, std::function<int()>& run) {
  constexpr const char* kNames[] = {"match", "parse", "pipeline", "store"};
  constexpr const char* kAbouts[] = {
      "decode, match and build detections, from memory", "decode alone, from memory",
      "read, decode, match, detect, join, store: everything that scan does",
      "join and store the detections of the events"};
  const auto index = static_cast<std::size_t>(kind);
  CLI::App* command = bench->add_subcommand(kNames[index], kAbouts[index]);
  add_measure_options(command, line.bench);
  add_stream_options(command, line.bench.stream, line.bench.stream_name);
  if (kind == BenchKind::kMatch || kind == BenchKind::kParse) {
    add_match_options(command, line.bench);
  } else {
    command
        ->add_option("-s,--store", line.bench.store,
                     "folder to make stores in (default: in memory)")
        ->option_text("DIR");
  }
  command->footer("Example:\n  catena bench " + std::string(kNames[index]) +
                  " --mix windows --events 20000 --repeat 3");
  command->callback([&line, &run, kind] {
    line.bench.kind = kind;
    run = [&line] { return run_bench(line.bench); };
  });
}

void add_growth(CLI::App* bench, BenchCommandLine& line, std::function<int()>& run) {
  CLI::App* command = bench->add_subcommand(
      "growth", "how cost grows with rules, process creation, event size and threads");
  BenchGrowthOptions& options = line.growth;
  options.growth.stream.events = 20'000;
  command->add_option("EVENTS", options.growth.files,
                      "log files for the axes rules and threads (default: generated streams)");
  command
      ->add_option("-r,--rules", options.rule_paths,
                   "Sigma rule file or folder, may be repeated (default: the built-in rules)")
      ->option_text("PATH")
      ->allow_extra_args(false);
  command->add_option("--axis", options.axes, "only this axis, may be repeated")
      ->check(CLI::IsMember({"rules", "process", "size", "threads"}))
      ->option_text("WORD")
      ->allow_extra_args(false);
  command->add_option("--repeat", options.growth.repetitions, "repetitions of each point")
      ->check(CLI::Range(std::size_t{1}, kMaxRepetitions))
      ->option_text("N");
  command->add_option("--events", options.growth.stream.events, "records of a generated stream")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{100'000'000}))
      ->option_text("N");
  command->add_option("--seed", options.growth.stream.seed, "of the generated streams")
      ->option_text("N");
  command->add_option("--label", options.growth.label, "kept with the results")
      ->option_text("TEXT");
  command->add_flag("--json", options.json, "JSON lines");
  command->add_option("--chart", options.chart, "write FILE-rules.svg and so on")
      ->option_text("FILE.svg");
  command->footer("Example:\n  catena bench growth --axis rules --events 5000 --repeat 1");
  command->callback([&line, &run] { run = [&line] { return run_growth(line.growth); }; });
}

void add_chains(CLI::App* bench, BenchCommandLine& line, std::function<int()>& run) {
  CLI::App* command =
      bench->add_subcommand("chains", "how well chains tell labelled recordings of attacks");
  BenchChainsOptions& options = line.chains;
  command
      ->add_option("DIR", options.evaluation.folder,
                   "folder of the sets: files, folders, .zip and tar archives, named as the labels")
      ->required();
  command
      ->add_option("--labels", options.evaluation.labels,
                   "JSON: path of a set -> its techniques and tactics")
      ->required()
      ->option_text("FILE");
  command
      ->add_option("-r,--rules", options.rule_paths,
                   "Sigma rule file or folder, may be repeated (default: the built-in rules)")
      ->option_text("PATH")
      ->allow_extra_args(false);
  command
      ->add_option("--only", options.evaluation.only,
                   "only sets with this text in their name, may be repeated")
      ->option_text("TEXT")
      ->allow_extra_args(false);
  command
      ->add_option("--work", options.evaluation.work,
                   "where archives are unpacked (default: the system's temporary folder)")
      ->option_text("DIR");
  command->add_option("--label", options.evaluation.label, "kept with the result: a commit, say")
      ->option_text("TEXT");
  command->add_flag("--json", options.json, "one JSON line, for --compare and programs");
  command->add_option("--result", options.result_file, "append the JSON line to this file as well")
      ->option_text("FILE");
  command->add_option("--compare", options.compare, "compare with an earlier --json result")
      ->option_text("FILE");
  command->footer(
      "Example:\n  catena bench chains --rules sigma/rules --labels recordings/labels.json "
      "recordings");
  command->callback([&line, &run] { run = [&line] { return run_bench_chains(line.chains); }; });
}

}  // namespace

std::shared_ptr<BenchCommandLine> add_bench(CLI::App& app, std::function<int()>& run) {
  auto line = std::make_shared<BenchCommandLine>();
  CLI::App* bench = app.add_subcommand("bench", "measure, and make events to measure with");
  bench->require_subcommand(1);
  for (const BenchKind kind :
       {BenchKind::kMatch, BenchKind::kParse, BenchKind::kPipeline, BenchKind::kStore}) {
    add_kind(bench, kind, *line, run);
  }
  add_growth(bench, *line, run);
  add_chains(bench, *line, run);
  add_generate(bench, *line, run);
  return line;
}

}  // namespace catena::app
