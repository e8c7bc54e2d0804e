// SPDX-License-Identifier: Apache-2.0
#include "bench/harness/loaded_events.h"

#include <algorithm>
#include <utility>

#include "bench/generator/random.h"
#include "bench/harness/memory_file.h"
#include "connectors/codec/decoder.h"
#include "connectors/file/file_source.h"

namespace catena::harness {

Lane::Lane(std::string_view name) {
  if (name == "process") name = "windows/process_creation";
  while (!name.empty()) {
    const std::size_t slash = std::min(name.find('/'), name.size());
    parts_.emplace_back(name.substr(0, slash));
    name.remove_prefix(std::min(slash + 1, name.size()));
  }
}

bool Lane::holds(const LogSource& log_source) const {
  return std::all_of(parts_.begin(), parts_.end(), [&](const std::string& part) {
    const auto among = [&](const std::vector<std::string>& names) {
      return std::find(names.begin(), names.end(), part) != names.end();
    };
    return log_source.product == part || among(log_source.categories) || among(log_source.services);
  });
}

Status LoadedEvents::add_file(const std::string& path, const LoadOptions& options) {
  file::FileSourceOptions source_options;
  source_options.batch_bytes = options.batch_bytes;
  ASSIGN_OR_RETURN(const auto source, file::FileSource::open(path, 0, source_options));
  EventBatch batch;
  while (true) {
    batch.clear();
    ASSIGN_OR_RETURN(const bool more, source->next(batch));
    if (!more) return ok_status();
    if (batch.size == 0) continue;
    bytes_ += batch.size;
    // A copy of just what is there: the source's buffer may be far larger.
    batches_.push_back({batch.bytes.substr(0, batch.size + EventBatch::kPadding), batch.size,
                        batch.source, batch.first_line, batch.first_offset, batch.ends_truncated,
                        batch.reference_time, 0});
    batches_.back().bytes.resize(batch.size + EventBatch::kPadding);
  }
}

void LoadedEvents::lend(std::size_t index, EventBatch& batch) {
  Batch& loaded = batches_[index];
  batch.clear();
  std::swap(batch.bytes, loaded.bytes);
  batch.size = loaded.size;
  batch.sequence = index;
  batch.source = loaded.source;
  batch.first_line = loaded.first_line;
  batch.first_offset = loaded.first_offset;
  batch.ends_truncated = loaded.ends_truncated;
  batch.reference_time = loaded.reference_time;
}

void LoadedEvents::give_back(std::size_t index, EventBatch& batch) {
  std::swap(batch.bytes, batches_[index].bytes);
}

Status LoadedEvents::count(const Subject& subject) {
  codec::Decoder decoder(subject.mapping, subject.fields);
  EventBatch batch;
  events_ = dead_letters_ = 0;
  for (std::size_t i = 0; i < batches_.size(); ++i) {
    lend(i, batch);
    decoder.decode(batch);
    batches_[i].events = batch.events.size();
    events_ += batch.events.size();
    dead_letters_ += batch.dead_letters.size();
    give_back(i, batch);
  }
  return events_ > 0 ? ok_status() : invalid_input("no event to measure with");
}

std::string LoadedEvents::choose(const Subject& subject, const LoadOptions& options) {
  const Lane lane(options.lane);
  const LogSourceCatalog& log_sources = subject.mapping.log_sources();
  codec::Decoder decoder(subject.mapping, subject.fields);
  EventBatch batch;
  std::vector<std::string> records;
  for (std::size_t i = 0; i < batches_.size(); ++i) {
    lend(i, batch);
    decoder.decode(batch);
    for (const Event& event : batch.events) {
      if (lane.holds(log_sources.get(event.log_source))) records.emplace_back(event.raw);
    }
    give_back(i, batch);
  }
  if (options.shuffle_seed) {
    generator::Random random(*options.shuffle_seed);
    for (std::size_t i = records.size(); i > 1; --i) {
      std::swap(records[i - 1], records[static_cast<std::size_t>(random.below(i))]);
    }
  }
  std::string text;
  text.reserve(static_cast<std::size_t>(bytes_));
  for (const std::string& record : records) text.append(record).push_back('\n');
  return text;
}

Result<LoadedEvents> LoadedEvents::finish(LoadedEvents events, const Subject& subject,
                                          const LoadOptions& options) {
  if (options.lane.empty() && !options.shuffle_seed) {
    RETURN_IF_ERROR(events.count(subject));
    return events;
  }
  LoadedEvents chosen;
  {
    const std::string text = events.choose(subject, options);
    events = LoadedEvents();
    ASSIGN_OR_RETURN(const MemoryFile file, MemoryFile::create(text));
    RETURN_IF_ERROR(chosen.add_file(file.path(), options));
  }
  RETURN_IF_ERROR(chosen.count(subject));
  return chosen;
}

Result<LoadedEvents> LoadedEvents::load(const std::vector<std::string>& paths,
                                        const Subject& subject, const LoadOptions& options) {
  LoadedEvents events;
  for (const std::string& path : paths) RETURN_IF_ERROR(events.add_file(path, options));
  return finish(std::move(events), subject, options);
}

Result<LoadedEvents> LoadedEvents::load_text(std::string_view text, const Subject& subject,
                                             const LoadOptions& options) {
  LoadedEvents events;
  ASSIGN_OR_RETURN(const MemoryFile file, MemoryFile::create(text));
  RETURN_IF_ERROR(events.add_file(file.path(), options));
  return finish(std::move(events), subject, options);
}

}  // namespace catena::harness
