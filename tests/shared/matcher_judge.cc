// SPDX-License-Identifier: Apache-2.0
// matcher_judge LIMIT THREADS RULES… -- FILES…
// Runs the indexed and the reference matcher over the events of the files (at most LIMIT events,
// the same share of every file) and compares them event by event. Prints the counts; exit code 1
// when they differ anywhere. The reference matcher is slow on purpose, hence the limit.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "connectors/codec/decoder.h"
#include "connectors/evtx/batch_decoder.h"
#include "connectors/file/file_source.h"
#include "engine/app/content.h"
#include "engine/match/matcher.h"
#include "engine/match/reference_matcher.h"

namespace {

using namespace catena;

constexpr double kAssumedEventBytes = 3'000;  // a high guess, so that LIMIT is reached

struct Judge {
  const app::Content& content;
  const match::Matcher& indexed;
  double share = 1;  // of the batches that are compared
  std::atomic<std::uint64_t> events{0};
  std::atomic<std::uint64_t> matches{0};
  std::atomic<std::uint64_t> differences{0};
};

void report(Judge& judge, const std::string& file, const Event& event,
            const std::vector<plan::RuleIndex>& actual,
            const std::vector<plan::RuleIndex>& expected) {
  if (judge.differences++ > 20) return;
  std::printf("DIFFERENT %s:%llu\n", file.c_str(),
              static_cast<unsigned long long>(event.origin.line));
  for (const auto& [name, rules] :
       {std::pair("indexed", actual), std::pair("reference", expected)}) {
    for (const plan::RuleIndex rule : rules) {
      std::printf("  %s: %s\n", name, judge.content.rules.rules[rule].title.c_str());
    }
  }
}

void judge_file(Judge& judge, const std::string& file, match::Matcher::Scratch& scratch) {
  auto source = file::FileSource::open(file, 0);
  if (!source.ok()) return;
  codec::Decoder lines(*judge.content.mapping, judge.content.fields);
  evtx::BatchDecoder decoder(lines);
  const match::ReferenceMatcher reference(judge.content.rules,
                                          judge.content.mapping->log_sources());
  std::vector<plan::RuleIndex> actual;
  std::vector<plan::RuleIndex> expected;
  EventBatch batch;
  double owed = 1;  // the first batch of every file is in
  while (true) {
    batch.clear();
    const auto more = (*source)->next(batch);
    if (!more.ok() || !*more) return;
    owed += judge.share;
    if (owed < 1) continue;
    owed -= 1;
    decoder.decode(batch);
    for (Event& event : batch.events) {
      if (!judge.indexed.match(event, scratch, actual).ok()) std::abort();
      make_plain(event, batch.arena);
      reference.match(event, expected);
      ++judge.events;
      judge.matches += expected.size();
      if (actual != expected) report(judge, file, event, actual, expected);
    }
  }
}

double total_bytes(const std::vector<std::string>& files) {
  double total = 0;
  for (const std::string& file : files) {
    std::error_code error;
    total += static_cast<double>(std::filesystem::file_size(file, error));
  }
  return total;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> rules;
  std::vector<std::string> files;
  bool after_bar = false;
  for (int i = 3; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--") {
      after_bar = true;
    } else {
      (after_bar ? files : rules).push_back(argument);
    }
  }
  if (files.empty()) {
    std::puts("usage: matcher_judge LIMIT THREADS RULES… -- FILES…");
    return 2;
  }
  const auto content = app::Content::load(
      {.rule_paths = rules, .attack_overlay = "", .threads = 1, .cache_folder = ""});
  if (!content.ok()) {
    std::puts(content.status().message().c_str());
    return 2;
  }
  const match::Matcher indexed((*content)->rules, (*content)->mapping->log_sources(),
                               (*content)->fields);
  Judge judge{**content, indexed};
  judge.share = std::strtod(argv[1], nullptr) * kAssumedEventBytes / total_bytes(files);
  if (judge.share > 1) judge.share = 1;
  std::atomic<std::size_t> next{0};
  {
    std::vector<std::jthread> threads;
    for (long i = 0; i < std::strtol(argv[2], nullptr, 10); ++i) {
      threads.emplace_back([&] {
        match::Matcher::Scratch scratch(indexed);
        for (std::size_t at = next++; at < files.size(); at = next++) {
          judge_file(judge, files[at], scratch);
        }
      });
    }
  }
  std::printf("%llu events, %llu matches, %llu events differ\n",
              static_cast<unsigned long long>(judge.events),
              static_cast<unsigned long long>(judge.matches),
              static_cast<unsigned long long>(judge.differences));
  return judge.differences == 0 && judge.events > 0 ? 0 : 1;
}
