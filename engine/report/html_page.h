// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/report/guidance.h"
#include "engine/report/story.h"

// A story as one HTML page that opens anywhere: no script, no reference to anything outside (its
// own content policy forbids it), event text escaped. Two drawings, then what happened line by line
// with evidence and the reason why each line belongs, the techniques, and what was inferred. The
// same story gives the same bytes. Thread safety: pure function. Bounds: at most kMaxPageLines
// lines in full; the page says how many it left out.
namespace catena::report {

inline constexpr std::size_t kMaxPageLines = 2'000;

[[nodiscard]] std::string html_page(const StoryView& view, const Guidance* guidance = nullptr);

}  // namespace catena::report
