// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/report/story.h"

// A story as an Attack Flow 2.0.0 document, for the Attack Flow Builder and for emulation tools: an
// action for each line that has a technique (its first one; the others are in the description),
// with its host as asset; the effects of an action are the actions whose lines joined it. Lines
// without a technique are left out, and what joined them hangs on what they had joined. A chain
// without any technique is one action that is named after its first rule, since a flow needs a
// start. Source: Attack Flow 2.0.0 (MITRE Center for Threat-Informed Defense), an extension of
// STIX 2.1. Thread safety: pure function.
namespace catena::report {

[[nodiscard]] std::string attack_flow(const StoryView& view);

}  // namespace catena::report
