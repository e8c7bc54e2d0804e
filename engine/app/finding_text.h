// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/app/terminal.h"
#include "rules/findings/finding.h"

// A finding for a person: place, level, reason and code on one line; below it the source line with
// carets under the span, and the fix. Thread safety: pure function.
namespace catena::app {

// Ends with a line feed. Control characters of the rule are made visible.
[[nodiscard]] std::string finding_text(const lint::Finding& finding, const TextStyle& style);

}  // namespace catena::app
