// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/base/arena.h"
#include "engine/event/event.h"
#include "engine/normalise/flat_record.h"
#include "engine/normalise/normalisation_table.h"

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
  void begin_event() noexcept;
  void map_segment(const FlatRecord& record, std::size_t first, std::size_t last, ShapeId shape);
  void push(FieldId id, ValueKind kind, std::string_view text);
  // Index of the first value of a field, or kAbsent.
  [[nodiscard]] std::size_t index_of(FieldId id) const noexcept;
  [[nodiscard]] bool has_value(FieldId id) const noexcept;
  [[nodiscard]] bool holds(const NormalisationTable::ConditionCode& condition) const noexcept;
  void apply(const std::vector<NormalisationTable::AliasCode>& aliases);
  void move_values(FieldId from, FieldId to);
  void decide_log_source(std::uint16_t table, Event& event);
  void read_time(const NormalisationTable::ShapeCode& shape, Event& event);
  void add_flags(std::uint8_t flags);

  static constexpr std::size_t kAbsent = static_cast<std::size_t>(-1);

  const NormalisationTable& table_;
  std::vector<Field> fields_;
  std::vector<Field> derived_;
  std::vector<std::uint32_t> seen_;         // by field id: the event in which it was seen last
  std::vector<std::uint32_t> first_index_;  // by field id: its first value in that event
  std::uint32_t event_number_ = 0;
  std::array<std::string_view, kMaxTimeRules + 1> time_texts_{};
};

}  // namespace catena::normalise
