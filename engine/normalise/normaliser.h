// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/base/arena.h"
#include "engine/event/event.h"
#include "engine/normalise/flat_record.h"
#include "engine/normalise/normalisation_table.h"
#include "engine/normalise/value_rules.h"

// Normaliser turns a FlatRecord into an event's fields, log source and time, as the table says. It
// neither decodes bytes nor evaluates rules.
// Thread safety: none; one per thread, over a shared table that outlives it. Cost: one step per
// field plus one or two hash lookups; does not allocate once warm (fields go to the arena).
namespace catena::normalise {

class Normaliser {
 public:
  // `table` is finished.
  explicit Normaliser(const NormalisationTable& table);

  // Fills fields, log_source, time, time_source and flags of `event`. Shapes that the record
  // leaves open (kDetectShape) are found from its paths.
  void normalise(FlatRecord& record, Arena& arena, Event& event);

 private:
  // What the table says of one path for one shape, as last asked. Paths seldom change shapes, so
  // most are resolved once for many events.
  struct Resolved {
    enum class Step : std::uint8_t { kPush, kPushUnlessComposite, kPushMany };
    PathId path = kUnknownPath;
    ShapeId shape = kDetectShape;  // nothing resolved yet
    std::uint8_t time_slot = 0;
    Step step = Step::kPush;
    FieldId field = kUnknownField;
  };
  struct Seen {
    std::uint32_t event = 0;        // the event in which the field was seen last
    std::uint32_t first_index = 0;  // its first value in that event
  };

  void begin_event() noexcept;
  void map_segment(const FlatRecord& record, std::size_t first, std::size_t last, ShapeId shape,
                   Arena& arena);
  const Resolved& resolve(PathId path, ShapeId shape) {
    constexpr std::uint32_t kSpread = 0x9E3779B1U;
    Resolved& resolved = resolved_.data()[(path * kSpread) >> (32U - kResolvedBits)];
    if (resolved.path != path || resolved.shape != shape) resolve_anew(path, shape, resolved);
    return resolved;
  }
  void resolve_anew(PathId path, ShapeId shape, Resolved& resolved) const;
  void push_derived(const FlatField& flat, ShapeId shape);
  void push(FieldId id, ValueKind kind, std::string_view text, bool escaped = false) {
    if (id != kUnknownField && seen_[id].event != event_number_) {
      seen_[id] = {event_number_, static_cast<std::uint32_t>(fields_.size())};
    }
    fields_.push_back({id, kind, escaped, text});
  }
  // The text of a field, made plain for good.
  std::string_view plain(Field& field);
  // Index of the first value of a field, or kAbsent.
  [[nodiscard]] std::size_t index_of(FieldId id) const noexcept;
  [[nodiscard]] bool has_value(FieldId id) const noexcept;
  [[nodiscard]] bool holds(const NormalisationTable::ConditionCode& condition);
  void apply(const std::vector<NormalisationTable::AliasCode>& aliases);
  void move_values(FieldId from, FieldId to);
  void decide_log_source(std::uint16_t table, Event& event);
  void add_flags(std::uint8_t flags);

  static constexpr unsigned kResolvedBits = 11;
  static constexpr std::size_t kAbsent = static_cast<std::size_t>(-1);

  const NormalisationTable& table_;
  std::vector<Field> fields_;
  std::vector<Field> derived_;
  std::vector<Seen> seen_;          // by field id
  std::vector<Resolved> resolved_;  // by a few bits of the path's number
  Arena* arena_ = nullptr;          // of the event being normalised
  std::uint32_t event_number_ = 0;
  TimeTexts time_texts_{};
};

}  // namespace catena::normalise
