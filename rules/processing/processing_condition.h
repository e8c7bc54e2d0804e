// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "rules/compile/resolved_rule.h"
#include "rules/processing/processing_context.h"
#include "rules/processing/yaml_keys.h"

// The conditions under which an item of a processing pipeline applies: to a rule, to a detection
// item, to a field name. Their names, keys and meaning are pySigma's.
// Thread safety: const; what goes wrong is left in the context.
namespace catena::processing {

class RuleCondition {
 public:
  virtual ~RuleCondition() = default;
  [[nodiscard]] virtual bool holds(ProcessingContext& context) const = 0;
};

class ItemCondition {
 public:
  virtual ~ItemCondition() = default;
  [[nodiscard]] virtual bool holds(ProcessingContext& context,
                                   const compile::ResolvedItem& item) const = 0;
};

class FieldCondition {
 public:
  virtual ~FieldCondition() = default;
  // `field` is "" for keywords.
  [[nodiscard]] virtual bool holds(ProcessingContext& context, std::string_view field) const = 0;
  // Of the item's field, or of a field that one of its values refers to.
  [[nodiscard]] virtual bool holds_for(ProcessingContext& context,
                                       const compile::ResolvedItem& item) const;
};

// A state that an earlier item has set, compared with a value.
class StateComparison {
 public:
  explicit StateComparison(YamlKeys& keys);
  [[nodiscard]] bool holds(const ProcessingContext& context) const;

 private:
  std::string key_;
  Scalar value_;
  Relation relation_ = Relation::kEqual;
};

// Written as a text: a number or a boolean is compared as text too, but is none to a pipeline.
[[nodiscard]] bool is_string(const compile::ModifiedValue& value) noexcept;
// A text is equal to the pattern that `scalar` says, a number to a number.
[[nodiscard]] bool equals(const compile::ModifiedValue& value, const Scalar& scalar);

// Makes the condition of this `type` from the keys; nullptr for a type that there is
// not. Wrong keys are left as a problem in `keys`.
[[nodiscard]] std::unique_ptr<const RuleCondition> make_rule_condition(const std::string& type,
                                                                       YamlKeys& keys);
[[nodiscard]] std::unique_ptr<const ItemCondition> make_item_condition(const std::string& type,
                                                                       YamlKeys& keys);
[[nodiscard]] std::unique_ptr<const FieldCondition> make_field_condition(const std::string& type,
                                                                         YamlKeys& keys);

}  // namespace catena::processing
