// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "engine/event/field_catalog.h"

// PlanLiteral is a text that an event must contain for a rule to have a chance: folded, in the
// values of one field, perhaps at their start or end. Plain data.
namespace catena::plan {

struct PlanLiteral {
  enum class Anchor : std::uint8_t { kNone, kStart, kEnd, kBoth };
  FieldId field = kUnknownField;  // kUnknownField: any value of the event (keywords)
  Anchor anchor = Anchor::kNone;
  std::string text;  // never empty

  friend auto operator<=>(const PlanLiteral&, const PlanLiteral&) = default;
};

}  // namespace catena::plan
