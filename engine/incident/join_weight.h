// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "engine/event/timestamp.h"
#include "engine/incident/entity.h"

// How strongly a shared entity ties two detections, as a function of what it is and of the time
// between them: base * 2^(-dt / half-life). Fixed point (Q16: 65536 is 1), no floating point, so
// that every machine draws the same chains. Thread safety: pure functions.
namespace catena::incident {

inline constexpr std::uint32_t kFullWeight = 65536;
// A detection joins a chain at this combined weight.
inline constexpr std::uint32_t kJoinThreshold = kFullWeight / 2;

// What a shared entity may do. Strong: join, and merge two chains. Medium: join; two different
// medium types merge. Weak: nothing by itself; it is a place where everything meets (a host, an
// account, a session, an address of the own network), and ties two stories only where no other
// story could be meant (engine/incident/story_ties.h).
enum class JoinClass : std::uint8_t { kStrong, kMedium, kWeak };
[[nodiscard]] JoinClass join_class(const Entity& entity) noexcept;

// `distance` in nanoseconds, not negative. 0 when the entity is too old to matter.
[[nodiscard]] std::uint32_t join_weight(const Entity& entity, Timestamp distance) noexcept;

// base * 2^(-distance / half_life), for other reasons than a shared entity.
[[nodiscard]] std::uint32_t decayed_weight(std::uint32_t base, Timestamp half_life,
                                           Timestamp distance) noexcept;
inline constexpr std::uint32_t percent_weight(std::uint32_t percent) {
  return kFullWeight * percent / 100;
}

// 1 - (1 - a) * (1 - b): the weight of two independent reasons.
[[nodiscard]] std::uint32_t combine_weights(std::uint32_t a, std::uint32_t b) noexcept;

}  // namespace catena::incident
