// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/event/event_batch.h"

// Framing cuts received bytes into records without understanding them: lines of text, and JSON
// documents that may share a line or span many, mixed as the source wrote them. Pure functions over
// the bytes; decoding is elsewhere.
//
// At the top level, between records:
//   - blank space, and the punctuation of an array around records ('[' ',' ']', and a stray '}'),
//     is nothing; so is the start of an envelope {"Records":[ ;
//   - '{' starts a document, which ends at its matching '}';
//   - anything else is a line of text; behind a document on the same line it is broken.
// A document may go on in the next line only when that line can continue JSON there. When it
// cannot, the document is broken and costs itself: complete one-line documents among its lines are
// still records. Strings never span lines.
//
// Thread safety: none; one framer per thread. Cost: linear; a broken document is scanned at most
// three times.
namespace catena::codec {

// A record longer than this is not held in memory; see FileSourceOptions.
inline constexpr std::uint64_t kMaxRecordBytes = 16ULL * 1024 * 1024;
// Containers whose kind is remembered; deeper ones are only counted (the decoder refuses them).
inline constexpr std::uint32_t kTrackedDepth = 64;

struct Frame {
  enum class Kind : std::uint8_t {
    kText,      // a line
    kDocument,  // '{' to its matching '}'
    kBroken     // not a record; `reason` says why
  };
  Kind kind = Kind::kText;
  DeadLetterReason reason = DeadLetterReason::kInvalidJson;
  std::size_t begin = 0;
  std::size_t end = 0;  // without the line end and blanks before it
  // Bytes that start with this record are framed from here on as they are here.
  bool may_start_bytes = true;
};

// Follows one document from its '{' to the matching '}', across any number of calls.
class DocumentScanner {
 public:
  enum class State : std::uint8_t {
    kOpen,      // the bytes ended first; call again with more
    kComplete,  // position is behind the document
    kBroken     // position is where the next record may start; reason() says why
  };

  // Continues at `position`, which moves behind what was taken. With `at_end`, kOpen does not
  // occur: a document that the end cuts off is broken.
  State scan(std::string_view bytes, std::size_t& position, bool at_end);
  [[nodiscard]] DeadLetterReason reason() const noexcept { return reason_; }

 private:
  State scan_string(std::string_view bytes, std::size_t& position);
  State scan_line_end(std::string_view bytes, std::size_t& position, bool at_end);
  State skip_line(std::string_view bytes, std::size_t& position, bool at_end);
  bool open(bool object) noexcept;
  bool close(bool object) noexcept;

  std::uint32_t depth_ = 0;
  std::uint64_t objects_ = 0;  // bit n: the container at depth n is an object
  char previous_ = '\0';       // the last character that is not blank
  bool in_string_ = false;
  bool escaped_ = false;
  bool skipping_line_ = false;
  DeadLetterReason reason_ = DeadLetterReason::kTruncated;
};

class Framer {
 public:
  // `at_end`: nothing follows these bytes.
  Framer(std::string_view bytes, bool at_end) noexcept : bytes_(bytes), at_end_(at_end) {}

  // The next record, or false when the rest is blank or not yet complete.
  bool next(Frame& frame);
  // Everything before it has been returned or is nothing.
  [[nodiscard]] std::size_t position() const noexcept { return position_; }
  // Goes on at `position`, the start of a line.
  void seek(std::size_t position) noexcept {
    position_ = position;
    mid_line_ = false;
    in_envelope_start_ = false;
  }
  // All bytes are taken, and whatever follows them is framed as if they were not there.
  [[nodiscard]] bool is_between_lines() const noexcept {
    return position_ == bytes_.size() && position_ >= region_end_ && !mid_line_ &&
           !in_envelope_start_;
  }
  // Bytes cut at position() are framed as they are here.
  [[nodiscard]] bool may_cut() const noexcept;
  // Skips what is nothing. True when a record starts at position().
  bool skip_to_record();

 private:
  enum class Skip : std::uint8_t { kSkipped, kRecord, kIncomplete };

  Skip skip_one();
  Skip skip_open_bracket();
  Skip skip_envelope();
  Skip skip_punctuation();
  bool next_text(Frame& frame);
  bool next_document(Frame& frame);
  void finish_broken(Frame& frame, DeadLetterReason reason, std::size_t region_end);
  [[nodiscard]] std::size_t broken_end(std::size_t begin, std::size_t region_end) const;
  [[nodiscard]] std::size_t line_end(std::size_t position) const noexcept;

  std::string_view bytes_;
  bool at_end_;
  std::size_t position_ = 0;
  bool mid_line_ = false;           // a document ended on the line of position_
  bool in_envelope_start_ = false;  // {"Records":[ was skipped and no record returned since
  std::size_t region_end_ = 0;      // before it, documents do not span lines
};

// The last place in `bytes` where a new record certainly starts, whatever comes before: the start
// of a line that cannot continue a document. Lines of one Linux audit event are kept together when
// they fit kMaxAuditGroupBytes. 0 when there is none.
inline constexpr std::size_t kMaxAuditGroupBytes = 64 * 1024;
[[nodiscard]] std::size_t last_certain_boundary(std::string_view bytes);

// The same by framing from the start of `bytes`, where a record starts: also finds the records of
// an array on one line. 0 when the first record is not known to be complete.
[[nodiscard]] std::size_t last_record_start(std::string_view bytes);

// For input that waits: bytes.size() when all records are known to be complete whatever follows,
// else the last place where one certainly starts, or 0. A Linux audit event waits for the record
// behind it.
[[nodiscard]] std::size_t complete_records(std::string_view bytes);

// "1604996384.965:93777" of "… audit(1604996384.965:93777) …" near the start of a line; empty when
// the line has none.
[[nodiscard]] std::string_view audit_id(std::string_view line) noexcept;

}  // namespace catena::codec
