// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "rules/sigma/rule.h"

// The syntax tree of one Sigma filter (filters specification 2.1): a condition that is added to
// other rules, `(rule) and (filter)`, so an exclusion is written `not selection`.
// Thread safety: value types.
namespace catena::sigma {

struct RuleReference {
  std::string name;  // an id or a name, as written
  Place place;
};

struct Filter {
  // Title, id, log source, identifiers and the one condition, as a rule has them.
  Rule body;
  bool any = false;                  // every rule whose log source the filter's contains
  std::vector<RuleReference> rules;  // unless `any`; never empty then
};

// True when everything that `filter` says is said without a `not` or `neq`: it keeps what it
// describes and drops the rest, which is seldom what its author means.
[[nodiscard]] bool only_keeps(const Filter& filter) noexcept;

// True when `outer` says nothing that `inner` does not say too.
[[nodiscard]] bool contains(const LogSource& outer, const LogSource& inner) noexcept;

}  // namespace catena::sigma
