// SPDX-License-Identifier: Apache-2.0
#include "engine/app/scan_command.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <numeric>
#include <optional>
#include <random>
#include <unordered_map>

#include "connectors/codec/decoder.h"
#include "connectors/evtx/batch_decoder.h"
#include "connectors/file/file_source.h"
#include "engine/app/alert_intake.h"
#include "engine/app/content.h"
#include "engine/app/event_files.h"
#include "engine/app/exit_code.h"
#include "engine/app/progress.h"
#include "engine/app/scan_report.h"
#include "engine/app/store_access.h"
#include "engine/base/json_writer.h"
#include "engine/incident/correlation_detection.h"
#include "engine/incident/json_lines.h"
#include "engine/pipeline/batch_pipeline.h"
#include "engine/pipeline/correlation_stage.h"
#include "engine/pipeline/cpu_list.h"
#include "engine/pipeline/evaluator.h"
#include "engine/pipeline/incident_stage.h"

namespace catena::app {
namespace {

using pipeline::BatchOutcome;

constexpr std::size_t kHeadBytes = 4096;  // of a source, hashed to notice a replaced file

void complain(const std::string& message) {
  std::fprintf(stderr, "catena: %s\n", printable(message).c_str());
}

// The sources of a scan, one after the other, as one stream of batches.
class SourceList {
 public:
  // `failed` counts sources that could not be read to their end.
  SourceList(std::vector<std::string> names, std::uint64_t& failed)
      : names_(std::move(names)), heads_(names_.size(), 0), failed_(failed) {}

  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }
  // Asked by the thread that applies while another one reads.
  [[nodiscard]] std::uint64_t bytes_read() const noexcept {
    return bytes_read_.load(std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t head_hash(std::uint32_t source) const { return heads_[source]; }

  // A source that fails is reported and left; the rest goes on.
  Result<bool> next(EventBatch& batch) {
    while (true) {
      if (!source_ && !open_next()) return false;
      const auto more = source_->next(batch);
      bytes_read_.store(finished_bytes_ + source_->bytes_read(), std::memory_order_relaxed);
      if (more.ok() && *more) {
        if (batch.first_offset == 0 || heads_[batch.source] == 0) {
          heads_[batch.source] = hash64(batch.received().substr(0, kHeadBytes));
        }
        return true;
      }
      if (!more.ok()) report(more.status());
      finished_bytes_ += source_->bytes_read();
      source_.reset();
    }
  }

 private:
  bool open_next() {
    while (next_ < names_.size()) {
      const auto index = static_cast<std::uint32_t>(next_);
      auto opened = file::FileSource::open(names_[next_], index, {});
      ++next_;
      if (opened.ok()) {
        source_ = *std::move(opened);
        return true;
      }
      report(opened.status());
    }
    return false;
  }

  void report(const Status& status) {
    complain(status.message());
    ++failed_;
  }

  std::vector<std::string> names_;
  std::vector<std::uint64_t> heads_;
  std::uint64_t& failed_;
  std::size_t next_ = 0;
  std::unique_ptr<file::FileSource> source_;
  std::uint64_t finished_bytes_ = 0;
  std::atomic<std::uint64_t> bytes_read_{0};
};

// The order of names, so that the order in which sources are given does not matter. A source that
// is given twice has one rank: its records are the same events.
struct SourceRanks {
  explicit SourceRanks(const std::vector<std::string>& names) : ranks(names.size()) {
    std::vector<std::uint32_t> order(names.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return names[a] < names[b]; });
    for (const std::uint32_t source : order) {
      if (sorted.empty() || sorted.back() != names[source]) sorted.push_back(names[source]);
      ranks[source] = static_cast<std::uint32_t>(sorted.size() - 1);
    }
  }
  std::vector<std::uint32_t> ranks;  // by source
  std::vector<std::string> sorted;   // by rank
};

// What one thread needs to work on a batch.
struct Worker {
  Worker(const Content& content, const pipeline::Evaluator& evaluator, std::uint64_t hash_seed)
      : lines(*content.mapping, content.fields,
              {.reference_time = kNoTime, .hash_seed = hash_seed}),
        decoder(lines, hash_seed),
        scratch(evaluator) {}
  codec::Decoder lines;
  evtx::BatchDecoder decoder;
  pipeline::Evaluator::Scratch scratch;
};

class Scan {
 public:
  Scan(const ScanOptions& options, const Content& content, pipeline::IncidentStore& store,
       std::vector<std::string> inputs)
      : options_(options),
        content_(content),
        store_(store),
        sources_(std::move(inputs), report_.sources_failed),
        ranks_(sources_.names()),
        evaluator_(content.detectors(), sources_.names(), ranks_.ranks,
                   {options.event_budget, options.rule_budget, hash_seed_}),
        correlation_detections_({content.rules, content.mapping->log_sources(), ranks_.sorted},
                                content.attack),
        correlation_(content.rules.correlation, ranks_.ranks,
                     {.lateness = options.lateness,
                      .repeat = options.repeat_correlations,
                      .seed = hash_seed_},
                     [this](const auto& result) { return correlation_detections_.build(result); }),
        stage_(store, [this](const auto& epoch) { return on_epoch(epoch); }),
        progress_(total_bytes()) {
    workers_.resize(thread_count(options));
  }

  Status run() {
    RETURN_IF_ERROR(open_dead_letters());
    RETURN_IF_ERROR(stage_.restore());
    pipeline::BatchStages<BatchOutcome> stages;
    if (options_.cpus.empty()) {
      for (std::size_t i = 0; i < workers_.size(); ++i) make_worker(i);
    } else {
      // Bound first: what a worker allocates then lies in the memory of its processor's node.
      stages.start = [this](std::size_t worker) {
        RETURN_IF_ERROR(pipeline::bind_to_cpu(options_.cpus[worker % options_.cpus.size()]));
        make_worker(worker);
        return ok_status();
      };
    }
    stages.read = [this](EventBatch& batch) {
      const auto more = sources_.next(batch);
      batch.sequence = next_sequence_++;
      return more;
    };
    stages.work = [this](EventBatch& batch, BatchOutcome& outcome, std::size_t worker) {
      return work(batch, outcome, *workers_[worker]);
    };
    stages.apply = [this](BatchOutcome& outcome) { return apply(outcome); };
    RETURN_IF_ERROR(pipeline::run_batches(stages, workers_.size()));
    RETURN_IF_ERROR(read_alerts());
    stage_.add(correlation_.finish());
    report_.correlations = correlation_.counters();
    RETURN_IF_ERROR(stage_.commit());
    RETURN_IF_ERROR(close_dead_letters());
    for (const auto& worker : workers_) {
      if (worker) report_.event_logs.add_all(worker->decoder.findings());
    }
    report_.event_logs.finish();
    report_.source_names = sources_.names();
    report_.seconds = progress_.seconds();
    report_.bytes = sources_.bytes_read();
    progress_.clear();
    return ok_status();
  }

  [[nodiscard]] ScanReport& report() noexcept { return report_; }

 private:
  static std::size_t thread_count(const ScanOptions& options) {
    if (options.threads != 0) return options.threads;
    return std::max<std::size_t>(options.cpus.size(), 1);
  }

  void make_worker(std::size_t worker) {
    workers_[worker] = std::make_unique<Worker>(content_, evaluator_, hash_seed_);
  }

  [[nodiscard]] std::uint64_t total_bytes() const {
    std::uint64_t total = 0;
    for (const std::string& name : sources_.names()) {
      std::error_code error;
      const auto size = std::filesystem::file_size(name, error);
      if (!error) total += size;
    }
    return total;
  }

  Status work(EventBatch& batch, BatchOutcome& outcome, Worker& worker) {
    const std::uint64_t end_offset = batch.first_offset + batch.size;
    worker.decoder.decode(batch);
    RETURN_IF_ERROR(evaluator_.evaluate(batch, worker.scratch, outcome));
    // Member by member: the name keeps its memory.
    outcome.position.source = sources_.names()[batch.source];
    outcome.position.offset = end_offset;
    outcome.position.lines =
        batch.events.empty() ? batch.first_line : batch.events.back().origin.line;
    outcome.position.content_hash = sources_.head_hash(batch.source);
    return ok_status();
  }

  Status apply(BatchOutcome& outcome) {
    watch_rules(outcome);
    report_.evaluated += outcome.evaluated;
    for (std::size_t source = 0; source < outcome.events_by_log_source.size(); ++source) {
      const std::uint64_t count = outcome.events_by_log_source[source];
      if (count != 0) report_.by_log_source[static_cast<LogSourceId>(source)] += count;
    }
    for (const auto& letter : outcome.dead_letters) count_dead_letter(letter);
    progress_.update(sources_.bytes_read(), report_.evaluated);
    correlation_.add(outcome);
    return stage_.add(outcome);
  }

  // Behind the events, which tell more about what alerts are about. The order changes no chain.
  Status read_alerts() {
    if (options_.alerts.empty()) return ok_status();
    ASSIGN_OR_RETURN(const auto mapping, load_alert_mapping(options_.alert_mappings));
    AlertIntake intake(mapping, content_.attack);
    const auto refused = [this](const AlertIntake::Refused& letter) { write_refused(letter); };
    Status kept = ok_status();
    const auto take = [&](BatchOutcome& portion) { return kept = stage_.add(portion); };
    for (const std::string& path : options_.alerts) {
      const Status status = intake.read(path, take, refused);
      if (!kept.ok()) return kept;
      if (status.ok()) continue;
      // Like an event file that cannot be read: it is reported and left, the rest goes on.
      complain(status.message());
      ++report_.sources_failed;
    }
    report_.alerts = intake.counts();
    return ok_status();
  }

  void write_refused(const AlertIntake::Refused& letter) {
    if (!dead_letters_.is_open()) return;
    JsonWriter json;
    json.begin_object().member("kind", "dead_letter");
    json.key("schema").integer(incident::kJsonSchemaVersion).member("source", letter.source);
    json.key("line").unsigned_integer(letter.line);
    json.key("offset").unsigned_integer(letter.offset);
    json.member("reason", "invalid_alert").member("detail", letter.reason);
    json.member("excerpt", letter.excerpt).end_object();
    dead_letters_ << json.text() << '\n';
  }

  void watch_rules(const BatchOutcome& outcome) {
    for (const match::RuleQuarantine::Case& found : evaluator_.add_work(outcome)) {
      const plan::Rule& rule = content_.rules.rules[found.rule];
      report_.quarantined.push_back(
          {rule.id, rule.title, found.work_per_event, found.events_before});
      complain(rule.file + ":" + std::to_string(rule.line) + ": rule \"" + rule.title +
               "\" is quarantined: it asked for " + std::to_string(found.work_per_event) +
               " units of work an event (--rule-budget " + std::to_string(options_.rule_budget) +
               ")");
    }
  }

  void count_dead_letter(const BatchOutcome::Refused& letter) {
    auto& entry = report_.dead_letters[static_cast<std::size_t>(letter.reason)];
    const std::string& source = sources_.names()[letter.origin.source];
    if (entry.count++ == 0) entry.first_place = source + ":" + std::to_string(letter.origin.line);
    if (!dead_letters_.is_open()) return;
    JsonWriter json;
    json.begin_object()
        .member("kind", "dead_letter")
        .key("schema")
        .integer(incident::kJsonSchemaVersion);
    json.member("source", source).key("line").unsigned_integer(letter.origin.line);
    json.key("offset").unsigned_integer(letter.origin.offset);
    json.member("reason", dead_letter_reason_name(letter.reason));
    if (!letter.detail.empty()) json.member("detail", letter.detail);
    if (!letter.rule.empty()) json.member("rule", letter.rule);
    json.member("excerpt", letter.excerpt).end_object();
    dead_letters_ << json.text() << '\n';
  }

  Status open_dead_letters() {
    if (options_.dead_letter_file.empty()) return ok_status();
    dead_letters_.open(options_.dead_letter_file, std::ios::binary | std::ios::trunc);
    return dead_letters_.is_open() ? ok_status()
                                   : io_error(options_.dead_letter_file + ": cannot be written");
  }

  Status close_dead_letters() {
    if (!dead_letters_.is_open()) return ok_status();
    dead_letters_.close();
    return dead_letters_.good() ? ok_status()
                                : io_error(options_.dead_letter_file + ": cannot be written");
  }

  void print_line(const std::string& line) {
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fputc('\n', stdout);
  }

  Status on_epoch(const pipeline::IncidentStage::Report& epoch) {
    for (const Id128& gone : epoch.changes.merged_away) report_.chains.erase(gone);
    for (const incident::Chain& chain : epoch.changes.chains) report_.chains[chain.id] = chain;
    report_.detections += epoch.detections.size();
    report_.new_detections += epoch.new_detections;
    for (const incident::Detection& detection : epoch.detections) count(detection);
    return options_.format == OutputFormat::kJsonLines ? print_detections(epoch) : ok_status();
  }

  void count(const incident::Detection& detection) {
    ++report_.by_level[static_cast<std::size_t>(detection.level)];
    auto& rule = report_.by_rule[detection.rule_id];
    if (rule.count++ == 0) {
      rule.title = detection.rule_title;
      rule.level = detection.level;
      rule.first_place = detection.origin.source + ":" + std::to_string(detection.origin.line);
    }
  }

  // The chain of every detection is asked of the store: it also knows the ones found before.
  Status print_detections(const pipeline::IncidentStage::Report& epoch) {
    std::unordered_map<Id128, incident::Chain> chains;
    for (const incident::Detection& detection : epoch.detections) {
      ASSIGN_OR_RETURN(const auto chain_id, store_.chain_of(detection.id));
      if (!chain_id) {
        return internal_error("detection " + detection.id.hex() + " is in no chain");
      }
      auto known = chains.find(*chain_id);
      if (known == chains.end()) {
        ASSIGN_OR_RETURN(auto chain, store_.chain(*chain_id));
        if (!chain) return corrupt("store: chain " + chain_id->hex() + " is missing");
        known = chains.emplace(*chain_id, std::move(*chain)).first;
      }
      const auto& steps = known->second.steps;
      const auto step = std::find_if(steps.begin(), steps.end(), [&](const incident::Step& s) {
        return s.detection == detection.id;
      });
      print_line(
          incident::detection_json(detection, *chain_id, step == steps.end() ? nullptr : &*step));
    }
    return ok_status();
  }

  const ScanOptions& options_;
  const Content& content_;
  pipeline::IncidentStore& store_;
  ScanReport report_;
  SourceList sources_;
  std::uint64_t next_sequence_ = 0;  // of the thread that reads
  // Nobody who writes logs can know it, so nobody can write keys that collide.
  std::uint64_t hash_seed_ = std::random_device()() * 0x1'0000'0001ULL;
  SourceRanks ranks_;
  pipeline::Evaluator evaluator_;
  incident::CorrelationDetections correlation_detections_;
  pipeline::CorrelationStage correlation_;
  pipeline::IncidentStage stage_;
  Progress progress_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::ofstream dead_letters_;
};

bool reaches(const ScanReport& report, plan::Level level) {
  for (std::size_t i = static_cast<std::size_t>(level); i < report.by_level.size(); ++i) {
    if (report.by_level[i] > 0) return true;
  }
  return false;
}

void print_refused(const compile::LoadReport& report) {
  for (const auto& diagnostic : report.refused) {
    const std::string text = diagnostic.to_string();
    complain(text.substr(0, text.find('\n')));  // `rules check` shows the rest
  }
}

Result<int> scan(const ScanOptions& options) {
  RETURN_IF_ERROR(pipeline::check_cpus(options.cpus));
  ASSIGN_OR_RETURN(std::vector<std::string> inputs, expand_event_files(options.inputs));
  ASSIGN_OR_RETURN(const auto content,
                   Content::load({options.rule_paths, options.attack_overlay, options.threads,
                                  options.rule_cache, options.rule_inputs}));
  if (options.verbose) complain(content->cache_note);
  RETURN_IF_ERROR(load_alert_mapping(options.alert_mappings).status());
  print_refused(content->rule_report);
  if (options.strict && !content->rule_report.refused.empty()) {
    return invalid_input(std::to_string(content->rule_report.refused.size()) +
                         " rules, filters or pipelines were refused (--strict)");
  }
  if (content->rules.rules.empty()) return invalid_input("no rule could be loaded");
  ASSIGN_OR_RETURN(const auto store, open_store(options.store, StoreMode::kWrite));
  Scan run(options, *content, *store, std::move(inputs));
  RETURN_IF_ERROR(run.run());
  ScanReport& report = run.report();
  const LogSourceCatalog& log_sources = content->mapping->log_sources();
  report.rules_loaded =
      content->rules.rules.size() + content->rules.correlation.correlations.size();
  report.rules_refused = content->rule_report.refused.size();
  for (const plan::Rule& rule : content->rules.rules) {
    report.rules_unmapped += log_sources.reachable(rule.log_source) ? 0 : 1;
  }
  std::string out;
  if (options.format == OutputFormat::kJsonLines) {
    for (const auto& [id, chain] : report.chains) out += incident::chain_json(chain) + "\n";
    out += report.json(log_sources) + "\n";
  } else {
    out = report.text(log_sources, detect_style(1));
  }
  std::fwrite(out.data(), 1, out.size(), stdout);
  if (std::fflush(stdout) != 0) return io_error("standard output cannot be written");
  if (report.sources_failed > 0) return kExitError;
  return options.fail_level && reaches(report, *options.fail_level) ? kExitFound : kExitOk;
}

}  // namespace

int run_scan(const ScanOptions& options) {
  const auto code = scan(options);
  if (code.ok()) return *code;
  complain(code.status().message());
  return kExitError;
}

}  // namespace catena::app
