// SPDX-License-Identifier: Apache-2.0
// Transformations that give fields other names.
#include <algorithm>
#include <optional>
#include <utility>

#include "rules/processing/transformation.h"
#include "rules/sigma/correlation_parser.h"

namespace catena::processing {
namespace {

using compile::DetectionNode;
using compile::ModifiedValue;
using compile::ResolvedItem;
using compile::ResolvedValue;
using yaml::YamlEntry;
using yaml::YamlNode;

using Names = std::vector<std::string>;

// What every field transformation does with the names that rename() gives: fields of items, fields
// that values refer to, and the rule's list of fields. Several names for one are alternatives.
class FieldTransformation : public Transformation {
 public:
  void apply(ProcessingContext& context, const ProcessingItem& item) const final {
    Names renamed;
    for (const std::string& field : context.fields.values) {
      for (std::string& name : rename_field(context, item, field)) {
        renamed.push_back(std::move(name));
      }
    }
    context.fields.values = std::move(renamed);
    if (context.correlation) rename_correlation(context, item);
    items_.apply(context, item);
  }

 protected:
  FieldTransformation() : items_(*this) {}

 private:
  // nullopt leaves the name; `field` is "" for keywords.
  [[nodiscard]] virtual std::optional<Names> rename(const std::string& field) const = 0;

  Names rename_field(ProcessingContext& context, const ProcessingItem& item,
                     const std::string& field) const {
    auto names = rename(field);
    if (!names || !item.matches_field(context, field)) return {field};
    track(context, item, field, *names);
    return *std::move(names);
  }

  // The fields of a correlation, as pySigma has it: one that it groups by may become several, which
  // are grouped by together; one that is compared or aliased must stay one. The name of an alias is
  // no field.
  void rename_correlation(ProcessingContext& context, const ProcessingItem& item) const {
    sigma::CorrelationRule& rule = context.correlation->rule;
    const auto is_alias = [&](const std::string& name) {
      return std::any_of(rule.aliases.begin(), rule.aliases.end(),
                         [&](const auto& alias) { return alias.alias.name == name; });
    };
    if (!rule.group_by.empty()) {
      for (sigma::CorrelationAlias& alias : rule.aliases) {
        for (auto& mapping : alias.mappings) {
          rename_single(context, item, mapping.field, mapping.rule.place);
        }
      }
      std::vector<sigma::Named> grouped;
      for (sigma::Named& field : rule.group_by) {
        if (is_alias(field.name)) {
          grouped.push_back(std::move(field));
          continue;
        }
        for (std::string& name : rename_field(context, item, field.name)) {
          grouped.push_back({std::move(name), field.place});
        }
      }
      rule.group_by = std::move(grouped);
      if (rule.group_by.size() > sigma::kMaxCorrelationFields) {
        context.fail(rule.place,
                     "the processing pipelines make more than " +
                         std::to_string(sigma::kMaxCorrelationFields) + " fields to group by",
                     sigma::DiagnosticCode::kLimit);
      }
    }
    for (sigma::Named& field : rule.value_fields) {
      if (!is_alias(field.name)) rename_single(context, item, field.name, field.place);
    }
  }

  void rename_single(ProcessingContext& context, const ProcessingItem& item, std::string& field,
                     sigma::Place place) const {
    Names names = rename_field(context, item, field);
    if (names.size() == 1) {
      field = std::move(names[0]);
      return;
    }
    context.fail(place, "a processing pipeline makes several fields of '" + field +
                            "', which the correlation compares or aliases");
  }

  static void track(ProcessingContext& context, const ProcessingItem& item,
                    const std::string& field, const Names& names) {
    if (names.size() == 1 && names[0] == field) return;
    auto node = context.applied_to_field.extract(field);
    std::set<std::string> applied;
    if (!node.empty()) applied = std::move(node.mapped());
    if (!item.id.empty()) applied.insert(item.id);
    for (const std::string& name : names) context.applied_to_field[name] = applied;
  }

  bool apply_to(ProcessingContext& context, const ProcessingItem& item, DetectionNode& node) const {
    const bool referred = rename_references(context, item, node.item);
    auto names = rename(node.item.field);
    if (!names || !item.matches_field(context, node.item.field)) return referred;
    context.mapped_from.insert(node.item.field);
    context.mapped_to.insert(names->begin(), names->end());
    if (node.item.is_keyword()) open_values(node.item);
    if (names->size() == 1) {
      node.item.field = std::move((*names)[0]);
      return true;
    }
    return split(context, *names, node);
  }

  // A keyword is searched in a value, and so it is in the field that takes its place.
  static void open_values(ResolvedItem& item) {
    for (ResolvedValue& value : item.values) {
      for (ModifiedValue& variant : value.variants) {
        if (!is_string(variant)) continue;
        variant.text.open_start();
        variant.text.open_end();
      }
    }
  }

  bool rename_references(ProcessingContext& context, const ProcessingItem& item,
                         ResolvedItem& detection) const {
    bool changed = false;
    for (ResolvedValue& value : detection.values) {
      std::vector<ModifiedValue> variants;
      for (ModifiedValue& variant : value.variants) {
        if (variant.kind != ModifiedValue::Kind::kFieldReference ||
            !item.matches_field(context, variant.other_field)) {
          variants.push_back(std::move(variant));
          continue;
        }
        changed = true;
        for (std::string& name : rename_field(context, item, variant.other_field)) {
          if (!context.grow(1, name.size(), value.place)) return changed;
          variants.push_back(variant);
          variants.back().other_field = std::move(name);
        }
      }
      value.variants = std::move(variants);
    }
    return changed;
  }

  static bool split(ProcessingContext& context, const Names& names, DetectionNode& node) {
    std::size_t values = 0;
    std::size_t bytes = 0;
    for (const ResolvedValue& value : node.item.values) {
      values += value.variants.size();
      for (const ModifiedValue& variant : value.variants) bytes += variant.text.literal_bytes();
    }
    const std::size_t copies = names.size() - 1;
    if (!context.grow(values * copies, bytes * copies, node.item.place)) return false;
    DetectionNode group;
    group.kind = DetectionNode::Kind::kAny;
    for (const std::string& name : names) {
      DetectionNode child;
      child.kind = DetectionNode::Kind::kItem;
      child.item = node.item;
      child.item.field = name;
      group.children.push_back(std::move(child));
    }
    node = std::move(group);
    return true;
  }

  // The walk over the items, of which this class is the step.
  class Items : public ItemTransformation {
   public:
    explicit Items(const FieldTransformation& owner) : owner_(owner) {}

   private:
    bool apply_to(ProcessingContext& context, const ProcessingItem& item,
                  DetectionNode& node) const override {
      return owner_.apply_to(context, item, node);
    }
    const FieldTransformation& owner_;
  };
  Items items_;
};

constexpr std::size_t kMaxMappedFields = 64;  // names that one field may become
constexpr std::size_t kMaxMappings = 10'000;  // fields of one mapping

// "field: name" or "field: [names]"; the field "" is that of keywords, written as null.
std::vector<std::pair<std::string, Names>> read_mapping(YamlKeys& keys) {
  std::vector<std::pair<std::string, Names>> mapping;
  const YamlNode* node = keys.mapping("mapping");
  if (node == nullptr) return mapping;
  if (node->entries().size() > kMaxMappings) {
    keys.fail(*node, "more than " + std::to_string(kMaxMappings) + " fields");
    return mapping;
  }
  for (const YamlEntry& entry : node->entries()) {
    Names names;
    if (entry.value.is_scalar() && !entry.value.is_null()) names.push_back(entry.value.text());
    for (const YamlNode& name : entry.value.items()) names.push_back(name.text());
    const bool empty = std::find(names.begin(), names.end(), "") != names.end();
    if (names.empty() || empty || entry.value.is_mapping()) {
      keys.fail(entry.value, "a field is mapped to a name or to a list of names");
    }
    if (names.size() > kMaxMappedFields) {
      keys.fail(entry.value,
                "a field is mapped to more than " + std::to_string(kMaxMappedFields) + " names");
    }
    mapping.emplace_back(entry.key.is_null() ? "" : entry.key.text(), std::move(names));
  }
  return mapping;
}

class FieldNameMapping : public FieldTransformation {
 public:
  explicit FieldNameMapping(YamlKeys& keys) {
    for (auto& [field, names] : read_mapping(keys)) mapping_[field] = std::move(names);
  }

 private:
  std::optional<Names> rename(const std::string& field) const override {
    const auto found = mapping_.find(field);
    if (found == mapping_.end()) return std::nullopt;
    return found->second;
  }
  std::map<std::string, Names> mapping_;
};

// The first prefix, in the order written, that the field starts with.
class FieldNamePrefixMapping : public FieldTransformation {
 public:
  explicit FieldNamePrefixMapping(YamlKeys& keys) : mapping_(read_mapping(keys)) {
    for (const auto& [prefix, names] : mapping_) {
      if (prefix.empty()) keys.fail(keys.node(), "null is no prefix of a field name");
    }
  }

 private:
  std::optional<Names> rename(const std::string& field) const override {
    if (field.empty()) return std::nullopt;
    for (const auto& [prefix, names] : mapping_) {
      if (!field.starts_with(prefix)) continue;
      Names renamed = names;
      for (std::string& name : renamed) name += field.substr(prefix.size());
      return renamed;
    }
    return std::nullopt;
  }
  std::vector<std::pair<std::string, Names>> mapping_;
};

class FieldNameAffix : public FieldTransformation {
 public:
  FieldNameAffix(std::string prefix, std::string suffix)
      : prefix_(std::move(prefix)), suffix_(std::move(suffix)) {}

 private:
  std::optional<Names> rename(const std::string& field) const override {
    if (field.empty()) return std::nullopt;
    return Names{prefix_ + field + suffix_};
  }
  std::string prefix_;
  std::string suffix_;
};

// add_field, remove_field, set_field: the rule's own list of fields, which decides nothing but what
// `rule_attribute` and field conditions of later items see.
class FieldList : public Transformation {
 public:
  enum class Change { kAdd, kRemove, kSet };
  FieldList(Change change, Names fields) : change_(change), fields_(std::move(fields)) {}

  void apply(ProcessingContext& context, const ProcessingItem&) const override {
    Names& list = context.fields.values;
    if (change_ == Change::kSet) list.clear();
    if (change_ != Change::kRemove) {
      list.insert(list.end(), fields_.begin(), fields_.end());
      return;
    }
    for (const std::string& field : fields_) {
      if (const auto at = std::find(list.begin(), list.end(), field); at != list.end()) {
        list.erase(at);
      }
    }
  }

 private:
  Change change_;
  Names fields_;
};

// Refuses a rule with a field that no mapping before has named or made.
class StrictFieldMapping : public Transformation {
 public:
  void apply(ProcessingContext& context, const ProcessingItem&) const override {
    Names unmapped;
    for (const compile::ResolvedIdentifier& identifier : context.rule.identifiers) {
      collect(context, identifier.detection, unmapped);
    }
    if (unmapped.empty()) return;
    std::string names;
    for (const std::string& name : unmapped) names += (names.empty() ? "" : ", ") + name;
    context.fail(context.rule.source->place, "the pipeline maps no field: " + names);
  }

 private:
  static void collect(const ProcessingContext& context, const DetectionNode& node,
                      Names& unmapped) {
    for (const DetectionNode& child : node.children) collect(context, child, unmapped);
    const std::string& field = node.item.field;
    if (node.kind != DetectionNode::Kind::kItem || field.empty() ||
        context.mapped_from.contains(field) || context.mapped_to.contains(field) ||
        std::find(unmapped.begin(), unmapped.end(), field) != unmapped.end()) {
      return;
    }
    unmapped.push_back(field);
  }
};

}  // namespace

MadeTransformation make_field_transformation(const std::string& type, YamlKeys& keys) {
  if (type == "field_name_mapping") return std::make_unique<FieldNameMapping>(keys);
  if (type == "field_name_prefix_mapping") return std::make_unique<FieldNamePrefixMapping>(keys);
  if (type == "field_name_prefix") {
    return std::make_unique<FieldNameAffix>(keys.text("prefix"), "");
  }
  if (type == "field_name_suffix") {
    return std::make_unique<FieldNameAffix>("", keys.text("suffix"));
  }
  if (type == "add_field") {
    return std::make_unique<FieldList>(FieldList::Change::kAdd, keys.texts("field"));
  }
  if (type == "remove_field") {
    return std::make_unique<FieldList>(FieldList::Change::kRemove, keys.texts("field"));
  }
  if (type == "set_field") {
    return std::make_unique<FieldList>(FieldList::Change::kSet, keys.texts("fields"));
  }
  if (type == "strict_field_mapping_failure") return std::make_unique<StrictFieldMapping>();
  return nullptr;
}

}  // namespace catena::processing
