// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/app/terminal.h"
#include "engine/attack/attack_catalog.h"
#include "engine/incident/chain.h"

// A chain as a page that a tired analyst can read: phases down the left, then time, host, user,
// what happened, the value that gave it away, the record it was read from, and why the step
// belongs. Repeats of one rule on one host inside a phase are one line with a count. Thread safety:
// pure functions. The text ends with a line end.
namespace catena::app {

// `detections` is parallel to chain.steps.
[[nodiscard]] std::string chain_page(const incident::Chain& chain,
                                     const std::vector<incident::Detection>& detections,
                                     const attack::AttackCatalog& attack, const TextStyle& style);

// One line for a list of chains, and its heading.
[[nodiscard]] std::string chain_list_heading(const TextStyle& style);
[[nodiscard]] std::string chain_list_line(const incident::Chain& chain, const TextStyle& style);

// Tactic ids of the chain's steps in order of first appearance.
[[nodiscard]] std::vector<std::string> tactics_in_order(
    const std::vector<incident::Detection>& detections);

}  // namespace catena::app
