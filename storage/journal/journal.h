// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/pipeline/receiver.h"
#include "storage/journal/block.h"
#include "storage/journal/file_system.h"
#include "storage/journal/segment.h"

// Journal is where a record becomes ours: an append-only log in one folder. Receivers offer batches
// from any thread; one thread writes what has gathered, syncs it once (group commit) and answers.
// JournalReader follows behind, for the first time or again after a restart. What is evaluated and
// durable elsewhere is forgotten in whole segments.
//
// POSIX files and not the store's database: the promise is about which bytes a failed sync leaves
// in doubt, so we want to know the file, never write to it again and say so, where a database goes
// read-only; and a record would be written twice, to its log and to its tables.
//
// After a failed write or sync the segment is left as it is: what was offered is answered kFailed,
// the next group begins a new segment that takes the failed records' numbers, and a reader that
// finds both believes the later one. Until a new segment can be made every offer is overloaded.
// Bounds: max_bytes on disk (beyond, offers are overloaded), max_waiting_bytes in memory.
// Thread safety: offer(), figures, wait_beyond() and forget() from any thread; commit_group() from
// one. Cost of an offer: one copy; of a group: one write a block and one sync.
namespace catena::storage {

struct JournalOptions {
  std::string folder;  // made when missing; the folder above must exist
  std::uint64_t segment_bytes = std::uint64_t{64} * 1024 * 1024;
  std::uint64_t max_bytes = std::uint64_t{8} * 1024 * 1024 * 1024;
  // So much stays though it is evaluated: what correlations remember is built again from it.
  std::uint64_t keep_bytes = std::uint64_t{256} * 1024 * 1024;
  std::size_t max_waiting_bytes = std::size_t{32} * 1024 * 1024;
  // The next record gets at least this number: what the store knows to be evaluated, in case the
  // journal is a new one beside an older store.
  std::uint64_t least_next_record = 1;
  // For the test that shows what the sync is for.
  bool sync = true;
};

struct JournalFigures {
  std::uint64_t offered_records = 0;  // since the start; durable + refused + failed + waiting
  std::uint64_t offered_bytes = 0;
  std::uint64_t durable_records = 0;
  std::uint64_t durable_batches = 0;
  std::uint64_t refused_records = 0;
  std::uint64_t overloaded_records = 0;
  std::uint64_t failed_records = 0;
  std::uint64_t waiting_records = 0;
  std::uint64_t groups = 0;
  std::uint64_t failures = 0;  // groups that could not be made durable
  std::uint64_t bytes_on_disk = 0;
  std::uint64_t segments = 0;
  std::uint64_t next_record = 1;       // number that the next durable record gets
  std::uint64_t torn_bytes = 0;        // behind the last whole block of a segment, at opening
  std::uint64_t damaged_bytes = 0;     // between whole blocks, at opening
  std::uint64_t damaged_segments = 0;  // whose header cannot be read, at opening
  std::string failure;                 // why nothing can be written at this moment, or empty
};

class Journal final : public pipeline::ReceiverPort {
 public:
  // The wall clock, for received_at.
  using Clock = std::function<Timestamp()>;

  // Syncs what a process before this one left, reads every segment once, and begins a new one with
  // the first group. kIo when the folder cannot be used or is in use, kVersion for another format;
  // damage is counted and passed over, never repaired.
  static Result<std::unique_ptr<Journal>> open(const JournalOptions& options, FileSystem& files,
                                               Clock clock);

  void offer(const pipeline::RecordBatch& batch, Done done) override;
  [[nodiscard]] bool overloaded() const noexcept override;
  [[nodiscard]] bool stopping() const noexcept override;

  // Writes and answers what has gathered. False when nothing had. After a failure it also tries to
  // begin a new segment when nothing waits, so call it now and then.
  bool commit_group();
  // True when something has gathered; waits until it has, the time is over or stop() is called.
  bool wait_for_offers(std::chrono::milliseconds longest);
  // No further offer is taken. What has gathered can still be committed.
  void stop();

  // Waits until a record with a number above `record` is durable, stop() is called or the time is
  // over.
  void wait_beyond(std::uint64_t record, std::chrono::milliseconds longest) const;
  // All records below this number are evaluated and that is durable: whole segments of them go as
  // far as keep_bytes allows. A file that cannot be removed stays, and is tried again.
  void forget(std::uint64_t record);

  [[nodiscard]] JournalFigures figures() const;
  [[nodiscard]] std::uint64_t next_record() const;

 private:
  friend class JournalReader;

  struct Segment {
    std::uint64_t number = 0;
    std::uint64_t first_record = 0;
    std::uint64_t end = 0;         // durable bytes, or whole ones found at opening
    std::uint64_t file_bytes = 0;  // with what is torn or in doubt behind them
  };
  struct Waiting {
    Done done;
    std::uint64_t records = 0;
  };
  // What is committed together.
  struct Group {
    std::vector<BlockBuilder> blocks;
    std::vector<Waiting> offers;
    std::size_t bytes = 0;
    std::uint64_t records = 0;
  };

  Journal(const JournalOptions& options, FileSystem& files, Clock clock)
      : options_(options), files_(files), clock_(std::move(clock)) {}

  Status recover();
  Status recover_segment(std::uint64_t number);
  [[nodiscard]] std::string path_of(std::uint64_t number) const;
  [[nodiscard]] pipeline::Answer judge(const pipeline::RecordBatch& batch) const;
  BlockBuilder& block_for(std::string_view listener);
  Status write_group(Group& group, std::uint64_t& bytes);
  Status begin_segment();
  void answer(Group& group, const Status& status);
  [[nodiscard]] bool must_begin_segment() const;

  const JournalOptions options_;
  FileSystem& files_;
  Clock clock_;
  std::unique_ptr<FolderLock> lock_;

  // Of the thread that commits.
  std::unique_ptr<AppendFile> file_;
  BlockCompression compression_;
  std::uint64_t position_ = 0;  // bytes of records in all durable blocks

  mutable std::mutex mutex_;  // guards what follows
  mutable std::condition_variable offered_;
  mutable std::condition_variable durable_;
  Group gathering_;
  BlockCompression offer_compression_;
  std::deque<Segment> segments_;
  std::uint64_t next_number_ = 1;
  std::uint64_t next_record_ = 1;
  std::uint64_t disk_bytes_ = 0;
  bool stopping_ = false;
  JournalFigures figures_;
};

}  // namespace catena::storage
