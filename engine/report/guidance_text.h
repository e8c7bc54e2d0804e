// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/report/guidance.h"

// Guidance as sections of a page. Thread safety: pure functions; event text is escaped.
namespace catena::report {

[[nodiscard]] std::string guidance_html(const StoryView& view, const Guidance& guidance);
[[nodiscard]] std::string guidance_markdown(const StoryView& view, const Guidance& guidance);

// "T1003 OS Credential Dumping (known of 42 groups; 7 rules look for it)"
[[nodiscard]] std::string gap_technique_text(const StoryView& view, const GapTechnique& technique);
// "12 of 22 techniques, and 3 more of the same families; known for 90 in all"
[[nodiscard]] std::string overlap_text(const Guidance& guidance, const KnownGroup& known);

}  // namespace catena::report
