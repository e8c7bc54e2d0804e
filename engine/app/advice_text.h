// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/app/terminal.h"
#include "engine/report/guidance.h"

// Guidance as a page for a terminal: what to do now, what is missing, what counters the techniques,
// who works like this. Thread safety: pure function. The text ends with a line end.
namespace catena::app {

[[nodiscard]] std::string advice_page(const report::StoryView& view,
                                      const report::Guidance& guidance, const TextStyle& style);

}  // namespace catena::app
