// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "connectors/evtx/problem.h"

// Chunk finds the records of one chunk and checks its checksums. It does not read what is in a
// record (binary_xml.h).
//   * Records are read up to where the header says that they end. One behind it is read too if it
//     goes on counting where the last one stopped: the chunk was copied before its header was
//     written. All else that looks like a record there was left from an earlier use of the chunk:
//     counted, never read.
//   * Where no record is, the bytes up to the next one are refused as one.
// Thread safety: none. Lifetime: views the chunk. Cost: one pass, and one more for the checksums.
namespace catena::evtx {

class Chunk {
 public:
  struct Record {
    std::uint64_t id = 0;   // 0 where there is none
    std::size_t begin = 0;  // in the chunk
    std::size_t size = 0;   // header and trailer included; of the refused bytes if problem
    Problem problem = Problem::kNone;
    bool is_listed = true;  // before the end that the header gives
  };

  // `bytes` is the chunk, shorter than kChunkBytes only where the file ends.
  explicit Chunk(std::string_view bytes) noexcept;

  // kNone for a chunk whose records can be looked for; nullopt for one that was never used.
  [[nodiscard]] std::optional<Problem> problem() const noexcept;
  // Asked of a chunk without a problem. A cut-off chunk's records cannot be checked and pass.
  [[nodiscard]] bool header_checksum_holds() const noexcept;
  [[nodiscard]] bool records_checksum_holds() const noexcept;

  // The next record or refused stretch; false at the end.
  bool next(Record& record) noexcept;
  // After the last one: how many records are left from an earlier use.
  [[nodiscard]] std::size_t count_remains() const noexcept;

 private:
  [[nodiscard]] Problem check_record(std::size_t at) const noexcept;
  [[nodiscard]] std::size_t find_record(std::size_t at) const noexcept;

  std::string_view bytes_;
  std::size_t records_end_ = 0;  // as the header has it, but within the chunk
  std::size_t at_ = 0;
  std::uint64_t last_id_ = 0;
};

}  // namespace catena::evtx
