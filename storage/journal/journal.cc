// SPDX-License-Identifier: Apache-2.0
#include "storage/journal/journal.h"

#include <algorithm>
#include <utility>

namespace catena::storage {

using pipeline::Answer;
using pipeline::Outcome;

namespace {

bool is_listener_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= pipeline::kMaxListenerNameBytes &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

}  // namespace

Result<std::unique_ptr<Journal>> Journal::open(const JournalOptions& options, FileSystem& files,
                                               Clock clock) {
  RETURN_IF_ERROR(files.make_folder(options.folder));
  std::unique_ptr<Journal> journal(new Journal(options, files, std::move(clock)));
  ASSIGN_OR_RETURN(journal->lock_, files.lock_folder(options.folder));
  RETURN_IF_ERROR(journal->recover());
  return journal;
}

std::string Journal::path_of(std::uint64_t number) const {
  return options_.folder + "/" + segment_name(number);
}

Status Journal::recover() {
  ASSIGN_OR_RETURN(const std::vector<std::string> names, files_.list(options_.folder));
  std::vector<std::uint64_t> numbers;
  for (const std::string& name : names) {
    if (const auto number = parse_segment_name(name)) numbers.push_back(*number);
  }
  std::sort(numbers.begin(), numbers.end());
  // What the last process wrote without syncing is read from memory now and would count as
  // evaluated: it has to be as durable as everything else before anybody relies on it.
  if (!numbers.empty()) RETURN_IF_ERROR(files_.sync_file(path_of(numbers.back())));
  RETURN_IF_ERROR(files_.sync_folder(options_.folder));
  for (const std::uint64_t number : numbers) RETURN_IF_ERROR(recover_segment(number));
  next_record_ = std::max(next_record_, options_.least_next_record);
  return {};
}

Status Journal::recover_segment(std::uint64_t number) {
  const std::string path = path_of(number);
  next_number_ = number + 1;
  ASSIGN_OR_RETURN(const auto file, files_.open(path));
  ASSIGN_OR_RETURN(const std::uint64_t size, file->size());
  disk_bytes_ += size;
  auto reader = SegmentReader::open(files_, path, size);
  if (!reader.ok()) {
    if (reader.status().code() != StatusCode::kCorrupt) return reader.status();
    // A segment that was being made when the process died, or damage: there is nothing to read.
    const bool torn = size < kSegmentHeaderBytes;
    figures_.torn_bytes += torn ? size : 0;
    figures_.damaged_segments += torn ? 0 : 1;
    segments_.push_back({number, next_record_, 0, size});
    return {};
  }
  // Numbers below its own are taken by it; see the failed segment before it.
  next_record_ = std::max<std::uint64_t>(reader->first_record(), 1);
  const std::uint64_t first_record = next_record_;
  JournalBlock block;
  while (true) {
    ASSIGN_OR_RETURN(const bool found, reader->next(block));
    if (!found) break;
    next_record_ = std::max(next_record_, block.header().first_record + block.header().records);
    position_ = block.header().position + block.bytes().size();
  }
  figures_.damaged_bytes += reader->damaged_bytes();
  figures_.torn_bytes += size - reader->offset();
  segments_.push_back({number, first_record, reader->offset(), size});
  return {};
}

Answer Journal::judge(const pipeline::RecordBatch& batch) const {
  if (stopping_) return {Outcome::kStopping, io_error("the daemon is shutting down")};
  if (!is_listener_name(batch.listener)) {
    return {Outcome::kRefused, invalid_input("listener names are [a-z0-9_-]{1,64}")};
  }
  std::size_t bytes = 0;
  for (const pipeline::Record& record : batch.records) {
    if (record.bytes.size() > pipeline::kMaxOfferedRecordBytes) {
      return {Outcome::kRefused, limit_exceeded("a record is longer than a batch may hold")};
    }
    bytes += record.bytes.size() + 1;
  }
  if (bytes > pipeline::kMaxOfferBytes || batch.records.size() > pipeline::kMaxOfferRecords) {
    return {Outcome::kRefused, limit_exceeded("the batch is larger than an offer may be")};
  }
  if (!figures_.failure.empty()) {
    return {Outcome::kOverloaded, io_error("the journal cannot be written: " + figures_.failure)};
  }
  if (gathering_.bytes + bytes > options_.max_waiting_bytes) {
    return {Outcome::kOverloaded, limit_exceeded("more records wait for the disk than allowed")};
  }
  if (disk_bytes_ + gathering_.bytes + bytes > options_.max_bytes) {
    return {Outcome::kOverloaded,
            limit_exceeded("the journal is full of records that are not yet evaluated")};
  }
  return {};
}

BlockBuilder& Journal::block_for(std::string_view listener) {
  auto& blocks = gathering_.blocks;
  const auto open = std::find_if(blocks.rbegin(), blocks.rend(), [&](const BlockBuilder& block) {
    return block.listener() == listener;
  });
  if (open != blocks.rend() && !open->is_full()) return *open;
  return blocks.emplace_back(listener, clock_());
}

void Journal::offer(const pipeline::RecordBatch& batch, Done done) {
  const std::uint64_t records = batch.records.size();
  Answer answer;
  {
    const std::lock_guard lock(mutex_);
    figures_.offered_records += records;
    answer = judge(batch);
    if (answer.outcome == Outcome::kDurable && records > 0) {
      BlockBuilder& block = block_for(batch.listener);
      const std::size_t before = block.record_bytes();
      block.add(batch);
      const std::size_t added = block.record_bytes() - before;
      // Here and not where the group is written: that thread waits for the disk, this one need not.
      if (block.is_full()) block.seal(offer_compression_);
      gathering_.bytes += added;
      gathering_.records += records;
      gathering_.offers.push_back({std::move(done), records});
      figures_.offered_bytes += added;
      figures_.waiting_records += records;
      offered_.notify_one();
      return;
    }
    const bool refused = answer.outcome == Outcome::kRefused;
    (refused ? figures_.refused_records : figures_.overloaded_records) += records;
  }
  done(answer);
}

bool Journal::overloaded() const noexcept {
  const std::lock_guard lock(mutex_);
  return !figures_.failure.empty() || gathering_.bytes > options_.max_waiting_bytes / 2 ||
         disk_bytes_ + gathering_.bytes > options_.max_bytes - options_.max_bytes / 64;
}

bool Journal::stopping() const noexcept {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

bool Journal::wait_for_offers(std::chrono::milliseconds longest) {
  std::unique_lock lock(mutex_);
  offered_.wait_for(lock, longest, [&] { return !gathering_.offers.empty() || stopping_; });
  return !gathering_.offers.empty();
}

void Journal::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  offered_.notify_all();
  durable_.notify_all();
}

bool Journal::must_begin_segment() const {
  if (!file_) return true;
  const std::lock_guard lock(mutex_);
  return segments_.back().end >= options_.segment_bytes;
}

// The name and the header are durable before a record in it can be.
Status Journal::begin_segment() {
  file_.reset();
  std::uint64_t number = 0;
  std::uint64_t first_record = 0;
  {
    const std::lock_guard lock(mutex_);
    number = next_number_++;
    first_record = next_record_;
  }
  ASSIGN_OR_RETURN(std::unique_ptr<AppendFile> file, files_.create(path_of(number)));
  RETURN_IF_ERROR(file->append(segment_header(first_record)));
  if (options_.sync) {
    RETURN_IF_ERROR(file->sync());
    RETURN_IF_ERROR(files_.sync_folder(options_.folder));
  }
  file_ = std::move(file);
  const std::lock_guard lock(mutex_);
  segments_.push_back({number, first_record, kSegmentHeaderBytes, kSegmentHeaderBytes});
  disk_bytes_ += kSegmentHeaderBytes;
  return {};
}

Status Journal::write_group(Group& group, std::uint64_t& bytes) {
  if (must_begin_segment()) RETURN_IF_ERROR(begin_segment());
  std::uint64_t record = next_record();
  std::uint64_t position = position_;
  for (BlockBuilder& block : group.blocks) {
    block.seal(compression_);
    const std::string whole = block.encode(record, position);
    // Counted before it is written: a write that fails half-way has taken room as well.
    bytes += whole.size();
    RETURN_IF_ERROR(file_->append(whole));
    record += block.records();
    position += block.record_bytes();
  }
  if (options_.sync) RETURN_IF_ERROR(file_->sync());
  position_ = position;
  return {};
}

void Journal::answer(Group& group, const Status& status) {
  const Answer answer = status.ok() ? Answer{} : Answer{Outcome::kFailed, status};
  for (const Waiting& waiting : group.offers) waiting.done(answer);
}

bool Journal::commit_group() {
  Group group;
  bool failed = false;
  {
    const std::lock_guard lock(mutex_);
    std::swap(group, gathering_);
    failed = !figures_.failure.empty();
  }
  if (group.offers.empty() && !failed) return false;
  std::uint64_t bytes = 0;
  const Status status = write_group(group, bytes);
  if (!status.ok()) file_.reset();  // what is in it is in doubt: never written again
  {
    const std::lock_guard lock(mutex_);
    disk_bytes_ += bytes;
    if (!segments_.empty()) segments_.back().file_bytes += bytes;
    figures_.waiting_records -= group.records;
    figures_.failure = status.ok() ? "" : status.message();
    ++(status.ok() ? figures_.groups : figures_.failures);
    (status.ok() ? figures_.durable_records : figures_.failed_records) += group.records;
    if (status.ok()) {
      segments_.back().end += bytes;
      next_record_ += group.records;
      figures_.durable_batches += group.offers.size();
    }
    durable_.notify_all();
  }
  answer(group, status);
  return !group.offers.empty();
}

void Journal::wait_beyond(std::uint64_t record, std::chrono::milliseconds longest) const {
  std::unique_lock lock(mutex_);
  durable_.wait_for(lock, longest, [&] { return next_record_ > record + 1 || stopping_; });
}

void Journal::forget(std::uint64_t record) {
  std::unique_lock lock(mutex_);
  while (segments_.size() > 1 && segments_[1].first_record <= record &&
         disk_bytes_ > options_.keep_bytes) {
    const Segment oldest = segments_.front();
    lock.unlock();
    const Status removed = files_.remove(path_of(oldest.number));
    lock.lock();
    // Who reads it has it open; who begins to read looks at the list.
    if (!removed.ok() && removed.code() != StatusCode::kNotFound) return;
    segments_.pop_front();
    disk_bytes_ -= std::min(disk_bytes_, oldest.file_bytes);
  }
}

std::uint64_t Journal::next_record() const {
  const std::lock_guard lock(mutex_);
  return next_record_;
}

JournalFigures Journal::figures() const {
  const std::lock_guard lock(mutex_);
  JournalFigures figures = figures_;
  figures.bytes_on_disk = disk_bytes_;
  figures.segments = segments_.size();
  figures.next_record = next_record_;
  return figures;
}

}  // namespace catena::storage
