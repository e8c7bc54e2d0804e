// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/processing/condition_set.h"
#include "rules/processing/processing_condition.h"
#include "rules/processing/processing_context.h"
#include "rules/processing/yaml_keys.h"

// A step of a processing pipeline: what it changes (Transformation) and when (ProcessingItem).
// Thread safety: const once read; a rule's own state is in the context.
namespace catena::processing {

struct ProcessingItem;

class Transformation {
 public:
  virtual ~Transformation() = default;
  // Changes context.rule. `item` has the conditions on detection items and field names; those on
  // the rule hold. What goes wrong is left in the context.
  virtual void apply(ProcessingContext& context, const ProcessingItem& item) const = 0;
};

struct ProcessingItem {
  std::string id;  // "" when the author gave none
  sigma::Place place;
  ConditionSet<RuleCondition> rule_conditions;
  ConditionSet<ItemCondition> item_conditions;
  ConditionSet<FieldCondition> field_conditions;
  std::unique_ptr<const Transformation> transformation;

  // Applies the transformation when the rule conditions hold.
  void apply(ProcessingContext& context) const;
  [[nodiscard]] bool matches(ProcessingContext& context, const compile::ResolvedItem& item) const;
  [[nodiscard]] bool matches_field(ProcessingContext& context, std::string_view field) const;
};

// Visits every detection item of the rule to which `item` applies.
class ItemTransformation : public Transformation {
 public:
  void apply(ProcessingContext& context, const ProcessingItem& item) const override;

 private:
  // Changes `node`, which is a detection item; true when it did. It may become a group, and an
  // empty group takes the item away.
  virtual bool apply_to(ProcessingContext& context, const ProcessingItem& item,
                        compile::DetectionNode& node) const = 0;
  void visit(ProcessingContext& context, const ProcessingItem& item, compile::DetectionNode& node,
             std::size_t depth) const;
};

// Steps that are read from the keys of a transformation. nullptr when `type` is not one of them;
// a problem with the keys is left in `keys`.
using MadeTransformation = std::unique_ptr<const Transformation>;
[[nodiscard]] MadeTransformation make_field_transformation(const std::string& type, YamlKeys& keys);
[[nodiscard]] MadeTransformation make_value_transformation(const std::string& type, YamlKeys& keys);
[[nodiscard]] MadeTransformation make_placeholder_transformation(const std::string& type,
                                                                 YamlKeys& keys);
[[nodiscard]] MadeTransformation make_item_transformation(const std::string& type, YamlKeys& keys);
[[nodiscard]] MadeTransformation make_rule_transformation(const std::string& type, YamlKeys& keys);

}  // namespace catena::processing
