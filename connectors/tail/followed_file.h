// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "connectors/net/record_buffer.h"
#include "engine/base/result.h"

// FollowedFile reads a log file that is still written, line by line, through its rotations: renamed
// away and made anew (read to its end first, also when that happened while nobody was reading), or
// cut off in place (read from its start). It offers nothing and waits for nothing; whoever made a
// batch durable calls settled(), and only then the position moves that a later life starts from.
// Bounds: lines are cut at `max_line_bytes`; a batch is at most about kReadBytes.
// Thread safety: none. Errors: a file that is not there is one that has nothing yet.
namespace catena::tail {

inline constexpr std::size_t kReadBytes = std::size_t{512} * 1024;

// A program goes on writing into a renamed file until it is told; so many times nothing new must be
// found there before the new file is read. Five seconds at a quarter of a second each.
inline constexpr unsigned kQuietReads = 20;

// Where reading goes on: a file, whatever its name by then, and an offset in it.
struct Position {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t offset = 0;
};

class FollowedFile {
 public:
  // Without a position it starts at the file's begin.
  // `quiet_reads`: kQuietReads, fewer in tests.
  FollowedFile(std::string path, Position position, std::size_t max_line_bytes,
               unsigned quiet_reads = kQuietReads);
  FollowedFile(const FollowedFile&) = delete;
  FollowedFile& operator=(const FollowedFile&) = delete;
  ~FollowedFile();

  // Appends complete lines behind those of the last batch that was settled. Nothing new: `out`
  // stays empty. kIo when the file is there and cannot be read.
  Status read(net::RecordBuffer& out);
  // The last batch is durable.
  void settled() noexcept { position_.offset = next_offset_; }

  [[nodiscard]] const Position& position() const noexcept { return position_; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  Status open();
  Status open_at(const std::string& path, std::uint64_t offset);
  [[nodiscard]] std::string renamed_file() const;
  [[nodiscard]] bool was_replaced() const noexcept;
  void close() noexcept;
  Status fill(std::string& bytes) const;

  std::string path_;
  Position position_;
  std::size_t max_line_bytes_;
  int file_ = -1;
  std::uint64_t next_offset_ = 0;
  unsigned quiet_reads_;
  unsigned quiet_ = 0;
  bool skipping_ = false;  // the rest of a line that was cut
};

}  // namespace catena::tail
