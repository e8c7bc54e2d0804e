// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/event/event.h"

// FlatRecord is a decoded record before its names are normalised: paths and values in input order.
// Decoders write it, the Normaliser reads it; one per thread, reused for every record.
// Thread safety: none. Lifetime: the texts point into the batch.
namespace catena::normalise {

// A path that the normalisation table knows, by number. Paths nobody mentions are kUnknownPath:
// their values are kept for keywords.
using PathId = std::uint32_t;
inline constexpr PathId kUnknownPath = 0;

using ShapeId = std::uint16_t;
// "Find it from the paths that are there."
inline constexpr ShapeId kDetectShape = 0xffff;

struct FlatField {
  PathId path = kUnknownPath;
  ValueKind kind = ValueKind::kNull;
  bool escaped = false;  // as Field::escaped
  std::string_view text;
};

// A run of fields that one decoder wrote: a syslog header, then the audit record inside it.
struct FlatSegment {
  std::uint32_t first_field = 0;
  ShapeId shape = kDetectShape;
};

struct FlatRecord {
  std::vector<FlatField> fields;
  std::vector<FlatSegment> segments;
  std::uint8_t flags = 0;    // EventFlag bits
  Timestamp time = kNoTime;  // what the decoder itself knows, for instance a syslog header
  TimeSource time_source = TimeSource::kNone;
  bool raw_holds_values = false;  // as Event::raw_holds_values

  void clear() noexcept {
    fields.clear();
    segments.clear();
    flags = 0;
    time = kNoTime;
    time_source = TimeSource::kNone;
    raw_holds_values = false;
  }
  void begin_segment(ShapeId shape) {
    segments.push_back({static_cast<std::uint32_t>(fields.size()), shape});
  }
  void add(PathId path, std::string_view text, ValueKind kind = ValueKind::kString) {
    fields.push_back({path, kind, false, text});
  }
};

}  // namespace catena::normalise
