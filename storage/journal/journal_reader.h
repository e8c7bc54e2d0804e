// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "storage/journal/journal.h"

// Reads the durable records of a journal in order, while it is being written. Each record is read
// once; one whose number a later segment has taken (it was never acknowledged) is not.
// Thread safety: none; a reader belongs to one thread, beside those of the journal, which outlives
// it. Errors: kIo. Records that are missing (damage) are counted, and reading goes on behind them.
namespace catena::storage {

class JournalReader {
 public:
  // From the oldest record that is there.
  explicit JournalReader(const Journal& journal) : journal_(journal) {}

  // Numbers below this one are not missed: they are evaluated, or were never given.
  void expect_from(std::uint64_t record) noexcept { expected_from_ = record; }
  // False when no further record is durable at the moment.
  Result<bool> next(JournalBlock& block);
  // The number of the record behind the last one read; 0 before the first.
  [[nodiscard]] std::uint64_t next_record() const noexcept { return next_record_; }
  // Numbers that should have come and did not.
  [[nodiscard]] std::uint64_t missing_records() const noexcept { return missing_; }

 private:
  // What the journal says of the segment being read, and of the one after it.
  struct Place {
    std::uint64_t number = 0;
    std::uint64_t end = 0;
    std::optional<std::uint64_t> next_first_record;  // there is a segment after it
  };
  [[nodiscard]] std::optional<Place> place() const;
  [[nodiscard]] Result<bool> enter(const Place& place);
  // A block that counts: its numbers follow. False: read on.
  [[nodiscard]] bool take(const JournalBlock& block, const Place& place);

  const Journal& journal_;
  std::optional<SegmentReader> segment_;
  std::uint64_t number_ = 0;  // of the segment being read; 0 before the first
  bool segment_is_over_ = false;
  std::uint64_t next_record_ = 0;
  std::uint64_t expected_from_ = 0;
  std::uint64_t missing_ = 0;
};

}  // namespace catena::storage
