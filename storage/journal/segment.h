// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "storage/journal/block.h"
#include "storage/journal/file_system.h"

// A segment is one file of the journal: a header, then blocks. This reads one from its beginning
// and gets over what is damaged: it looks for the next block that is whole and says how many bytes
// it left out. What is behind the last whole block is a torn tail (the process died while writing).
// Thread safety: none. Cost: linear; looking for the next block checks at most kMaxSearchedBytes.
namespace catena::storage {

inline constexpr std::size_t kSegmentHeaderBytes = 32;
inline constexpr std::uint32_t kJournalFormat = 1;

// "000000000000002a.journal" for 42; nullopt for other names.
[[nodiscard]] std::string segment_name(std::uint64_t number);
[[nodiscard]] std::optional<std::uint64_t> parse_segment_name(std::string_view name) noexcept;

// `first_record` is the least number that a block in it may begin with.
[[nodiscard]] std::string segment_header(std::uint64_t first_record);

class SegmentReader {
 public:
  // Bytes that are compared with their checksums while a whole block is looked for in one segment;
  // what is behind them is given up. Records may be made to look like blocks.
  static constexpr std::uint64_t kMaxSearchedBytes = std::uint64_t{256} * 1024 * 1024;

  // Reads up to `limit` bytes of the file. kCorrupt when the header is damaged, kVersion when
  // another version wrote it.
  static Result<SegmentReader> open(const FileSystem& files, const std::string& path,
                                    std::uint64_t limit);

  [[nodiscard]] std::uint64_t first_record() const noexcept { return first_record_; }
  // The next whole block; false when there is none before the limit. kIo when it cannot be read.
  Result<bool> next(JournalBlock& block);
  // The file goes on: for a segment that is being written.
  void set_limit(std::uint64_t limit) noexcept { limit_ = limit; }
  // Behind the last block.
  [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }
  // Bytes left out between whole blocks so far.
  [[nodiscard]] std::uint64_t damaged_bytes() const noexcept { return damaged_; }

 private:
  SegmentReader(std::unique_ptr<ReadFile> file, std::uint64_t first_record, std::uint64_t limit)
      : file_(std::move(file)), first_record_(first_record), limit_(limit) {}

  // The block at `offset`: true when it is there and whole.
  Result<bool> try_block(std::uint64_t offset, JournalBlock& block);
  Result<bool> search(JournalBlock& block);

  std::unique_ptr<ReadFile> file_;
  std::unique_ptr<BlockCompression> compression_ = std::make_unique<BlockCompression>();
  std::uint64_t first_record_;
  std::uint64_t limit_;
  std::uint64_t offset_ = kSegmentHeaderBytes;
  std::uint64_t damaged_ = 0;
  std::uint64_t searched_ = 0;
};

}  // namespace catena::storage
