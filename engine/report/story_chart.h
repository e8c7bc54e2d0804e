// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/report/story.h"

// Two drawings of a story as SVG, for inside an HTML page that brings the style classes: the 17
// phases against time, and the hosts against time with the joins that went from one host to
// another. All text is escaped. Thread safety: pure functions. Bounds: dots that would lie on each
// other are one; at most kMaxHostRows hosts and kMaxLinks joins, and the drawing says what it left
// out.
namespace catena::report {

inline constexpr std::size_t kMaxHostRows = 24;
inline constexpr std::size_t kMaxLinks = 300;

[[nodiscard]] std::string phase_chart(const StoryView& view);

// "" when fewer than two hosts are known.
[[nodiscard]] std::string host_chart(const StoryView& view);

// "lv-high": the style class of a level.
[[nodiscard]] std::string level_class(plan::Level level);

}  // namespace catena::report
