// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "engine/base/status.h"
#include "engine/normalise/mapping_definition.h"

// Reads a mapping pack: YAML that says which shapes of records exist, how their paths become Sigma
// field names, and which log source a record has. The schema is written down in
// rules/packs/mapping/README.md.
// Thread safety: pure. Errors: kInvalidInput, kLimit or kUnsupported with "file:line:column:
// reason"; the definition must not be used after one.
namespace catena::mapping {

// Bounds on one pack set.

inline constexpr std::size_t kMaxPackItems = 4096;     // in any one list of a pack
inline constexpr std::size_t kMaxPackNameBytes = 512;  // of any one name, path or value

// Appends what `text` says to `out`; `name` is the file name for messages. Call once per pack in
// the order of their file names: shapes are tried in that order.
Status load_mapping(std::string_view text, std::string_view name,
                    normalise::MappingDefinition& out);

}  // namespace catena::mapping
