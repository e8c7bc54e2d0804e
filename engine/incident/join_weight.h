// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "engine/event/timestamp.h"
#include "engine/incident/entity.h"

// How strongly a shared entity ties two detections, as a function of its type and of the time
// between them: base(type) * 2^(-dt / half-life(type)). Fixed point (Q16: 65536 is 1), no floating
// point, so that every machine draws the same chains. Thread safety: pure functions.
namespace catena::incident {

inline constexpr std::uint32_t kFullWeight = 65536;
// A detection joins a chain at this combined weight.
inline constexpr std::uint32_t kJoinThreshold = kFullWeight / 2;

// What a shared entity may do. Strong: join, and merge two chains. Medium: join; two different
// medium types merge. Weak: attach to one chain, never merge.
enum class JoinClass : std::uint8_t { kStrong, kMedium, kWeak };
[[nodiscard]] JoinClass join_class(EntityType type) noexcept;

// `distance` in nanoseconds, not negative. 0 when the entity is too old to matter.
[[nodiscard]] std::uint32_t join_weight(EntityType type, Timestamp distance) noexcept;

// 1 - (1 - a) * (1 - b): the weight of two independent reasons.
[[nodiscard]] std::uint32_t combine_weights(std::uint32_t a, std::uint32_t b) noexcept;

}  // namespace catena::incident
