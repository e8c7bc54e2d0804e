// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "rules/processing/processing_condition.h"
#include "rules/processing/text_regex.h"

namespace catena::processing {
namespace {

using compile::ModifiedValue;
using compile::ResolvedItem;
using ValueKind = ModifiedValue::Kind;
using ValueScalar = ModifiedValue::Scalar;

// Asks every value of an item; `cond` says whether one suffices.
class ValueCondition : public ItemCondition {
 public:
  explicit ValueCondition(YamlKeys& keys) : all_(keys.choice("cond", {"any", "all"}) == "all") {}

  bool holds(ProcessingContext&, const ResolvedItem& item) const final {
    for (const compile::ResolvedValue& value : item.values) {
      for (const ModifiedValue& variant : value.variants) {
        if (holds_for(variant) != all_) return !all_;
      }
    }
    return all_;
  }

 private:
  [[nodiscard]] virtual bool holds_for(const ModifiedValue& value) const = 0;
  bool all_;
};

class MatchStringCondition : public ValueCondition {
 public:
  explicit MatchStringCondition(YamlKeys& keys)
      : ValueCondition(keys), pattern_(keys.regex("pattern")), negated_(keys.flag("negate")) {}

 private:
  bool holds_for(const ModifiedValue& value) const override {
    const bool matches = is_string(value) && pattern_.matches_start(value.text.to_plain());
    return matches != negated_;
  }
  TextRegex pattern_;
  bool negated_;
};

class MatchValueCondition : public ValueCondition {
 public:
  explicit MatchValueCondition(YamlKeys& keys)
      : ValueCondition(keys), value_(keys.scalar("value")) {}

 private:
  bool holds_for(const ModifiedValue& value) const override { return equals(value, value_); }
  Scalar value_;
};

class ContainsWildcardCondition : public ValueCondition {
 public:
  using ValueCondition::ValueCondition;

 private:
  bool holds_for(const ModifiedValue& value) const override {
    return is_string(value) && value.text.has_wildcard();
  }
};

class IsNullCondition : public ValueCondition {
 public:
  using ValueCondition::ValueCondition;

 private:
  bool holds_for(const ModifiedValue& value) const override {
    return value.kind == ValueKind::kNull;
  }
};

class ItemWasProcessedCondition : public ItemCondition {
 public:
  explicit ItemWasProcessedCondition(YamlKeys& keys) : id_(keys.text("processing_item_id")) {}
  bool holds(ProcessingContext&, const ResolvedItem& item) const override {
    return item.was_processed_by(id_);
  }

 private:
  std::string id_;
};

class ItemStateCondition : public ItemCondition {
 public:
  explicit ItemStateCondition(YamlKeys& keys) : wanted_(keys) {}
  bool holds(ProcessingContext& context, const ResolvedItem&) const override {
    return wanted_.holds(context);
  }

 private:
  StateComparison wanted_;
};

class FieldListCondition : public FieldCondition {
 public:
  FieldListCondition(YamlKeys& keys, bool exclude)
      : fields_(keys.texts("fields")), exclude_(exclude) {
    if (keys.choice("mode", {"plain", "re"}, "plain") == "plain") return;
    for (const std::string& field : fields_) {
      auto pattern = TextRegex::compile(field);
      if (!pattern.ok()) {
        keys.fail(*keys.node().find("fields"), pattern.status().message());
        return;
      }
      patterns_.push_back(*std::move(pattern));
    }
    fields_.clear();
  }

  bool holds(ProcessingContext&, std::string_view field) const override {
    return (!field.empty() && is_listed(field)) != exclude_;
  }

 private:
  bool is_listed(std::string_view field) const {
    return std::find(fields_.begin(), fields_.end(), field) != fields_.end() ||
           std::any_of(patterns_.begin(), patterns_.end(),
                       [field](const TextRegex& regex) { return regex.matches_start(field); });
  }

  std::vector<std::string> fields_;
  std::vector<TextRegex> patterns_;
  bool exclude_;
};

class FieldWasProcessedCondition : public FieldCondition {
 public:
  explicit FieldWasProcessedCondition(YamlKeys& keys) : id_(keys.text("processing_item_id")) {}
  bool holds(ProcessingContext& context, std::string_view field) const override {
    const auto found = context.applied_to_field.find(field);
    return found != context.applied_to_field.end() && found->second.contains(id_);
  }
  bool holds_for(ProcessingContext&, const ResolvedItem& item) const override {
    return item.was_processed_by(id_);
  }

 private:
  std::string id_;
};

class FieldStateCondition : public FieldCondition {
 public:
  explicit FieldStateCondition(YamlKeys& keys) : wanted_(keys) {}
  bool holds(ProcessingContext& context, std::string_view) const override {
    return wanted_.holds(context);
  }

 private:
  StateComparison wanted_;
};

}  // namespace

bool is_string(const ModifiedValue& value) noexcept {
  return value.kind == ValueKind::kText && value.scalar == ValueScalar::kString;
}

bool equals(const ModifiedValue& value, const Scalar& scalar) {
  if (scalar.kind == Scalar::Kind::kNull) return value.kind == ValueKind::kNull;
  if (value.kind != ValueKind::kText) return false;
  switch (scalar.kind) {
    case Scalar::Kind::kText:
      return value.scalar == ValueScalar::kString &&
             value.text == compile::TextPattern::parse(scalar.text);
    case Scalar::Kind::kNumber:
      return value.scalar == ValueScalar::kNumber &&
             compare({Scalar::Kind::kNumber, std::string(value.text.literal_text())}, scalar) == 0;
    default:
      return false;
  }
}

StateComparison::StateComparison(YamlKeys& keys)
    : key_(keys.text("key")),
      value_(keys.scalar("val")),
      relation_(parse_relation(keys.choice("op", {"eq", "ne", "gte", "gt", "lte", "lt"}, "eq"))
                    .value_or(Relation::kEqual)) {}

bool StateComparison::holds(const ProcessingContext& context) const {
  const auto found = context.state.find(key_);
  return found != context.state.end() &&
         processing::holds(relation_, compare(found->second, value_));
}

bool FieldCondition::holds_for(ProcessingContext& context, const ResolvedItem& item) const {
  if (holds(context, item.field)) return true;
  for (const compile::ResolvedValue& value : item.values) {
    for (const ModifiedValue& variant : value.variants) {
      if (variant.kind == ValueKind::kFieldReference && holds(context, variant.other_field)) {
        return true;
      }
    }
  }
  return false;
}

std::unique_ptr<const ItemCondition> make_item_condition(const std::string& type, YamlKeys& keys) {
  if (type == "match_string") return std::make_unique<MatchStringCondition>(keys);
  if (type == "match_value") return std::make_unique<MatchValueCondition>(keys);
  if (type == "contains_wildcard") return std::make_unique<ContainsWildcardCondition>(keys);
  if (type == "is_null") return std::make_unique<IsNullCondition>(keys);
  if (type == "processing_item_applied") return std::make_unique<ItemWasProcessedCondition>(keys);
  if (type == "processing_state") return std::make_unique<ItemStateCondition>(keys);
  return nullptr;
}

std::unique_ptr<const FieldCondition> make_field_condition(const std::string& type,
                                                           YamlKeys& keys) {
  if (type == "include_fields") return std::make_unique<FieldListCondition>(keys, false);
  if (type == "exclude_fields") return std::make_unique<FieldListCondition>(keys, true);
  if (type == "processing_item_applied") return std::make_unique<FieldWasProcessedCondition>(keys);
  if (type == "processing_state") return std::make_unique<FieldStateCondition>(keys);
  return nullptr;
}

}  // namespace catena::processing
