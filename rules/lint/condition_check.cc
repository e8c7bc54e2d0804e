// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "rules/lint/checks.h"

namespace catena::lint {
namespace {

Span name_span(const Document& document, const ReadIdentifier& identifier) {
  return document.source().scalar(identifier.place, identifier.name);
}

void check_unused(Document& document) {
  const ReadRule& rule = document.rule();
  const bool all_read =
      !rule.conditions.empty() &&
      std::all_of(rule.conditions.begin(), rule.conditions.end(),
                  [](const ReadCondition& condition) { return condition.is_resolved; });
  if (!all_read) return;  // who knows what the condition meant
  for (const ReadIdentifier& identifier : rule.identifiers) {
    if (identifier.is_asserted || identifier.is_negated) continue;
    document.add(kUnusedSelection, name_span(document, identifier),
                 "no condition uses '" + identifier.name + "'");
  }
}

// A filter is joined to each rule with "and" (as pySigma does), so one that leaves something out
// says "not".
void check_filter(Document& document) {
  for (const ReadCondition& condition : document.rule().conditions) {
    if (!condition.is_resolved) continue;
    const auto& nodes = condition.condition.nodes;
    const bool negates = std::any_of(nodes.begin(), nodes.end(), [](const auto& node) {
      return node.kind == sigma::ConditionNode::Kind::kNot;
    });
    if (negates) continue;
    const Span span = document.span_of(*condition.node);
    const bool is_one_name =
        nodes.size() == 1 && nodes[0].kind == sigma::ConditionNode::Kind::kName;
    std::optional<Fix> fix;
    if (is_one_name && condition.node->is_plain()) {
      fix = Fix{"write 'not' before it", {{{span.begin, span.begin}, "not "}}, false};
    }
    document.add(kFilterWithoutNot, span,
                 "the filter keeps only events that it names; to leave them out write 'not'",
                 std::move(fix));
  }
}

}  // namespace

void check_conditions(Document& document, bool is_filter) {
  check_unused(document);
  if (is_filter) check_filter(document);
}

}  // namespace catena::lint
