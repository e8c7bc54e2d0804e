// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "connectors/codec/framing.h"
#include "connectors/file/byte_reader.h"
#include "engine/base/result.h"
#include "engine/event/event_batch.h"

// FileSource reads one file (or standard input) and cuts it into batches of complete records, in
// order: plain, .gz or .zst (told by content, not by name), UTF-8 or UTF-16 with a byte order mark.
// Of a Windows event log file (told by its signature) batches are whole chunks (BatchForm::kEvtx).
// It does not decode records; connectors/codec does. Directories are for the caller to expand.
// Thread safety: none; one thread reads. Where batches are cut depends on the bytes and the
// options, and for a pipe on when they arrive: what is complete is handed on before the reader
// waits. The events that a decoder makes of them do not depend on the cuts. Memory: one batch, and
// at most max_record_bytes held over for the next.
namespace catena::file {

struct FileSourceOptions {
  // A batch is about this long; longer only when one record is.
  std::size_t batch_bytes = 256 * 1024;
  // A longer record becomes a dead letter (too_long) and is skipped without being held.
  std::uint64_t max_record_bytes = codec::kMaxRecordBytes;
  ExpansionLimit expansion;
};

class FileSource {
 public:
  // `path` "-" is standard input. `source_index` is written into every batch.
  static Result<std::unique_ptr<FileSource>> open(const std::string& path,
                                                  std::uint32_t source_index,
                                                  FileSourceOptions options = {});

  // Clears `batch` and fills bytes, size, source, first_line, first_offset, ends_truncated,
  // reference_time, and dead letters for records that were too long. False at the end of the input.
  // After an error (damaged or over-expanding data, a read error) what was read before it has
  // already been delivered, and every further call returns the error again.
  Result<bool> next(EventBatch& batch);

  // Progress: bytes taken from the file as it is stored, and its size where that is known.
  [[nodiscard]] std::uint64_t bytes_read() const noexcept { return descriptor_->bytes_read(); }
  [[nodiscard]] std::optional<std::uint64_t> total_bytes() const noexcept {
    return descriptor_->total_bytes();
  }

 private:
  static constexpr std::uint64_t kFirstWaitingCredit = 1024 * 1024;  // bytes
  static constexpr std::uint64_t kWaitingCreditPerByte = 16;         // earned by what is read

  FileSource(std::uint32_t source_index, FileSourceOptions options) noexcept
      : source_index_(source_index), options_(options) {}

  Status recognise(std::unique_ptr<DescriptorReader> descriptor, const std::string& path);
  void fill(EventBatch& batch, std::size_t wanted, bool must_read);
  [[nodiscard]] bool may_look_while_waiting(const EventBatch& batch) noexcept;
  [[nodiscard]] std::size_t find_cut(const EventBatch& batch) const;
  void deliver(EventBatch& batch, std::size_t cut);
  Result<bool> skip_record(EventBatch& batch);
  Result<bool> next_chunks(EventBatch& batch);
  void add_too_long(EventBatch& batch, std::size_t begin);

  std::uint32_t source_index_;
  FileSourceOptions options_;
  std::unique_ptr<ByteReader> reader_;
  DescriptorReader* descriptor_ = nullptr;  // the bottom of reader_
  std::string held_;                        // read, but not yet part of a batch
  std::uint64_t line_ = 1;                  // of the first held byte
  std::uint64_t offset_ = 0;
  bool ended_ = false;
  bool is_evtx_ = false;
  bool waits_ = false;  // fill() stopped because the input has nothing more at the moment
  // Bytes that may be searched for complete records while the input waits: a record that arrives in
  // tiny pieces is not searched from its start for each of them.
  std::uint64_t waiting_credit_ = kFirstWaitingCredit;
  Status error_;
};

}  // namespace catena::file
