// SPDX-License-Identifier: Apache-2.0
#include "engine/plan/plan.h"
#include "engine/plan/rule_set_builder.h"
#include "rules/compile/rule_compiler.h"
#include "rules/lint/checks.h"

namespace catena::lint {
namespace {

LogSource source_of(const LogSourceSelector& selector) {
  LogSource source;
  source.product = selector.product;
  if (!selector.category.empty()) source.categories = {selector.category};
  if (!selector.service.empty()) source.services = {selector.service};
  return source;
}

// True when the plan of the rule's own log source evaluates it for every event.
bool is_without_guard(const sigma::Rule& parsed, const LogSourceSelector& log_source,
                      const compile::CompileOptions& options) {
  FieldCatalog fields;
  plan::RuleSetBuilder builder(fields);
  compile::CompiledRule compiled;
  if (compile::compile_rule(parsed, options, fields, builder, compiled)) return false;
  plan::Rule rule;
  rule.id = "rule";
  rule.title = "rule";
  rule.log_source = log_source;
  rule.root = compiled.root;
  builder.add_rule(std::move(rule));
  const plan::RuleSet rules = builder.build();
  const FieldId event_id = fields.intern("EventID");
  const plan::PlanBuilder plans(rules, event_id, plan::LiteralFrequency(fields));
  const plan::Plan plan = plans.build(source_of(log_source), {});
  return !plan.rules.empty() && plan.rules[0].guards.empty();
}

}  // namespace

void check_cost(Document& document, const compile::CompileOptions& options) {
  sigma::ParsedRule parsed;
  if (!document.rule().problems.empty() || document.rule().conditions.empty()) return;
  if (sigma::parse_rule(document.root(), parsed)) return;
  if (!is_without_guard(parsed.rule, document.rule().log_source, options)) return;
  document.add(kSlowRule, document.span_of(*document.rule().conditions[0].node),
               "slow: no text has to be in an event for the rule to match, so every event of its "
               "log source is evaluated; add a value that must be there");
}

}  // namespace catena::lint
