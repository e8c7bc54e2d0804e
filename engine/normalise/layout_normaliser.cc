// SPDX-License-Identifier: Apache-2.0
#include "engine/normalise/layout_normaliser.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

#include "engine/normalise/value_rules.h"

namespace catena::normalise {
namespace {

constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15ULL;

// Up to eight bytes from either end of a text, mixed with its length.
std::uint64_t digest(std::string_view text) noexcept {
  std::uint64_t head = 0;
  std::uint64_t tail = 0;
  if (text.size() >= sizeof(head)) {
    std::memcpy(&head, text.data(), sizeof(head));
    std::memcpy(&tail, text.data() + text.size() - sizeof(tail), sizeof(tail));
  } else {
    for (const char c : text) head = head << 8U | static_cast<unsigned char>(c);
  }
  return (head * kOdd ^ tail) * kOdd + text.size();
}

}  // namespace

LayoutNormaliser::LayoutNormaliser(const NormalisationTable& table)
    : table_(table), remembered_(kRemembered) {}

void LayoutNormaliser::FieldList::grow() {
  capacity_ = capacity_ * 2 + 1;
  Field* const more = allocate(capacity_);
  std::uninitialized_copy_n(fields_, size_, more);
  fields_ = more;
}

std::string_view LayoutNormaliser::plain(Field& field) {
  field.text = plain_text(field, *arena_);
  field.escaped = false;
  return field.text;
}

template <typename Visit>
bool LayoutNormaliser::visit(const Layout& layout, const Layout::Places& places, Visit&& visit) {
  for (std::uint32_t i = 0; i < places.count; ++i) {
    if (visit(fields_[layout.places_[places.first + i]])) return true;
  }
  for (std::size_t i = pushed_; i < fields_.size(); ++i) {
    if (fields_[i].id == places.id && visit(fields_[i])) return true;
  }
  return false;
}

bool LayoutNormaliser::has_value(const Layout& layout, const Layout::Places& places) const {
  for (std::uint32_t i = 0; i < places.count; ++i) {
    if (!is_absent(fields_[layout.places_[places.first + i]])) return true;
  }
  for (std::size_t i = pushed_; i < fields_.size(); ++i) {
    if (fields_[i].id == places.id && !is_absent(fields_[i])) return true;
  }
  return false;
}

bool LayoutNormaliser::holds(const Layout& layout, const Layout::ConditionPlan& condition) {
  return visit(layout, condition.places, [&](Field& field) {
    if (field.kind == ValueKind::kNull) return false;
    if (condition.code->op == Condition::Operator::kExists) return true;
    const std::string_view text = plain(field);
    return std::any_of(condition.code->values.begin(), condition.code->values.end(),
                       [&](const std::string& value) {
                         return normalise::holds(condition.code->op, text, value);
                       });
  });
}

void LayoutNormaliser::apply(const Layout& layout, const std::vector<Layout::AliasPlan>& aliases) {
  for (const Layout::AliasPlan& alias : aliases) {
    if (has_value(layout, alias.target)) continue;
    for (const Layout::Places& source : alias.sources) {
      if (!has_value(layout, source)) continue;
      const std::size_t end = fields_.size();
      const auto copy = [&](std::size_t from) {
        Field field = fields_[from];
        if (is_absent(field)) return;
        field.id = alias.target.id;
        fields_.push_back(field);
      };
      for (std::uint32_t i = 0; i < source.count; ++i) copy(layout.places_[source.first + i]);
      for (std::size_t i = pushed_; i < end; ++i) {
        if (fields_[i].id == source.id) copy(i);
      }
      break;
    }
  }
}

void LayoutNormaliser::move_values(const Layout& layout, const Layout::MovePlan& move) {
  visit(layout, move.from, [&](Field& field) {
    field.id = move.to;
    return false;
  });
}

std::span<const NormalisationTable::Outcome> LayoutNormaliser::look_up(const Layout& layout) {
  std::array<std::uint16_t, kMaxKeyFields> key{};
  for (std::size_t k = 0; k < layout.keys_.size(); ++k) {
    // A field with several values counts with the first that the table knows.
    visit(layout, layout.keys_[k], [&](Field& field) {
      key[k] = table_.key_value(layout.log_source_table_, k, plain(field));
      return key[k] != 0;
    });
  }
  return table_.outcomes(layout.log_source_table_, key);
}

// Remembers by the first value of each key field, when there is no other: nearly all records have
// the values of an earlier one.
std::span<const NormalisationTable::Outcome> LayoutNormaliser::outcomes_of(const Layout& layout) {
  std::array<std::string_view, kMaxKeyFields> texts{};
  std::uint64_t hash = layout.log_source_table_;
  std::size_t bytes = 0;
  for (std::size_t k = 0; k < layout.keys_.size(); ++k) {
    const Layout::Places& places = layout.keys_[k];
    if (places.count > 1 || fields_.size() != pushed_) return look_up(layout);
    if (places.count == 0) continue;
    const Field& field = fields_[layout.places_[places.first]];
    if (field.escaped) return look_up(layout);
    texts[k] = field.text;
    hash = hash * kOdd ^ digest(field.text);
    bytes += field.text.size();
  }
  if (bytes > Remembered::kMaxBytes) return look_up(layout);
  Remembered& remembered = remembered_[(hash * kOdd) >> 56U];
  static_assert(kRemembered == 256);
  bool known = remembered.table == layout.log_source_table_;
  const char* at = remembered.texts.data();
  for (std::size_t k = 0; k < texts.size() && known; ++k) {
    known = remembered.sizes[k] == texts[k].size() &&
            (texts[k].empty() || std::memcmp(at, texts[k].data(), texts[k].size()) == 0);
    at += texts[k].size();
  }
  if (known) return remembered.outcomes;
  remembered.table = layout.log_source_table_;
  char* to = remembered.texts.data();
  for (std::size_t k = 0; k < texts.size(); ++k) {
    remembered.sizes[k] = static_cast<std::uint16_t>(texts[k].size());
    to = std::copy(texts[k].begin(), texts[k].end(), to);
  }
  remembered.outcomes = look_up(layout);
  return remembered.outcomes;
}

void LayoutNormaliser::decide_log_source(Layout& layout, Event& event) {
  const auto outcomes = outcomes_of(layout);
  if (outcomes.empty()) return;
  if (layout.last_outcomes_ != outcomes.data()) {
    layout.last_decision_ = &layout.decision(table_, outcomes);
    layout.last_outcomes_ = outcomes.data();
  }
  if (layout.last_decision_->is_plain) {
    event.log_source = layout.last_decision_->log_source;
    return;
  }
  for (const Layout::OutcomePlan& plan : layout.last_decision_->plans) {
    const bool applies =
        std::all_of(plan.conditions.begin(), plan.conditions.end(),
                    [&](const auto& condition) { return holds(layout, condition); });
    if (!applies) continue;
    event.log_source = plan.outcome->log_source;
    for (const Layout::MovePlan& move : plan.moves) move_values(layout, move);
    apply(layout, plan.aliases);
    return;
  }
}

void LayoutNormaliser::read_time(const Layout& layout, std::span<const FlatField> values,
                                 Event& event) {
  // The first value that is not empty.
  const auto text_of = [&](std::uint8_t number) -> std::string_view {
    for (const Layout::TimeSlot& time : layout.times_) {
      const FlatField& value = values[time.slot];
      if (time.number != number || value.text.empty()) continue;
      if (!value.escaped) return value.text;
      return plain_text({kUnknownField, value.kind, true, value.text}, *arena_);
    }
    return {};
  };
  normalise::read_time(table_.shape(layout.shape_), text_of, event);
}

void LayoutNormaliser::add_flags(std::uint8_t flags) {
  if (flags == 0) return;
  const auto push = [this](std::string_view text) {
    fields_.push_back({table_.flag_field(), ValueKind::kString, false, text});
  };
  if ((flags & kFlagInvalidUtf8) != 0) push("invalid_utf8");
  if ((flags & kFlagDuplicateKey) != 0) push("duplicate_key");
  if ((flags & kFlagTruncatedField) != 0) push("truncated_field");
}

void LayoutNormaliser::normalise(Layout& layout, std::span<const FlatField> values,
                                 std::uint8_t flags, Arena& arena, Event& event) {
  arena_ = &arena;
  event.flags = flags;
  event.time = kNoTime;
  event.time_source = TimeSource::kNone;
  event.log_source = kUnmappedLogSource;
  pushed_ = layout.pushes_.size();
  fields_.begin(arena, pushed_, pushed_ + layout.most_added_);
  Field* to = fields_.data();
  const FlatField* const from = values.data();
  for (const Layout::Push& push : layout.pushes_) {
    const FlatField& value = from[push.slot];
    new (to++) Field{push.id, value.kind, value.escaped, value.text};
  }
  if (!layout.times_.empty()) read_time(layout, values, event);
  apply(layout, layout.aliases_);
  if (layout.log_source_table_ != 0) decide_log_source(layout, event);
  add_flags(flags);
  layout.most_added_ = std::max(layout.most_added_, fields_.size() - pushed_);
  event.fields = {fields_.data(), fields_.size()};
}

}  // namespace catena::normalise
