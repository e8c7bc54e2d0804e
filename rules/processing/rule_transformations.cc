// SPDX-License-Identifier: Apache-2.0
// Transformations of a rule as a whole: its condition, log source, attributes, state; or its end.
#include <utility>

#include "engine/base/text_fold.h"
#include "rules/compile/compile_options.h"
#include "rules/compile/rule_resolver.h"
#include "rules/processing/transformation.h"
#include "rules/sigma/detection_parser.h"
#include "rules/sigma/rule_parser.h"

namespace catena::processing {
namespace {

using compile::DetectionNode;
using sigma::ConditionNode;
using yaml::YamlEntry;
using yaml::YamlNode;

constexpr std::size_t kMaxAddedItems = 1'000;

// "$product", "${service}", "$$"; anything else stays as it is.
std::string filled_in(const std::string& text, const sigma::LogSource& log_source) {
  const std::pair<std::string_view, const std::string*> names[] = {
      {"category", &log_source.category},
      {"product", &log_source.product},
      {"service", &log_source.service}};
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '$') {
      result += text[i];
      continue;
    }
    const std::string_view rest = std::string_view(text).substr(i + 1);
    if (rest.starts_with('$')) {
      result += '$';
      ++i;
      continue;
    }
    const bool braces = rest.starts_with('{');
    bool replaced = false;
    for (const auto& [name, value] : names) {
      const std::string_view after = rest.substr(braces ? 1 : 0);
      if (!after.starts_with(name)) continue;
      const char next = after.size() > name.size() ? after[name.size()] : '\0';
      const bool word = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') ||
                        (next >= '0' && next <= '9') || next == '_';
      if (braces ? next != '}' : word) continue;
      result += *value;
      i += name.size() + (braces ? 2 : 0);
      replaced = true;
      break;
    }
    if (!replaced) result += '$';
  }
  return result;
}

class AddCondition : public Transformation {
 public:
  explicit AddCondition(YamlKeys& keys)
      : name_(keys.text_or("name", "_cond")),
        template_(keys.flag("template")),
        negated_(keys.flag("negated")) {
    const YamlNode* conditions = keys.mapping("conditions");
    if (conditions == nullptr) return;
    if (conditions->entries().empty()) keys.fail(*conditions, "'conditions' is empty");
    if (conditions->entries().size() > kMaxAddedItems) {
      keys.fail(*conditions, "more than " + std::to_string(kMaxAddedItems) + " conditions");
      return;
    }
    for (const YamlEntry& entry : conditions->entries()) {
      sigma::DetectionItem item;
      if (auto problem = sigma::parse_item(entry, item)) keys.fail(*std::move(problem));
      items_.push_back(std::move(item));
      compile::ResolvedItem resolved;
      if (keys.failed()) return;
      if (auto problem = compile::resolve_item(items_.back(), {}, resolved)) {
        keys.fail(*std::move(problem));
      }
    }
  }

  void apply(ProcessingContext& context, const ProcessingItem& item) const override {
    if (context.rule.identifiers.size() >= sigma::kMaxIdentifiersPerRule) {
      return context.fail(context.rule.source->place,
                          "with added conditions the rule has more than " +
                              std::to_string(sigma::kMaxIdentifiersPerRule) + " search identifiers",
                          sigma::DiagnosticCode::kLimit);
    }
    compile::ResolvedIdentifier added{name_, {}, context.rule.source->place};
    for (const sigma::DetectionItem& written : items_) {
      DetectionNode node;
      if (!resolve(context, written, node.item)) return;
      node.kind = DetectionNode::Kind::kItem;
      if (!item.id.empty()) node.item.applied.push_back(item.id);
      added.detection.children.push_back(std::move(node));
    }
    const auto index = static_cast<std::uint32_t>(context.rule.identifiers.size());
    context.rule.identifiers.push_back(std::move(added));
    for (sigma::Condition& condition : context.rule.conditions) extend(index, condition);
  }

 private:
  // In the rule's file these places mean nothing.
  bool resolve(ProcessingContext& context, sigma::DetectionItem item,
               compile::ResolvedItem& resolved) const {
    item.place = context.rule.source->place;
    std::size_t bytes = 0;
    for (sigma::Value& value : item.values) {
      value.place = item.place;
      if (template_ && value.kind == sigma::Value::Kind::kText) {
        value.text = filled_in(value.text, context.rule.log_source);
      }
      bytes += value.text.size();
    }
    if (auto problem = compile::resolve_item(item, {}, resolved)) {
      context.problem = std::move(problem);
      return false;
    }
    return context.grow(item.values.size(), bytes, item.place);
  }

  // "name and (condition)", or "not name and (condition)".
  void extend(std::uint32_t identifier, sigma::Condition& condition) const {
    const auto add = [&condition](ConditionNode node) {
      condition.nodes.push_back(std::move(node));
      return static_cast<std::uint32_t>(condition.nodes.size() - 1);
    };
    ConditionNode name;
    name.name = name_;
    name.identifiers = {identifier};
    std::uint32_t added = add(std::move(name));
    if (negated_) {
      ConditionNode negation;
      negation.kind = ConditionNode::Kind::kNot;
      negation.children = {added};
      added = add(std::move(negation));
    }
    ConditionNode both;
    both.kind = ConditionNode::Kind::kAnd;
    both.children = {added, condition.root};
    condition.root = add(std::move(both));
  }

  std::string name_;
  bool template_;
  bool negated_;
  std::vector<sigma::DetectionItem> items_;
};

class ChangeLogSource : public Transformation {
 public:
  explicit ChangeLogSource(YamlKeys& keys)
      : log_source_{folded(keys.text_or("product", "")), folded(keys.text_or("category", "")),
                    folded(keys.text_or("service", ""))} {
    if (log_source_.product.empty() && log_source_.category.empty() &&
        log_source_.service.empty()) {
      keys.fail(keys.node(), "the new log source names no product, category or service");
    }
  }
  void apply(ProcessingContext& context, const ProcessingItem&) const override {
    context.rule.log_source = log_source_;
  }

 private:
  sigma::LogSource log_source_;
};

class SetState : public Transformation {
 public:
  explicit SetState(YamlKeys& keys) : key_(keys.text("key")), value_(keys.scalar("val")) {}
  void apply(ProcessingContext& context, const ProcessingItem&) const override {
    context.state.insert_or_assign(key_, value_);
  }

 private:
  std::string key_;
  Scalar value_;
};

class SetCustomAttribute : public Transformation {
 public:
  explicit SetCustomAttribute(YamlKeys& keys) : name_(keys.text("attribute")) {
    const Scalar value = keys.scalar("value");
    if (value.kind == Scalar::Kind::kNumber) value_.kind = sigma::Attribute::Kind::kNumber;
    if (value.kind == Scalar::Kind::kBool) value_.kind = sigma::Attribute::Kind::kBool;
    value_.values = {value.text};
  }
  void apply(ProcessingContext& context, const ProcessingItem&) const override {
    context.rule.attributes.insert_or_assign(name_, value_);
  }

 private:
  std::string name_;
  sigma::Attribute value_;
};

class RuleFailure : public Transformation {
 public:
  explicit RuleFailure(YamlKeys& keys) : message_(keys.text("message")) {}
  void apply(ProcessingContext& context, const ProcessingItem&) const override {
    context.fail(context.rule.source->place, "refused by a processing pipeline: " + message_);
  }

 private:
  std::string message_;
};

}  // namespace

MadeTransformation make_rule_transformation(const std::string& type, YamlKeys& keys) {
  if (type == "add_condition") return std::make_unique<AddCondition>(keys);
  if (type == "change_logsource") return std::make_unique<ChangeLogSource>(keys);
  if (type == "set_state") return std::make_unique<SetState>(keys);
  if (type == "set_custom_attribute") return std::make_unique<SetCustomAttribute>(keys);
  if (type == "rule_failure") return std::make_unique<RuleFailure>(keys);
  return nullptr;
}

}  // namespace catena::processing
