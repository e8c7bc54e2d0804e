// SPDX-License-Identifier: Apache-2.0
#include "rules/compile/rule_resolver.h"

#include <cstddef>
#include <string>
#include <utility>

namespace catena::compile {
namespace {

using sigma::DiagnosticCode;
using sigma::Modifier;
using Problem = std::optional<sigma::RuleProblem>;

std::size_t bytes_of(const ModifiedValue& value) noexcept {
  return value.text.literal_bytes() + value.regex.size();
}

class RuleResolver {
 public:
  RuleResolver(const sigma::Rule& rule, const CompileOptions& options)
      : rule_(rule), options_(options) {}

  Problem run(ResolvedRule& resolved) {
    resolved.source = &rule_;
    resolved.log_source = rule_.log_source;
    resolved.conditions = rule_.conditions;
    resolved.identifiers.reserve(rule_.identifiers.size());
    for (const sigma::SearchIdentifier& identifier : rule_.identifiers) {
      ResolvedIdentifier made{identifier.name, {}, identifier.place};
      if (auto problem = resolve_alternatives(identifier, made.detection)) return problem;
      resolved.identifiers.push_back(std::move(made));
    }
    return std::nullopt;
  }

 private:
  Problem resolve_alternatives(const sigma::SearchIdentifier& identifier, DetectionNode& node) {
    if (identifier.alternatives.size() == 1) {
      return resolve_items(identifier.alternatives[0], node);
    }
    node.kind = DetectionNode::Kind::kAny;
    for (const std::vector<sigma::DetectionItem>& items : identifier.alternatives) {
      DetectionNode child;
      if (auto problem = resolve_items(items, child)) return problem;
      node.children.push_back(std::move(child));
    }
    return std::nullopt;
  }

  Problem resolve_items(const std::vector<sigma::DetectionItem>& items, DetectionNode& node) {
    node.kind = DetectionNode::Kind::kAll;
    node.children.reserve(items.size());
    for (const sigma::DetectionItem& item : items) {
      DetectionNode child;
      child.kind = DetectionNode::Kind::kItem;
      if (auto problem = resolve_item(item, options_, child.item)) return problem;
      if (auto problem = count(child.item)) return problem;
      node.children.push_back(std::move(child));
    }
    return std::nullopt;
  }

  // Predicates and bytes are counted again, exactly, when they are made; this bounds what stands in
  // memory before.
  Problem count(const ResolvedItem& item) {
    for (const ResolvedValue& value : item.values) {
      variants_ += value.variants.size();
      for (const ModifiedValue& variant : value.variants) bytes_ += bytes_of(variant);
      if (variants_ > kMaxPredicatesPerRule) return too_many_predicates(value.place);
      if (bytes_ > kMaxTextBytesPerRule) return too_much_text(value.place);
    }
    return std::nullopt;
  }

  const sigma::Rule& rule_;
  const CompileOptions& options_;
  std::size_t variants_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace

sigma::RuleProblem too_many_predicates(sigma::Place place) {
  return {DiagnosticCode::kLimit, place,
          "the rule has more than " + std::to_string(kMaxPredicatesPerRule) + " predicates"};
}

sigma::RuleProblem too_much_text(sigma::Place place) {
  return {DiagnosticCode::kLimit, place,
          "the rule's values are longer than " + std::to_string(kMaxTextBytesPerRule) + " bytes"};
}

std::optional<sigma::RuleProblem> resolve_item(const sigma::DetectionItem& item,
                                               const CompileOptions& options,
                                               ResolvedItem& resolved) {
  resolved.field = item.field;
  resolved.place = item.place;
  resolved.all = has_modifier(item, Modifier::kAll);
  resolved.negated = has_modifier(item, Modifier::kNotEqual);
  if (resolved.all && item.values.size() < 2) {
    return sigma::RuleProblem{DiagnosticCode::kAllWithOneValue, item.place,
                              "'all' needs a list of two values or more"};
  }
  resolved.values.reserve(item.values.size());
  for (const sigma::Value& value : item.values) {
    ResolvedValue made{{}, value.place, value.text == "*"};
    if (auto problem = apply_modifiers(item, value, options, made.variants)) return problem;
    resolved.values.push_back(std::move(made));
  }
  return std::nullopt;
}

std::optional<sigma::RuleProblem> resolve_rule(const sigma::Rule& rule,
                                               const CompileOptions& options,
                                               ResolvedRule& resolved) {
  resolved = {};
  return RuleResolver(rule, options).run(resolved);
}

}  // namespace catena::compile
