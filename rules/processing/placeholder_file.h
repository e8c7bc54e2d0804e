// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/status.h"

// The values of placeholders, written by hand:
//
//   Administrators: [adm_*, root]      # %Administrators% in a rule; each value may hold wildcards
//   DomainControllers: dc-01
//
// One YAML mapping of names to a value or a list of values.
// Thread safety: pure functions. Errors: "file:line:column: reason".
namespace catena::processing {

inline constexpr std::size_t kMaxPlaceholders = 10'000;
inline constexpr std::size_t kMaxPlaceholderBytes = 128;  // of a name

using PlaceholderValues = std::map<std::string, std::vector<std::string>, std::less<>>;

// Adds to `values`; a name that is there already is an error.
[[nodiscard]] Status read_placeholders(std::string_view text, std::string_view file,
                                       PlaceholderValues& values);
[[nodiscard]] Status read_placeholder_file(const std::string& path, PlaceholderValues& values);

}  // namespace catena::processing
