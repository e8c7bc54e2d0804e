// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "engine/event/event.h"
#include "engine/normalise/normalisation_table.h"

// What a mapping's rules say about texts, whoever found them: which values count as there, which
// conditions hold, what time it is.
// Thread safety: pure functions.
namespace catena::normalise {

// The plain texts of a record's time paths by their slots; 0 is no slot.
using TimeTexts = std::array<std::string_view, kMaxTimeRules + 1>;

// Values that count as not there.
[[nodiscard]] inline bool is_absent(const Field& field) noexcept {
  return field.kind == ValueKind::kNull || field.text.empty() ||
         (field.text.size() == 1 && field.text.front() == '-');
}

// Whether the plain `text` stands to `value` (lower case) as `op` says.
[[nodiscard]] bool holds(Condition::Operator op, std::string_view text,
                         std::string_view value) noexcept;

// The time that a rule makes of the text at its path, and for rules with a zone reference of the
// two texts that show one moment in local time and in UTC.
[[nodiscard]] std::optional<Timestamp> time_of(const NormalisationTable::TimeCode& rule,
                                               std::string_view text, std::string_view local,
                                               std::string_view utc) noexcept;

// Sets the event's time and its source by the first rules of the shape that have a time better than
// the one it has. `text_of(slot)` is the plain text of a time path.
template <typename TextOf>
void read_time(const NormalisationTable::ShapeCode& shape, const TextOf& text_of, Event& event) {
  for (const NormalisationTable::TimeCode& rule : shape.times) {
    if (event.time_source <= rule.source) continue;
    const bool zone = rule.zone_local_slot != 0;
    const auto time =
        time_of(rule, text_of(rule.slot), zone ? text_of(rule.zone_local_slot) : std::string_view(),
                zone ? text_of(rule.zone_utc_slot) : std::string_view());
    if (!time) continue;
    event.time = *time;
    event.time_source = rule.source;
  }
}

}  // namespace catena::normalise
