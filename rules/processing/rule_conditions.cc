// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include "engine/base/text_fold.h"
#include "rules/processing/processing_condition.h"
#include "rules/sigma/filter.h"

namespace catena::processing {
namespace {

using compile::DetectionNode;
using compile::ModifiedValue;
using compile::ResolvedItem;

// Of a correlation: one of the rules below it has the log source.
class LogSourceCondition : public RuleCondition {
 public:
  explicit LogSourceCondition(YamlKeys& keys)
      : wanted_{folded(keys.text_or("product", "")), folded(keys.text_or("category", "")),
                folded(keys.text_or("service", ""))} {
    if (wanted_.product.empty() && wanted_.category.empty() && wanted_.service.empty()) {
      keys.fail(keys.node(), "the condition names no product, category or service");
    }
  }
  bool holds(ProcessingContext& context) const override {
    if (!context.correlation) return sigma::contains(wanted_, context.rule.log_source);
    const auto sources = context.correlation->log_sources;
    return std::any_of(sources.begin(), sources.end(), [this](const sigma::LogSource& source) {
      return sigma::contains(wanted_, source);
    });
  }

 private:
  sigma::LogSource wanted_;
};

template <typename Wanted>
bool some_item(const DetectionNode& node, const Wanted& wanted) {
  if (node.kind == DetectionNode::Kind::kItem) return wanted(node.item);
  return std::any_of(node.children.begin(), node.children.end(),
                     [&](const DetectionNode& child) { return some_item(child, wanted); });
}

template <typename Wanted>
bool some_item(const compile::ResolvedRule& rule, const Wanted& wanted) {
  return std::any_of(rule.identifiers.begin(), rule.identifiers.end(), [&](const auto& identifier) {
    return some_item(identifier.detection, wanted);
  });
}

class ContainsFieldCondition : public RuleCondition {
 public:
  explicit ContainsFieldCondition(YamlKeys& keys) : field_(keys.text("field")) {}
  bool holds(ProcessingContext& context) const override {
    return some_item(context.rule, [this](const ResolvedItem& item) {
      return !item.is_keyword() && item.field == field_;
    });
  }

 private:
  std::string field_;
};

class ContainsItemCondition : public RuleCondition {
 public:
  explicit ContainsItemCondition(YamlKeys& keys)
      : field_(keys.text("field")), value_(keys.scalar("value")) {}
  bool holds(ProcessingContext& context) const override {
    return some_item(context.rule, [this](const ResolvedItem& item) {
      return !item.is_keyword() && item.field == field_ && has_value(item);
    });
  }

 private:
  bool has_value(const ResolvedItem& item) const {
    for (const compile::ResolvedValue& value : item.values) {
      for (const ModifiedValue& variant : value.variants) {
        if (equals(variant, value_)) return true;
      }
    }
    return false;
  }

  std::string field_;
  Scalar value_;
};

class ItemAppliedCondition : public RuleCondition {
 public:
  explicit ItemAppliedCondition(YamlKeys& keys) : id_(keys.text("processing_item_id")) {}
  bool holds(ProcessingContext& context) const override {
    return context.applied_to_rule.contains(id_);
  }

 private:
  std::string id_;
};

class RuleStateCondition : public RuleCondition {
 public:
  explicit RuleStateCondition(YamlKeys& keys) : wanted_(keys) {}
  bool holds(ProcessingContext& context) const override { return wanted_.holds(context); }

 private:
  StateComparison wanted_;
};

class CorrelationCondition : public RuleCondition {
 public:
  explicit CorrelationCondition(bool is_correlation) : is_correlation_(is_correlation) {}
  bool holds(ProcessingContext& context) const override {
    return context.correlation.has_value() == is_correlation_;
  }

 private:
  bool is_correlation_;
};

class TagCondition : public RuleCondition {
 public:
  explicit TagCondition(YamlKeys& keys) : tag_(folded(keys.text("tag"))) {}
  bool holds(ProcessingContext& context) const override {
    const auto& tags = context.rule.source->tags;
    return std::find(tags.begin(), tags.end(), tag_) != tags.end();
  }

 private:
  std::string tag_;
};

// The place of a level or status in its order; 0 when it is none.
int rank(const std::string& attribute, const std::string& value) {
  constexpr std::array<std::string_view, 5> kLevels = {"informational", "low", "medium", "high",
                                                       "critical"};
  constexpr std::array<std::string_view, 5> kStatuses = {"unsupported", "deprecated",
                                                         "experimental", "test", "stable"};
  const auto& names = attribute == "level" ? kLevels : kStatuses;
  const auto found = std::find(names.begin(), names.end(), folded(value));
  return found == names.end() ? 0 : static_cast<int>(found - names.begin()) + 1;
}

bool is_date(std::string_view text) noexcept {
  constexpr std::string_view kForm = "dddd-dd-dd";
  return text.size() == kForm.size() &&
         std::equal(text.begin(), text.end(), kForm.begin(), [](char c, char form) {
           return form == '-' ? c == '-' : c >= '0' && c <= '9';
         });
}

class AttributeCondition : public RuleCondition {
 public:
  explicit AttributeCondition(YamlKeys& keys)
      : name_(keys.text("attribute")), value_(keys.scalar("value")) {
    const std::string op =
        keys.choice("op", {"eq", "ne", "gte", "gt", "lte", "lt", "in", "not_in"}, "eq");
    is_membership_ = op == "in" || op == "not_in";
    negated_ = op == "not_in";
    if (!is_membership_) relation_ = parse_relation(op).value_or(Relation::kEqual);
    if (is_ranked() && rank(name_, value_.text) == 0) {
      keys.fail(*keys.node().find("value"), "'" + value_.text + "' is no " + name_);
    }
    if (is_dated() && !is_date(value_.text)) {
      keys.fail(*keys.node().find("value"), "'" + value_.text + "' is not a date (YYYY-MM-DD)");
    }
  }

  bool holds(ProcessingContext& context) const override {
    const sigma::Attribute* attribute = context.attribute(name_);
    if (attribute == nullptr) return false;
    if (attribute->kind == sigma::Attribute::Kind::kList) return holds_for_list(*attribute);
    if (is_membership_) {
      context.fail(context.rule.source->place,
                   "'in' and 'not_in' need a list, and the rule's '" + name_ + "' is none");
      return false;
    }
    return holds_for_scalar(context, *attribute);
  }

 private:
  bool is_ranked() const { return name_ == "level" || name_ == "status"; }
  bool is_dated() const { return name_ == "date" || name_ == "modified"; }

  // A list equals nothing and is in no order.
  bool holds_for_list(const sigma::Attribute& attribute) const {
    if (!is_membership_) return relation_ == Relation::kNotEqual;
    const bool found = std::any_of(
        attribute.values.begin(), attribute.values.end(), [this](const std::string& item) {
          return name_ == "tags" ? folded(item) == folded(value_.text) : item == value_.text;
        });
    return found != negated_;
  }

  bool holds_for_scalar(ProcessingContext& context, const sigma::Attribute& attribute) const {
    std::string own = attribute.values[0];
    if (is_ranked()) {
      return processing::holds(relation_, rank(name_, own) - rank(name_, value_.text));
    }
    if (is_dated()) {
      std::replace(own.begin(), own.end(), '/', '-');
      return processing::holds(relation_, own.compare(value_.text));
    }
    if (attribute.kind == sigma::Attribute::Kind::kNumber) {
      return processing::holds(
          relation_, compare({Scalar::Kind::kNumber, own}, {Scalar::Kind::kNumber, value_.text}));
    }
    if (relation_ != Relation::kEqual && relation_ != Relation::kNotEqual) {
      context.fail(context.rule.source->place,
                   "the rule's '" + name_ + "' is a text and has no order");
      return false;
    }
    return processing::holds(relation_, own.compare(value_.text));
  }

  std::string name_;
  Scalar value_;
  Relation relation_ = Relation::kEqual;
  bool is_membership_ = false;
  bool negated_ = false;
};

}  // namespace

std::unique_ptr<const RuleCondition> make_rule_condition(const std::string& type, YamlKeys& keys) {
  if (type == "logsource") return std::make_unique<LogSourceCondition>(keys);
  if (type == "contains_detection_item") return std::make_unique<ContainsItemCondition>(keys);
  if (type == "contains_field") return std::make_unique<ContainsFieldCondition>(keys);
  if (type == "processing_item_applied") return std::make_unique<ItemAppliedCondition>(keys);
  if (type == "processing_state") return std::make_unique<RuleStateCondition>(keys);
  if (type == "is_sigma_rule") return std::make_unique<CorrelationCondition>(false);
  if (type == "is_sigma_correlation_rule") return std::make_unique<CorrelationCondition>(true);
  if (type == "rule_attribute") return std::make_unique<AttributeCondition>(keys);
  if (type == "tag") return std::make_unique<TagCondition>(keys);
  return nullptr;
}

}  // namespace catena::processing
