// SPDX-License-Identifier: Apache-2.0
#include "engine/normalise/value_rules.h"

#include <algorithm>

namespace catena::normalise {
namespace {

constexpr Timestamp kZoneStep = 15 * kNanosPerMinute;  // every time zone is a multiple of it
constexpr Timestamp kMaxZone = 15 * kNanosPerHour;
// Longer values are not compared by conditions of log source tables.
constexpr std::size_t kMaxConditionBytes = 64 * 1024;

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

bool equals_folded(std::string_view text, std::string_view folded_value) noexcept {
  return text.size() == folded_value.size() &&
         std::equal(text.begin(), text.end(), folded_value.begin(),
                    [](char a, char b) { return lower(a) == b; });
}

bool contains_folded(std::string_view text, std::string_view folded_value) noexcept {
  return std::search(text.begin(), text.end(), folded_value.begin(), folded_value.end(),
                     [](char a, char b) { return lower(a) == b; }) != text.end();
}

std::optional<Timestamp> parse_time(std::string_view text) noexcept {
  if (const auto time = parse_iso8601(text)) return time;
  return parse_epoch(text);
}

// The offset of local time from UTC, from one moment written both ways.
std::optional<Timestamp> zone_offset(std::string_view local, std::string_view utc) noexcept {
  const auto local_time = parse_iso8601(local);
  const auto utc_time = parse_iso8601(utc);
  if (!local_time || !utc_time) return std::nullopt;
  const Timestamp difference = *local_time - *utc_time;
  if (difference > kMaxZone || difference < -kMaxZone) return std::nullopt;
  const Timestamp half = difference >= 0 ? kZoneStep / 2 : -kZoneStep / 2;
  return (difference + half) / kZoneStep * kZoneStep;
}

}  // namespace

bool holds(Condition::Operator op, std::string_view text, std::string_view value) noexcept {
  if (text.size() > kMaxConditionBytes || text.size() < value.size()) return false;
  switch (op) {
    case Condition::Operator::kEquals:
      return equals_folded(text, value);
    case Condition::Operator::kContains:
      return contains_folded(text, value);
    case Condition::Operator::kStartsWith:
      return equals_folded(text.substr(0, value.size()), value);
    case Condition::Operator::kEndsWith:
      return equals_folded(text.substr(text.size() - value.size()), value);
    case Condition::Operator::kExists:
      return true;
  }
  return false;
}

std::optional<Timestamp> time_of(const NormalisationTable::TimeCode& rule, std::string_view text,
                                 std::string_view local, std::string_view utc) noexcept {
  const auto time = parse_time(text);
  if (!time || rule.zone_local_slot == 0) return time;
  const auto offset = zone_offset(local, utc);
  if (!offset) return std::nullopt;
  return *time - *offset;
}

}  // namespace catena::normalise
