// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/app/terminal.h"
#include "engine/casework/decision.h"
#include "engine/incident/chain.h"
#include "engine/report/story.h"

// A chain as a page that a tired analyst can read, 100 columns wide in a pipe: under each phase the
// time, host, user, what happened, the value that gave it away, the record it was read from, and
// why the step belongs. Repeats of one rule on one host inside a phase are one line with a count.
// Thread safety: pure functions. The text ends with a line end.
namespace catena::app {

// What people decided about it.
struct ChainCase {
  casework::CaseState state = casework::CaseState::kOpen;
  std::vector<casework::Decision> decisions;
};

[[nodiscard]] std::string chain_page(const report::StoryView& view, const ChainCase& known,
                                     const TextStyle& style);

// "2026-03-02 08:11:04 ana: acknowledged (looks real)"
[[nodiscard]] std::string decision_text(const casework::Decision& decision);

// One line for a list of chains, and its heading. `state` is what people say has become of it; ""
// and no column where nobody was asked.
[[nodiscard]] std::string chain_list_heading(const TextStyle& style, bool with_state);
[[nodiscard]] std::string chain_list_line(const incident::Chain& chain, std::string_view state,
                                          const TextStyle& style);

}  // namespace catena::app
