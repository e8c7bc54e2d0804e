// SPDX-License-Identifier: Apache-2.0
// Transformations that take detection items away, take them apart, or refuse them.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "engine/base/text_fold.h"
#include "rules/processing/transformation.h"

namespace catena::processing {
namespace {

using compile::DetectionNode;
using compile::ModifiedValue;
using compile::ResolvedItem;
using compile::ResolvedValue;
using compile::TextPattern;

// Every value as its plain text, or nullopt when one is not a text.
std::optional<std::vector<std::string>> plain_texts(const ResolvedItem& item) {
  std::vector<std::string> texts;
  for (const ResolvedValue& value : item.values) {
    for (const ModifiedValue& variant : value.variants) {
      if (!is_string(variant)) return std::nullopt;
      texts.push_back(variant.text.to_plain());
    }
  }
  return texts;
}

DetectionNode item_of(const std::string& field, sigma::Place place) {
  DetectionNode node;
  node.kind = DetectionNode::Kind::kItem;
  node.item.field = field;
  node.item.place = place;
  return node;
}

void add_value(ModifiedValue value, DetectionNode& node) {
  node.item.values.push_back({{std::move(value)}, node.item.place, false});
}

ModifiedValue text_value(std::string_view text) {
  ModifiedValue value;
  value.text = TextPattern::parse(text);
  return value;
}

class DropItem : public ItemTransformation {
 private:
  bool apply_to(ProcessingContext&, const ProcessingItem&, DetectionNode& node) const override {
    node = {};  // a group of nothing
    return true;
  }
};

class ItemFailure : public ItemTransformation {
 public:
  explicit ItemFailure(YamlKeys& keys) : message_(keys.text("message")) {}

 private:
  bool apply_to(ProcessingContext& context, const ProcessingItem&,
                DetectionNode& node) const override {
    context.fail(node.item.place, "refused by a processing pipeline: " + message_);
    return false;
  }
  std::string message_;
};

std::string stripped(std::string_view text, std::string_view characters) {
  const std::size_t start = text.find_first_not_of(characters);
  if (start == std::string_view::npos) return "";
  return std::string(text.substr(start, text.find_last_not_of(characters) - start + 1));
}

// "Hashes: [MD5=…, SHA1=…]" becomes one field for each kind of hash.
class HashesFields : public ItemTransformation {
 public:
  explicit HashesFields(YamlKeys& keys)
      : algorithms_(keys.texts("valid_hash_algos")),
        prefix_(keys.text_or("field_prefix", "")),
        drop_algorithm_(keys.flag("drop_algo_prefix")),
        fields_(
            keys.texts_if("field_to_parse").value_or(std::vector<std::string>{"Hashes", "Hash"})) {}

 private:
  bool apply_to(ProcessingContext& context, const ProcessingItem&,
                DetectionNode& node) const override {
    if (std::find(fields_.begin(), fields_.end(), node.item.field) == fields_.end()) return false;
    const auto texts = plain_texts(node.item);
    if (!texts) return false;
    DetectionNode group;
    group.kind = DetectionNode::Kind::kAny;
    for (const std::string& text : *texts) add(text, node.item.place, group);
    if (group.children.empty()) {
      std::string names;
      for (const std::string& name : algorithms_) names += (names.empty() ? "" : ", ") + name;
      context.fail(node.item.place,
                   "no value names a kind of hash that the pipeline knows: " + names);
      return false;
    }
    std::erase_if(group.children, [](const DetectionNode& child) {
      return child.item.field.empty() && child.item.values.empty();
    });
    node = std::move(group);
    return true;
  }

  void add(const std::string& text, sigma::Place place, DetectionNode& group) const {
    const char separator = text.find('|') != std::string::npos ? '|' : '=';
    const std::size_t at = text.find(separator);
    std::string algorithm;
    std::string hash;
    if (at != std::string::npos && text.find(separator, at + 1) == std::string::npos) {
      algorithm = text.substr(0, at);
      algorithm.erase(0, std::min(algorithm.find_first_not_of('*'), algorithm.size()));
      std::transform(algorithm.begin(), algorithm.end(), algorithm.begin(),
                     [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
      hash = stripped(std::string_view(text).substr(at + 1), "*?");
    } else {
      hash = stripped(text.substr(0, at), "*?");
      algorithm = algorithm_of_length(hash.size());
    }
    if (std::find(algorithms_.begin(), algorithms_.end(), algorithm) == algorithms_.end()) return;
    const std::string field = prefix_ + (drop_algorithm_ ? "" : algorithm);
    if (field.empty()) return;
    const std::string name = field == "keyword" ? "" : field;
    const auto found =
        std::find_if(group.children.begin(), group.children.end(),
                     [&name](const DetectionNode& child) { return child.item.field == name; });
    if (found == group.children.end()) {
      group.children.push_back(item_of(name, place));
      add_value(text_value(hash), group.children.back());
    } else {
      add_value(text_value(hash), *found);
    }
  }

  static std::string algorithm_of_length(std::size_t length) {
    switch (length) {
      case 32:
        return "MD5";
      case 40:
        return "SHA1";
      case 64:
        return "SHA256";
      case 128:
        return "SHA512";
      default:
        return "";
    }
  }

  std::vector<std::string> algorithms_;
  std::string prefix_;
  bool drop_algorithm_;
  std::vector<std::string> fields_;
};

// The named groups of a regular expression become fields of their own.
class ExtractFields : public ItemTransformation {
 public:
  explicit ExtractFields(YamlKeys& keys)
      : regex_(keys.regex("regex")),
        prefix_(keys.text_or("field_prefix", "")),
        keep_unmatched_(keys.flag("preserve_unmatched")) {
    if (!keys.failed() && regex_.group_names().empty()) {
      keys.fail(*keys.node().find("regex"), "the regular expression has no named group");
    }
  }

 private:
  bool apply_to(ProcessingContext& context, const ProcessingItem&,
                DetectionNode& node) const override {
    const auto texts = plain_texts(node.item);
    if (!texts) return false;
    DetectionNode group;
    group.kind = node.item.all ? DetectionNode::Kind::kAll : DetectionNode::Kind::kAny;
    for (const std::string& text : *texts) {
      const auto match = regex_.find(text, 0, true);
      if (match) {
        DetectionNode extracted = extract(*match, node.item.place);
        if (extracted.children.empty()) continue;
        if (!context.grow(extracted.children.size(), text.size(), node.item.place)) return false;
        group.children.push_back(std::move(extracted));
      } else if (keep_unmatched_) {
        group.children.push_back(item_of(node.item.field, node.item.place));
        add_value(text_value(text), group.children.back());
      }
    }
    if (group.children.empty()) return false;
    node = std::move(group);
    return true;
  }

  DetectionNode extract(const TextRegex::Match& match, sigma::Place place) const {
    DetectionNode all;
    for (const auto& [name, number] : regex_.group_names()) {
      const auto& text = match.groups[static_cast<std::size_t>(number)];
      if (!text || text->empty()) continue;
      all.children.push_back(item_of(prefix_.empty() ? name : prefix_ + "." + name, place));
      add_value(typed_value(*text), all.children.back());
    }
    return all;
  }

  static ModifiedValue typed_value(std::string_view text) {
    ModifiedValue value;
    const std::string word = folded(text);
    if (word == "null" || word == "none") {
      value.kind = ModifiedValue::Kind::kNull;
    } else if (number_of(text) && (text == "0" || !text.starts_with('0'))) {
      value.text = TextPattern::literal(text);
      value.scalar = ModifiedValue::Scalar::kNumber;
    } else {
      value.text = TextPattern::parse(text);
    }
    return value;
  }

  TextRegex regex_;
  std::string prefix_;
  bool keep_unmatched_;
};

}  // namespace

MadeTransformation make_item_transformation(const std::string& type, YamlKeys& keys) {
  if (type == "drop_detection_item") return std::make_unique<DropItem>();
  if (type == "detection_item_failure") return std::make_unique<ItemFailure>(keys);
  if (type == "hashes_fields") return std::make_unique<HashesFields>(keys);
  if (type == "extract_fields") return std::make_unique<ExtractFields>(keys);
  return nullptr;
}

}  // namespace catena::processing
