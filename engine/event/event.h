// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "engine/event/field_catalog.h"
#include "engine/event/log_source.h"
#include "engine/event/timestamp.h"

// Event is one normalised log record: Sigma's field names, its log source, its time, its identity.
// It is an immutable view: every string points into the batch that holds it (received bytes or the
// batch's arena) and dies with the batch. It is not a JSON document and not a detection.
// Thread safety: read-only; share freely while the batch lives.
namespace catena {

enum class ValueKind : std::uint8_t {
  kString,     // text is the unescaped string
  kNumber,     // text is the number as written
  kBool,       // text is "true" or "false"
  kNull,       // text is empty
  kComposite,  // text is the raw JSON of an object (or of an array of objects); its leaves are
               // fields of their own
};

// One value of one field. A field with several values (arrays, duplicate keys) appears several
// times, in input order.
struct Field {
  FieldId id = kUnknownField;
  ValueKind kind = ValueKind::kNull;
  // `text` is the body of a JSON string as received, with simple escapes that stand for the value's
  // text (engine/base/json_escape.h), and kEscapePadding readable bytes lie behind it. Most values
  // are never looked at; see plain_fields().
  bool escaped = false;
  std::string_view text;
};

// Evasion flags (bits of Event::flags); each is also a field "_flag" with the given text, so that a
// rule can alert on it.
enum EventFlag : std::uint8_t {
  kFlagInvalidUtf8 = 1,    // "invalid_utf8": bytes that are not UTF-8 were replaced by U+FFFD
  kFlagDuplicateKey = 2,   // "duplicate_key": a JSON key occurred twice; both values are kept
  kFlagTruncatedField = 4  // "truncated_field": a value was longer than the limit and was cut
};

// Where the record was read: everything an analyst needs to find it again.
struct EventOrigin {
  std::uint32_t source = 0;  // index into the run's list of sources
  std::uint64_t line = 0;    // 1-based line on which the record starts
  std::uint64_t offset = 0;  // byte offset of its first byte (after decompression)
};

struct Event {
  Timestamp time = kNoTime;
  TimeSource time_source = TimeSource::kNone;
  LogSourceId log_source = kUnmappedLogSource;
  std::uint8_t flags = 0;
  EventOrigin origin;
  // The text of every value is part of `raw`, but for simple escapes (a record that is JSON itself,
  // without "\\u"): what is not in `raw` is in no value.
  bool raw_holds_values = false;
  std::string_view raw;           // the record as received, without the line end
  std::span<const Field> fields;  // in input order; derived fields at the end

  // A hash of the raw bytes: the same record read again is the same event.
  [[nodiscard]] Id128 id() const noexcept { return hash128(raw); }

  // The first value of a field (perhaps escaped), or nullptr. O(fields); the matcher has its own
  // index.
  [[nodiscard]] const Field* find(FieldId wanted) const noexcept {
    for (const Field& field : fields) {
      if (field.id == wanted) return &field;
    }
    return nullptr;
  }
};

// The plain text of a value: its own, or an unescaped copy in the arena.
[[nodiscard]] std::string_view plain_text(const Field& field, Arena& arena);

// Makes every field of the event plain (copies of the escaped ones go to the arena): what those who
// read an event's texts without the matcher's own folding ask for first.
void make_plain(Event& event, Arena& arena);

}  // namespace catena
