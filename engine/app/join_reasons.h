// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/app/terminal.h"
#include "engine/report/story.h"

// Why two chains are two: what they share, how much each shared thing weighs at the distance in
// time, and what keeps it from joining them. Thread safety: pure function. The text ends with a
// line end.
namespace catena::app {

// Shared entities shown, at most.
inline constexpr std::size_t kMaxSharedShown = 20;

[[nodiscard]] std::string why_not_joined(const report::Story& a, const report::Story& b,
                                         const TextStyle& style);

}  // namespace catena::app
