// SPDX-License-Identifier: Apache-2.0
#include "engine/normalise/normaliser.h"

#include <algorithm>

#include "engine/normalise/value_rules.h"

namespace catena::normalise {
Normaliser::Normaliser(const NormalisationTable& table)
    : table_(table), seen_(table.field_count()), resolved_(std::size_t{1} << kResolvedBits) {}

void Normaliser::begin_event() noexcept {
  fields_.clear();
  derived_.clear();
  if (++event_number_ == 0) {
    std::fill(seen_.begin(), seen_.end(), Seen{});
    event_number_ = 1;
  }
}

std::string_view Normaliser::plain(Field& field) {
  field.text = plain_text(field, *arena_);
  field.escaped = false;
  return field.text;
}

std::size_t Normaliser::index_of(FieldId id) const noexcept {
  return id != kUnknownField && seen_[id].event == event_number_ ? seen_[id].first_index : kAbsent;
}

bool Normaliser::has_value(FieldId id) const noexcept {
  for (std::size_t i = index_of(id); i < fields_.size(); ++i) {
    if (fields_[i].id == id && !is_absent(fields_[i])) return true;
  }
  return false;
}

void Normaliser::resolve_anew(PathId path, ShapeId shape, Resolved& resolved) const {
  resolved = {path, shape, 0, Resolved::Step::kPush, kUnknownField};
  const NormalisationTable::Target* target = table_.target(path, shape);
  if (target == nullptr) {
    resolved.field = table_.own_field(path);
  } else {
    resolved.time_slot = target->time_slot;
    const auto fields = table_.target_fields(*target);
    if (!fields.empty()) resolved.field = fields[0];
    if (fields.size() > 1) resolved.step = Resolved::Step::kPushMany;
  }
  // Nobody can name an unknown composite, and its leaves carry its text.
  if (resolved.field == kUnknownField) resolved.step = Resolved::Step::kPushUnlessComposite;
}

void Normaliser::push_derived(const FlatField& flat, ShapeId shape) {
  const auto fields = table_.target_fields(*table_.target(flat.path, shape));
  for (std::size_t k = 1; k < fields.size(); ++k) {
    derived_.push_back({fields[k], flat.kind, flat.escaped, flat.text});
  }
}

void Normaliser::map_segment(const FlatRecord& record, std::size_t first, std::size_t last,
                             ShapeId shape, Arena& arena) {
  for (std::size_t i = first; i < last; ++i) {
    const FlatField& flat = record.fields[i];
    const Resolved& resolved = resolve(flat.path, shape);
    if (resolved.time_slot != 0 && time_texts_[resolved.time_slot].empty()) {
      time_texts_[resolved.time_slot] =
          plain_text({kUnknownField, flat.kind, flat.escaped, flat.text}, arena);
    }
    if (resolved.step == Resolved::Step::kPushUnlessComposite &&
        flat.kind == ValueKind::kComposite) {
      continue;
    }
    push(resolved.field, flat.kind, flat.text, flat.escaped);
    if (resolved.step == Resolved::Step::kPushMany) push_derived(flat, shape);
  }
}

bool Normaliser::holds(const NormalisationTable::ConditionCode& condition) {
  for (std::size_t i = index_of(condition.field); i < fields_.size(); ++i) {
    Field& field = fields_[i];
    if (field.id != condition.field || field.kind == ValueKind::kNull) continue;
    if (condition.op == Condition::Operator::kExists) return true;
    for (const std::string& value : condition.values) {
      if (normalise::holds(condition.op, plain(field), value)) return true;
    }
  }
  return false;
}

void Normaliser::apply(const std::vector<NormalisationTable::AliasCode>& aliases) {
  for (const NormalisationTable::AliasCode& alias : aliases) {
    if (has_value(alias.target)) continue;
    for (const FieldId source : table_.alias_sources(alias)) {
      if (!has_value(source)) continue;
      const std::size_t end = fields_.size();
      for (std::size_t i = index_of(source); i < end; ++i) {
        const Field field = fields_[i];
        if (field.id == source && !is_absent(field)) {
          push(alias.target, field.kind, field.text, field.escaped);
        }
      }
      break;
    }
  }
}

void Normaliser::move_values(FieldId from, FieldId to) {
  const std::size_t first = index_of(from);
  if (first == kAbsent) return;
  for (std::size_t i = first; i < fields_.size(); ++i) {
    if (fields_[i].id == from) fields_[i].id = to;
  }
  seen_[from].event = event_number_ - 1;
  if (seen_[to].event != event_number_ || seen_[to].first_index > first) {
    seen_[to] = {event_number_, static_cast<std::uint32_t>(first)};
  }
}

void Normaliser::decide_log_source(std::uint16_t table, Event& event) {
  std::array<std::uint16_t, kMaxKeyFields> key{};
  const auto by = table_.key_fields(table);
  for (std::size_t k = 0; k < by.size(); ++k) {
    // A field with several values counts with the first that the table knows.
    for (std::size_t i = index_of(by[k]); i < fields_.size() && key[k] == 0; ++i) {
      if (fields_[i].id == by[k]) key[k] = table_.key_value(table, k, plain(fields_[i]));
    }
  }
  for (const NormalisationTable::Outcome& outcome : table_.outcomes(table, key)) {
    const bool applies = std::all_of(outcome.conditions.begin(), outcome.conditions.end(),
                                     [this](const auto& condition) { return holds(condition); });
    if (!applies) continue;
    event.log_source = outcome.log_source;
    for (const auto& [from, to] : outcome.moves) move_values(from, to);
    apply(outcome.aliases);
    return;
  }
}

void Normaliser::add_flags(std::uint8_t flags) {
  if (flags == 0) return;
  const FieldId id = table_.flag_field();
  if ((flags & kFlagInvalidUtf8) != 0) push(id, ValueKind::kString, "invalid_utf8");
  if ((flags & kFlagDuplicateKey) != 0) push(id, ValueKind::kString, "duplicate_key");
  if ((flags & kFlagTruncatedField) != 0) push(id, ValueKind::kString, "truncated_field");
}

void Normaliser::normalise(FlatRecord& record, Arena& arena, Event& event) {
  begin_event();
  arena_ = &arena;
  event.flags = record.flags;
  event.time = record.time;
  event.time_source = record.time_source;
  event.log_source = kUnmappedLogSource;
  std::uint16_t log_source_table = 0;
  for (std::size_t s = 0; s < record.segments.size(); ++s) {
    FlatSegment& segment = record.segments[s];
    const std::size_t last =
        s + 1 < record.segments.size() ? record.segments[s + 1].first_field : record.fields.size();
    if (segment.shape == kDetectShape) {
      MarkerSet markers;
      for (std::size_t i = segment.first_field; i < last; ++i) {
        markers |= table_.marker(record.fields[i].path);
      }
      segment.shape = table_.detect_shape(markers);
    }
    time_texts_.fill({});
    map_segment(record, segment.first_field, last, segment.shape, arena);
    if (segment.shape < table_.shape_count()) {
      const NormalisationTable::ShapeCode& shape = table_.shape(segment.shape);
      read_time(
          shape, [this](std::uint8_t slot) { return time_texts_[slot]; }, event);
      if (shape.table != 0) log_source_table = shape.table;
    }
  }
  for (const Field& field : derived_) push(field.id, field.kind, field.text, field.escaped);
  for (const FlatSegment& segment : record.segments) {
    if (segment.shape < table_.shape_count()) apply(table_.shape(segment.shape).aliases);
  }
  if (log_source_table != 0) decide_log_source(log_source_table, event);
  add_flags(record.flags);
  const auto fields = arena.allocate_array<Field>(fields_.size());
  std::copy(fields_.begin(), fields_.end(), fields.begin());
  event.fields = fields;
}

}  // namespace catena::normalise
