// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/arena.h"
#include "engine/event/event.h"

// EventBatch is the unit of work of the pipeline: a run of complete records of one source, first as
// received bytes, then as events and dead letters. Every record of the bytes becomes exactly one of
// the two (or nothing, for blank lines), which is what makes "events = evaluated + dead letters"
// hold. Lifetime: events point into bytes and arena; clear() ends them and keeps the memory. Thread
// safety: none; a batch belongs to one stage at a time and moves by pointer.
namespace catena {

// Why a record was not evaluated. Names are a contract (summary line, dead-letter store).
enum class DeadLetterReason : std::uint8_t {
  kInvalidJson,        // not JSON where JSON began
  kTruncated,          // the record ends in the middle
  kTooDeep,            // nested deeper than the limit
  kTooLong,            // longer than the record limit
  kTooManyFields,      // more fields than the limit
  kKeyTooLong,         // a key longer than the limit
  kBinary,             // control bytes that no text log contains
  kNotARecord,         // JSON, but a bare scalar and not an object
  kInvalidXml,         // an embedded XML event that cannot be read
  kInvalidEvtxChunk,   // 64 KiB of a Windows event log file that are no chunk
  kInvalidEvtxRecord,  // a record of a Windows event log file that cannot be read
  kWorkLimit,          // a rule would have cost more than an event may
  kInvalidFrame,       // a sender's framing is wrong: a count that is none, a frame without its end
};
inline constexpr std::size_t kDeadLetterReasonCount = 13;

[[nodiscard]] std::string_view dead_letter_reason_name(DeadLetterReason reason) noexcept;

struct DeadLetter {
  EventOrigin origin;
  DeadLetterReason reason = DeadLetterReason::kInvalidJson;
  std::string_view excerpt;  // the first bytes of the record, at most kExcerptBytes; in the arena
  std::string_view detail;   // what the reason leaves open, for people; in the arena, or empty
  static constexpr std::size_t kExcerptBytes = 256;
};

// What the received bytes of a batch are.
enum class BatchForm : std::uint8_t {
  kLines,   // records of text, one or more lines each
  kEvtx,    // chunks of a Windows event log file (connectors/evtx)
  kFramed,  // records that a receiver has cut: record_ends says where, one line feed behind each
};

class EventBatch {
 public:
  EventBatch() = default;
  EventBatch(const EventBatch&) = delete;
  EventBatch& operator=(const EventBatch&) = delete;

  // Filled by the source: position in the whole run, and the received bytes with their place.
  // kFramed: first_line is the number of the first record, and "lines" are records.
  std::uint64_t sequence = 0;
  std::uint32_t source = 0;
  BatchForm form = BatchForm::kLines;
  std::uint64_t first_line = 1;
  std::uint64_t first_offset = 0;
  // The received bytes are bytes.substr(0, size); behind them are at least kPadding readable bytes.
  static constexpr std::size_t kPadding = 64;
  std::string bytes;
  std::size_t size = 0;
  // kFramed: where each record and its line feed meet. An empty one already is a dead letter.
  std::vector<std::uint32_t> record_ends;
  bool ends_truncated = false;  // the source ended inside the last record
  // For timestamps without a year or a zone: a moment shortly after the records were written (a
  // file's modification time), or kNoTime when the source knows none.
  Timestamp reference_time = kNoTime;

  // Filled by the decoder; the source may have put dead letters of its own there before (records
  // that were too long to hold).
  Arena arena;
  std::vector<Event> events;
  std::vector<DeadLetter> dead_letters;

  [[nodiscard]] std::string_view received() const noexcept { return {bytes.data(), size}; }

  // Back to empty; keeps all memory.
  void clear() noexcept;
};

// Gives every event without a time of its own (a stack trace, a continuation line) the time of the
// event before it in the batch. Returns the time of the last event that has one of its own, kNoTime
// when none has: what the head of the next batch of the source inherits.
Timestamp inherit_times(EventBatch& batch) noexcept;

}  // namespace catena
