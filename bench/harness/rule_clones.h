// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/event/field_catalog.h"
#include "engine/plan/rule_set.h"

// Makes a rule set several times as large, to see how cost grows with rules. A clone is its
// original with other words in everything that it asks for: the same fields, conditions and
// lengths, so that it matches about as rarely as a further rule of its kind would. What chooses the
// kind of event (event ids, channels, providers) stays, so clones are candidates for the same
// events, and so does what a rule leaves out ("not"): an exception with other words would except
// nothing and the clone match everything. In every other clone the names of programs stay too,
// unless they alone could make it match: real rules of a kind also ask for the same few programs. A
// rule without words is copied and matches as often as its original. Deterministic. Thread safety:
// pure functions.
namespace catena::harness {

inline constexpr std::size_t kMaxRuleFactor = 100;

// `times` - 1 clones of every rule behind the originals; 1 returns a copy. Only literals of three
// letters or more change; a regular expression changes where a mandatory word of it is known.
[[nodiscard]] plan::RuleSet multiply_rules(const plan::RuleSet& rules, const FieldCatalog& fields,
                                           std::size_t times);

// `text` with two letters of its longest run of letters replaced by others of the same case,
// decided by the text and `salt`; itself when it has no run of three letters.
[[nodiscard]] std::string change_word(std::string_view text, std::uint64_t salt);

}  // namespace catena::harness
