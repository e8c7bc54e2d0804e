// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/report/story.h"

// A story as a layer of the ATT&CK Navigator: each technique scored with the points of its most
// severe step, commented with the rules that saw it, when and where. Source: ATT&CK Navigator layer
// format 4.5. Thread safety: pure function.
namespace catena::report {

[[nodiscard]] std::string navigator_layer(const StoryView& view);

}  // namespace catena::report
