// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/report/guidance.h"
#include "engine/report/story.h"

// A story as a Markdown report for a ticket or a wiki: the facts, the phases, what happened line by
// line with evidence and reason, the techniques. CommonMark with tables; event text is escaped or
// code. The same story gives the same bytes. Thread safety: pure function. Bounds: at most
// kMaxMarkdownLines lines; the report says how many it left out.
namespace catena::report {

inline constexpr std::size_t kMaxMarkdownLines = 500;

[[nodiscard]] std::string markdown_page(const StoryView& view, const Guidance* guidance = nullptr);

}  // namespace catena::report
