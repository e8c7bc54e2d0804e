// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/app/terminal.h"
#include "engine/incident/chain.h"
#include "engine/incident/detection.h"

// Why two chains are two: what they share, how much each shared thing weighs at the distance in
// time, and what keeps it from joining them. Thread safety: pure function. The text ends with a
// line end.
namespace catena::app {

struct ToldChain {
  incident::Chain chain;
  std::vector<incident::Detection> detections;  // parallel to chain.steps
};

// Shared entities shown, at most.
inline constexpr std::size_t kMaxSharedShown = 20;

[[nodiscard]] std::string why_not_joined(const ToldChain& a, const ToldChain& b,
                                         const TextStyle& style);

}  // namespace catena::app
