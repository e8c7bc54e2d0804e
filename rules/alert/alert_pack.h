// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "engine/alert/alert_mapping.h"
#include "engine/base/status.h"

// Reads an alert pack: YAML that says how the alerts of one other engine are recognised and what
// they mean. The schema is written down in rules/packs/alerts/README.md. Thread safety: pure.
// Errors: kInvalidInput or kLimit with "file:line:column: reason"; the mapping must not be used
// after one.
namespace catena::rules {

// Bounds on one pack.
inline constexpr std::size_t kMaxAlertItems = 4096;      // in any one list or mapping
inline constexpr std::size_t kMaxAlertNameBytes = 512;   // of any one name, path, value, pattern
inline constexpr std::size_t kMaxAlertPatternStars = 8;  // '*' in a pattern
inline constexpr std::size_t kMaxAlertEngines = 256;     // in all packs together

// Appends the engine of `text` to `out`; one with a known name takes its place. `name` is the file
// name for messages.
Status load_alert_pack(std::string_view text, std::string_view name, alert::AlertMapping& out);

}  // namespace catena::rules
