// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// What changed between two texts, as a unified diff with three lines of context: what `--fix
// --dry-run` shows, in a form that patch(1) takes.
// Thread safety: pure function. Cost: the product of the changed parts' lines, up to
// kMaxComparedLines in square; beyond, the part is shown as replaced.
namespace catena::lint {

inline constexpr std::size_t kMaxComparedLines = 2'000;

// "" when the texts are equal. `name` stands in both heads.
[[nodiscard]] std::string line_diff(std::string_view before, std::string_view after,
                                    std::string_view name);

}  // namespace catena::lint
