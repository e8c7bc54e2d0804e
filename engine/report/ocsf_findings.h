// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/report/story.h"

// A story as OCSF 1.5.0 events, one JSON object a line: an Incident Finding (class 2005) for the
// chain, then a Detection Finding (class 2004) for each line of it, tied together by
// metadata.correlation_uid. Source: OCSF schema 1.5.0. Thread safety: pure function.
namespace catena::report {

// `product_version` is ours.
[[nodiscard]] std::string ocsf_findings(const StoryView& view, std::string_view product_version);

}  // namespace catena::report
