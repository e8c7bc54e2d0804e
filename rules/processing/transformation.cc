// SPDX-License-Identifier: Apache-2.0
#include "rules/processing/transformation.h"

namespace catena::processing {
namespace {

using compile::DetectionNode;

// Every item below, since one step may make a group of an item.
void mark(DetectionNode& node, const std::string& id) {
  if (id.empty()) return;
  if (node.kind == DetectionNode::Kind::kItem && !node.item.was_processed_by(id)) {
    node.item.applied.push_back(id);
  }
  for (DetectionNode& child : node.children) mark(child, id);
}

}  // namespace

void ProcessingItem::apply(ProcessingContext& context) const {
  // Without a condition there is nothing that `or` or a negation could say.
  const bool holds = rule_conditions.conditions.empty() ||
                     rule_conditions.evaluate([&context](const RuleCondition& condition) {
                       return condition.holds(context);
                     });
  if (!holds || context.failed()) return;
  transformation->apply(context, *this);
  if (!id.empty()) context.applied_to_rule.insert(id);
}

bool ProcessingItem::matches(ProcessingContext& context, const compile::ResolvedItem& item) const {
  return item_conditions.evaluate([&](const ItemCondition& condition) {
    return condition.holds(context, item);
  }) && field_conditions.evaluate([&](const FieldCondition& condition) {
    return condition.holds_for(context, item);
  });
}

bool ProcessingItem::matches_field(ProcessingContext& context, std::string_view field) const {
  return field_conditions.evaluate(
      [&](const FieldCondition& condition) { return condition.holds(context, field); });
}

void ItemTransformation::apply(ProcessingContext& context, const ProcessingItem& item) const {
  for (compile::ResolvedIdentifier& identifier : context.rule.identifiers) {
    visit(context, item, identifier.detection, 0);
  }
}

void ItemTransformation::visit(ProcessingContext& context, const ProcessingItem& item,
                               DetectionNode& node, std::size_t depth) const {
  if (context.failed()) return;
  if (depth > kMaxDetectionDepth) {
    return context.fail(node.item.place, "the pipelines nest the rule's detections too deeply",
                        sigma::DiagnosticCode::kLimit);
  }
  if (node.kind == DetectionNode::Kind::kItem) {
    if (item.matches(context, node.item) && apply_to(context, item, node)) mark(node, item.id);
    return;
  }
  for (DetectionNode& child : node.children) visit(context, item, child, depth + 1);
  std::erase_if(node.children, [](const DetectionNode& child) {
    return child.kind != DetectionNode::Kind::kItem && child.children.empty();
  });
}

}  // namespace catena::processing
