// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/event/event.h"
#include "engine/normalise/flat_record.h"
#include "engine/normalise/normalisation_table.h"

// Layout is what the normalisation table makes of all JSON records that have the same paths in the
// same order: the field of every value, where its times and the values that decide its log source
// are, and which aliases can apply at all. Only what depends on the values is left to do for a
// record (LayoutNormaliser).
// Thread safety: none; decisions are added while records are normalised. Cost: a few microseconds
// to build, one or two kilobytes. Lifetime: within that of the table.
namespace catena::normalise {

// A value of a record and where whoever decoded the record keeps it.
struct LayoutValue {
  PathId path = kUnknownPath;
  bool composite = false;
  std::uint16_t slot = 0;
};

class Layout {
 public:
  // The values in record order.
  Layout(const NormalisationTable& table, std::span<const LayoutValue> values);

  // The record holds embedded records: a Layout does not say what those become.
  [[nodiscard]] bool has_embedded() const noexcept { return has_embedded_; }

 private:
  friend class LayoutNormaliser;

  // A field of the event, and the slot of its value.
  struct Push {
    FieldId id = kUnknownField;
    std::uint16_t slot = 0;
  };
  // Positions of the pushes with one field id.
  struct Places {
    FieldId id = kUnknownField;
    std::uint32_t first = 0;  // into places_
    std::uint32_t count = 0;
  };
  struct AliasPlan {
    Places target;
    std::vector<Places> sources;
  };
  struct ConditionPlan {
    const NormalisationTable::ConditionCode* code = nullptr;
    Places places;
  };
  struct MovePlan {
    Places from;
    FieldId to = kUnknownField;
  };
  struct OutcomePlan {
    const NormalisationTable::Outcome* outcome = nullptr;
    std::vector<ConditionPlan> conditions;
    std::vector<MovePlan> moves;
    std::vector<AliasPlan> aliases;
  };
  // What follows from one list of outcomes of the log source table.
  struct Decision {
    const NormalisationTable::Outcome* outcomes = nullptr;
    // The first outcome always applies and does nothing but name the log source.
    bool is_plain = false;
    LogSourceId log_source = kUnmappedLogSource;
    std::vector<OutcomePlan> plans;
  };
  struct TimeSlot {
    std::uint8_t number = 0;
    std::uint16_t slot = 0;
  };

  // Field ids as they are at one moment: those of the pushes, and those that aliases may have
  // added.
  struct Names {
    std::vector<FieldId> pushed;
    std::vector<FieldId> added;
  };

  Places places_of(FieldId id, const std::vector<FieldId>& pushed);
  std::vector<AliasPlan> plan_aliases(const NormalisationTable& table,
                                      const std::vector<NormalisationTable::AliasCode>& aliases,
                                      Names& names);
  // The decision for these outcomes, planned at first sight.
  const Decision& decision(const NormalisationTable& table,
                           std::span<const NormalisationTable::Outcome> outcomes);

  bool has_embedded_ = false;
  ShapeId shape_ = kDetectShape;
  std::uint16_t log_source_table_ = 0;
  std::vector<Push> pushes_;
  std::vector<TimeSlot> times_;
  std::vector<AliasPlan> aliases_;
  std::vector<Places> keys_;  // of the log source table's fields
  Names names_;               // behind aliases_
  std::vector<std::uint16_t> places_;
  std::vector<std::unique_ptr<Decision>> decisions_;
  const Decision* last_decision_ = nullptr;
  const NormalisationTable::Outcome* last_outcomes_ = nullptr;  // that led to it
  std::size_t most_added_ = 0;  // fields of a record so far that aliases and flags added
};

}  // namespace catena::normalise
