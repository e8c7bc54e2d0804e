// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

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
  Id128 id;  // hash of the raw bytes: the same record read again is the same event
  Timestamp time = kNoTime;
  TimeSource time_source = TimeSource::kNone;
  LogSourceId log_source = kUnmappedLogSource;
  std::uint8_t flags = 0;
  EventOrigin origin;
  std::string_view raw;           // the record as received, without the line end
  std::span<const Field> fields;  // in input order; derived fields at the end

  // The first value of a field, or nullptr. O(fields); the matcher has its own index.
  [[nodiscard]] const Field* find(FieldId wanted) const noexcept {
    for (const Field& field : fields) {
      if (field.id == wanted) return &field;
    }
    return nullptr;
  }
};

}  // namespace catena
