// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "engine/event/event.h"
#include "engine/plan/rule_set.h"

// ReferenceMatcher says which rules match an event in the most obvious way: every rule whose log
// source applies, every node, every value, one after the other. It is the judge of Matcher and of
// nothing else's speed: no index, no plan, no cache.
// Thread safety: const methods may run concurrently. Allocates freely.
namespace catena::match {

class ReferenceMatcher {
 public:
  // Both must outlive the matcher.
  ReferenceMatcher(const plan::RuleSet& rules, const LogSourceCatalog& log_sources)
      : rules_(rules), log_sources_(log_sources) {}

  // Sets `matches` to the indices of the matching rules, ascending. Events are plain
  // (make_plain()).
  void match(const Event& event, std::vector<plan::RuleIndex>& matches) const;

  // True when one predicate holds for the event.
  [[nodiscard]] static bool holds(const plan::Predicate& predicate, const Event& event);

  // True when the expression rooted at `node` holds for the event.
  [[nodiscard]] bool evaluate(plan::NodeIndex node, const Event& event) const;

 private:
  const plan::RuleSet& rules_;
  const LogSourceCatalog& log_sources_;
};

}  // namespace catena::match
