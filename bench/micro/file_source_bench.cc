// SPDX-License-Identifier: Apache-2.0
// What cutting a file into batches costs beside a bare read() of the same file into one buffer of
// the same size: 96 MB of one-line JSON events of 2.4 KB (and of 0.3 KB) in the page cache.
// per_event is processor time.
#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "connectors/file/file_source.h"

namespace {

using namespace catena;

constexpr std::size_t kFileBytes = 96 << 20;
constexpr std::size_t kBatchBytes = 256 * 1024;

// A file of events that goes away with the program.
class EventFile {
 public:
  explicit EventFile(std::size_t event_bytes) {
    std::string pattern = (std::filesystem::temp_directory_path() / "catena-bench-XXXXXX").string();
    const int descriptor = mkstemp(pattern.data());
    if (descriptor < 0) std::abort();
    ::close(descriptor);
    path_ = pattern;
    std::ofstream out(path_, std::ios::binary);
    for (std::size_t size = 0; size < kFileBytes; size += event_bytes, ++events_) {
      std::string line = "{\"EventID\":1,\"n\":" + std::to_string(events_) + ",\"CommandLine\":\"";
      line.resize(event_bytes - 3, 'x');
      out << line << "\"}\n";
    }
  }
  EventFile(const EventFile&) = delete;
  EventFile& operator=(const EventFile&) = delete;
  ~EventFile() { std::filesystem::remove(path_); }

  std::string path_;
  std::uint64_t events_ = 0;
};

const EventFile& events_of(std::int64_t event_bytes) {
  static const EventFile kLarge(2'400);
  static const EventFile kSmall(300);
  return event_bytes == 300 ? kSmall : kLarge;
}

void count(benchmark::State& state, const EventFile& file) {
  const auto events = static_cast<double>(state.iterations()) * static_cast<double>(file.events_);
  state.counters["per_event"] =
      benchmark::Counter(events, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void bare_read(benchmark::State& state) {
  const EventFile& file = events_of(state.range(0));
  std::vector<char> buffer(kBatchBytes);
  for (auto _ : state) {
    const int descriptor = ::open(file.path_.c_str(), O_RDONLY | O_CLOEXEC);
    while (::read(descriptor, buffer.data(), buffer.size()) > 0) benchmark::ClobberMemory();
    ::close(descriptor);
  }
  count(state, file);
}
BENCHMARK(bare_read)->Arg(2400)->Arg(300)->Unit(benchmark::kMillisecond);

void file_source(benchmark::State& state) {
  const EventFile& file = events_of(state.range(0));
  EventBatch batch;
  for (auto _ : state) {
    auto source = file::FileSource::open(file.path_, 0);
    if (!source.ok()) std::abort();
    while (true) {
      batch.clear();
      const auto more = (*source)->next(batch);
      if (!more.ok() || !*more) break;
      benchmark::DoNotOptimize(batch.bytes.data());
    }
  }
  count(state, file);
}
BENCHMARK(file_source)->Arg(2400)->Arg(300)->Unit(benchmark::kMillisecond);

}  // namespace
