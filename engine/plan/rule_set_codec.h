// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/plan/rule_set.h"

// RuleSet <-> bytes, so that a compiled corpus can be kept (rules/compile/rule_cache.h). Knows
// nothing of files, checksums or field names: field ids are written as they are, and the caller
// sees to it that they mean the same when they are read.
// decode takes hostile bytes: what it returns is well formed (check_rule_set), whether or not any
// rule says so. It cannot know whether a rule says what its author wrote.
// A new member of RuleSet or of what it holds does not compile until the codec knows it; give
// kRuleSetCodecVersion a new value then. Thread safety: pure functions. Cost: linear.
namespace catena::plan {

inline constexpr std::uint32_t kRuleSetCodecVersion = 2;
// Expressions nested deeper are neither written nor read: evaluators descend them. The rule
// compiler stays far below (64 brackets of conditions).
inline constexpr std::size_t kMaxExpressionDepth = 512;

// Regular expressions are kept as text. The maker compiles as whoever wrote the rule set did; it is
// called once a predicate, in order.
using RegexMaker =
    std::function<Result<std::shared_ptr<const re2::RE2>>(const std::string& pattern)>;

// What every reader of a rule set relies on: indices in range, children before their parents, a
// regular expression where the test says so, field ids below `field_count`. kCorrupt with a reason.
[[nodiscard]] Status check_rule_set(const RuleSet& rules, std::size_t field_count);

// kCorrupt when the rule set is not well formed; nothing that the rule compiler makes is refused.
Result<std::string> encode_rule_set(const RuleSet& rules, std::size_t field_count);

// kCorrupt, or the maker's failure.
Result<RuleSet> decode_rule_set(std::string_view bytes, std::size_t field_count,
                                const RegexMaker& make_regex);

}  // namespace catena::plan
