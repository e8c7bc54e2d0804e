// SPDX-License-Identifier: Apache-2.0
// scan_rate REPETITIONS FILE RULES…
// How fast one thread parses and matches a file of JSON lines, beside the cost of merely walking
// the same bytes with simdjson On-Demand (every key and value, raw). All variants run in turn in
// every repetition, so that a drift of the machine hits all alike; medians are printed.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <simdjson.h>

#include "connectors/codec/decoder.h"
#include "connectors/file/file_source.h"
#include "engine/app/content.h"
#include "engine/match/matcher.h"

namespace {

using namespace catena;

struct Count {
  std::uint64_t events = 0;
  std::uint64_t check = 0;  // of what was read, so that nothing is optimised away
  std::uint64_t candidates = 0;
};

void walk_object(simdjson::ondemand::object object, std::uint64_t& check);

void walk_value(simdjson::ondemand::value value, std::uint64_t& check) {
  switch (value.type()) {
    case simdjson::ondemand::json_type::object:
      walk_object(value.get_object(), check);
      return;
    case simdjson::ondemand::json_type::array:
      for (auto element : value.get_array()) walk_value(element.value(), check);
      return;
    case simdjson::ondemand::json_type::string:
      check += static_cast<unsigned char>(value.get_raw_json_string().raw()[0]);
      return;
    default:
      check += value.raw_json_token().size();
  }
}

void walk_object(simdjson::ondemand::object object, std::uint64_t& check) {
  for (auto field : object) {
    check += static_cast<unsigned char>(field.key().raw()[0]);
    walk_value(field.value(), check);
  }
}

// All batches of the file, in memory: reading is not what is measured here.
using Batches = std::vector<std::unique_ptr<EventBatch>>;

Batches read_batches(const std::string& path) {
  auto source = file::FileSource::open(path, 0);
  if (!source.ok()) {
    std::fprintf(stderr, "%s\n", source.status().message().c_str());
    std::exit(2);
  }
  Batches batches;
  while (true) {
    auto batch = std::make_unique<EventBatch>();
    const auto more = (*source)->next(*batch);
    if (!more.ok() || !*more) return batches;
    batch->bytes.resize(batch->size + EventBatch::kPadding);
    batches.push_back(std::move(batch));
  }
}

// Calls `use` for every batch. Events go to one batch that is used again and again, as in the
// pipeline; the bytes are lent to it.
void for_each_batch(const Batches& batches, const std::function<void(EventBatch&)>& use) {
  EventBatch work;
  for (const auto& batch : batches) {
    work.clear();
    work.bytes.swap(batch->bytes);
    work.size = batch->size;
    work.first_line = batch->first_line;
    work.first_offset = batch->first_offset;
    use(work);
    work.bytes.swap(batch->bytes);
  }
}

Count read_only(const Batches& batches) {
  Count count;
  for_each_batch(batches, [&](EventBatch& batch) {
    count.check += static_cast<unsigned char>(batch.bytes[batch.size / 2]);
  });
  return count;
}

Count walk(const Batches& batches) {
  Count count;
  simdjson::ondemand::parser parser;
  for_each_batch(batches, [&](EventBatch& batch) {
    std::size_t begin = 0;
    while (begin < batch.size) {
      std::size_t end = batch.bytes.find('\n', begin);
      end = std::min(end, batch.size);
      auto document =
          parser.iterate(batch.bytes.data() + begin, end - begin, batch.bytes.size() - begin);
      simdjson::ondemand::object object;
      if (document.get_object().get(object) == simdjson::SUCCESS) {
        walk_object(object, count.check);
        ++count.events;
      }
      begin = end + 1;
    }
  });
  return count;
}

Count decode(const Batches& batches, const app::Content& content) {
  Count count;
  codec::Decoder decoder(*content.mapping, content.fields);
  for_each_batch(batches, [&](EventBatch& batch) {
    decoder.decode(batch);
    count.events += batch.events.size();
  });
  return count;
}

Count match_all(const Batches& batches, const app::Content& content,
                const match::Matcher& matcher) {
  Count count;
  codec::Decoder decoder(*content.mapping, content.fields);
  match::Matcher::Scratch scratch(matcher);
  std::vector<plan::RuleIndex> matches;
  for_each_batch(batches, [&](EventBatch& batch) {
    decoder.decode(batch);
    for (const Event& event : batch.events) {
      if (!matcher.match(event, scratch, matches).ok()) std::abort();
      count.check += matches.size();
    }
    count.events += batch.events.size();
  });
  count.candidates = scratch.counters().candidates;
  return count;
}

struct Variant {
  const char* name;
  std::function<Count()> run;
  Count count;
  std::vector<double> seconds;

  [[nodiscard]] double median() {
    std::sort(seconds.begin(), seconds.end());
    return seconds[std::getenv("MIN") ? 0 : seconds.size() / 2];
  }
};

void time_once(Variant& variant) {
  // The thread's own processor time: what else runs on the machine is not counted.
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
  };
  const double start = now();
  variant.count = variant.run();
  variant.seconds.push_back(now() - start);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::puts("usage: scan_rate REPETITIONS FILE RULES…");
    return 2;
  }
  const Batches batches = read_batches(argv[2]);
  const auto content = app::Content::load({.rule_paths = {argv + 3, argv + argc}, .attack_overlay = "", .threads = 1, .cache_folder = ""});
  if (!content.ok()) {
    std::fprintf(stderr, "%s\n", content.status().message().c_str());
    return 2;
  }
  const match::Matcher matcher((*content)->rules, (*content)->mapping->log_sources(),
                               (*content)->fields);
  std::vector<Variant> variants;
  variants.push_back({"read only", [&] { return read_only(batches); }, {}, {}});
  variants.push_back({"on-demand walk", [&] { return walk(batches); }, {}, {}});
  variants.push_back({"decode", [&] { return decode(batches, **content); }, {}, {}});
  variants.push_back(
      {"decode + match", [&] { return match_all(batches, **content, matcher); }, {}, {}});
  for (long i = 0; i < std::strtol(argv[1], nullptr, 10); ++i) {
    for (Variant& variant : variants) time_once(variant);
  }
  const double floor = variants[1].median();
  std::printf("%-16s %10s %12s %10s %8s\n", "variant", "seconds", "events/s", "ns/event", "ratio");
  for (Variant& variant : variants) {
    const double seconds = variant.median();
    const auto events = static_cast<double>(variants[3].count.events);
    std::printf("%-16s %10.3f %12.0f %10.0f %8.2f %12llu\n", variant.name, seconds,
                events / seconds, seconds * 1e9 / events, seconds / floor,
                static_cast<unsigned long long>(variant.count.events));
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf(
      "%llu events, %llu candidates, %llu matches, %zu rules, %zu plans, "
      "peak memory %ld MB\n",
      static_cast<unsigned long long>(variants[3].count.events),
      static_cast<unsigned long long>(variants[3].count.candidates),
      static_cast<unsigned long long>(variants[3].count.check), (*content)->rules.rules.size(),
      matcher.plan_count(), usage.ru_maxrss / 1024);
}
