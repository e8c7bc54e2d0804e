// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Event time. Not the wall clock: nothing here reads one.
// Thread safety: pure functions.
namespace catena {

// Nanoseconds since 1970-01-01T00:00:00Z, negative before it. Covers 1678 to 2262.
using Timestamp = std::int64_t;

inline constexpr Timestamp kNanosPerMicro = 1'000;
inline constexpr Timestamp kNanosPerMilli = 1'000'000;
inline constexpr Timestamp kNanosPerSecond = 1'000'000'000;
inline constexpr Timestamp kNanosPerMinute = 60 * kNanosPerSecond;
inline constexpr Timestamp kNanosPerHour = 60 * kNanosPerMinute;

// Where an event's time came from, best first. An event without one sorts at kNoTime.
enum class TimeSource : std::uint8_t {
  kEventField,  // the producer's own event time (UtcTime, SystemTime, eventTime, audit(…))
  kHeader,      // a transport header (syslog timestamp, @timestamp)
  kInherited,   // none of its own; taken from the record before it in the same source
  kNone,
};

inline constexpr Timestamp kNoTime = 0;

// Days since 1970-01-01 of a proleptic Gregorian date.
[[nodiscard]] std::int64_t days_from_civil(std::int64_t year, unsigned month,
                                           unsigned day) noexcept;

// Reads "2020-09-04T07:29:45.114Z", a blank instead of 'T', 0 to 9 (or more, truncated) fraction
// digits, and an optional zone "Z", "+hh:mm", "+hhmm"; no zone means UTC. Also "yyyy/mm/dd
// hh:mm:ss". nullopt when the text is not such a time or a part is out of range.
[[nodiscard]] std::optional<Timestamp> parse_iso8601(std::string_view text) noexcept;

// Reads seconds (with optional fraction), milliseconds, microseconds or nanoseconds since 1970 by
// magnitude, the way log producers write them. nullopt when not a decimal number.
[[nodiscard]] std::optional<Timestamp> parse_epoch(std::string_view text) noexcept;

// "2020-09-04T07:29:45.114Z": always UTC, always milliseconds; the form of every output line.
[[nodiscard]] std::string format_iso8601(Timestamp time);

}  // namespace catena
