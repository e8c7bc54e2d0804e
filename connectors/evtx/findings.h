// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

// Findings is what an analyst should know about event log files beside their events: what was
// damaged, in use when it was copied, missing, or left over. Nothing here keeps an event from being
// read; what was refused is a dead letter.
// Thread safety: none; one per worker, added up at the end. The sum does not depend on who read
// what. Memory: 24 bytes a chunk.
namespace catena::evtx {

// Names are a contract (summary line).
enum class Finding : std::uint8_t {
  kDirtyFile,            // in use when it was copied: its header is behind its chunks
  kFileHeaderChecksum,   // files whose header is damaged
  kChunkCount,           // files with more or fewer chunks than their header says
  kChunkHeaderChecksum,  // chunks whose header is damaged
  kRecordsChecksum,      // chunks whose records were changed after they were written
  kUnlistedRecords,      // records behind the end that the chunk's header gives; they were read
  kRemains,              // records left from an earlier use of a chunk; not read
  kMissingRecords,       // numbers that no record of the file has
};
inline constexpr std::size_t kFindingCount = 8;

[[nodiscard]] std::string_view finding_name(Finding finding) noexcept;

class Findings {
 public:
  struct Count {
    std::uint64_t count = 0;
    std::uint32_t source = 0;  // of the first one
    std::uint64_t offset = 0;
  };

  void add(Finding finding, std::uint32_t source, std::uint64_t offset, std::uint64_t count = 1);
  // A file's header says how many chunks it has (modulo 65,536).
  void add_file(std::uint32_t source, std::uint16_t chunk_count);
  // A chunk that holds `records` records, numbered from `first_id` to `last_id`.
  void add_chunk(std::uint32_t source, std::uint64_t records, std::uint64_t first_id,
                 std::uint64_t last_id);
  void add_all(const Findings& other);
  // Compares what is known of whole files. Once, after all was added.
  void finish();

  [[nodiscard]] const Count& operator[](Finding finding) const noexcept {
    return counts_[static_cast<std::size_t>(finding)];
  }
  [[nodiscard]] std::uint64_t chunks() const noexcept { return spans_.size(); }
  [[nodiscard]] std::uint64_t records() const noexcept { return records_; }

 private:
  // The numbers of a chunk's records; last < first for a chunk without records.
  struct Span {
    std::uint32_t source = 0;
    std::uint64_t first = 0;
    std::uint64_t last = 0;
  };
  struct File {
    std::uint32_t source = 0;
    std::uint16_t chunk_count = 0;
  };

  std::array<Count, kFindingCount> counts_{};
  std::vector<Span> spans_;
  std::vector<File> files_;
  std::uint64_t records_ = 0;
};

}  // namespace catena::evtx
