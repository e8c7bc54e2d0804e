// SPDX-License-Identifier: Apache-2.0
#include "rules/processing/yaml_keys.h"

#include <algorithm>
#include <utility>

#include "rules/sigma/modifier.h"

namespace catena::processing {

using sigma::DiagnosticCode;
using yaml::YamlEntry;
using yaml::YamlNode;

YamlKeys::YamlKeys(const YamlNode& node, std::string what) : node_(node), what_(std::move(what)) {
  if (!node.is_mapping()) fail(node, what_ + " is not a mapping");
}

void YamlKeys::fail(const YamlNode& at, std::string message) {
  fail({DiagnosticCode::kPipeline, place_of(at), std::move(message)});
}

void YamlKeys::fail(sigma::RuleProblem problem) {
  if (!problem_) problem_ = std::move(problem);
}

const YamlNode* YamlKeys::find(std::string_view key) {
  asked_.emplace_back(key);
  return node_.find(key);
}

const YamlNode* YamlKeys::required(std::string_view key) {
  const YamlNode* value = find(key);
  if (value == nullptr) fail(node_, what_ + " has no '" + std::string(key) + "'");
  return value;
}

std::string YamlKeys::text(std::string_view key) {
  const YamlNode* value = required(key);
  if (value == nullptr) return "";
  if (!value->is_scalar() || value->is_null()) {
    fail(*value, "'" + std::string(key) + "' is not a text");
    return "";
  }
  return value->text();
}

std::string YamlKeys::text_or(std::string_view key, std::string_view fallback) {
  const YamlNode* value = find(key);
  if (value == nullptr || value->is_null()) return std::string(fallback);
  return text(key);
}

bool YamlKeys::flag(std::string_view key) {
  const YamlNode* value = find(key);
  if (value == nullptr) return false;
  const auto truth = value->as_bool();
  if (!truth) fail(*value, "'" + std::string(key) + "' is neither true nor false");
  return truth.value_or(false);
}

Scalar YamlKeys::scalar(std::string_view key) {
  const YamlNode* value = required(key);
  if (value == nullptr) return {};
  if (!value->is_scalar()) {
    fail(*value, "'" + std::string(key) + "' is not a text, number or boolean");
    return {};
  }
  return Scalar::of(*value);
}

std::optional<std::vector<std::string>> YamlKeys::texts_if(std::string_view key) {
  const YamlNode* value = find(key);
  if (value == nullptr || value->is_null()) return std::nullopt;
  std::vector<std::string> texts;
  if (value->is_scalar()) {
    texts.push_back(value->text());
    return texts;
  }
  for (const YamlNode& item : value->items()) {
    if (!item.is_scalar() || item.is_null()) {
      fail(item, "an item of '" + std::string(key) + "' is not a text");
      return texts;
    }
    texts.push_back(item.text());
  }
  if (value->is_mapping()) fail(*value, "'" + std::string(key) + "' is not a list of texts");
  return texts;
}

std::vector<std::string> YamlKeys::texts(std::string_view key) {
  auto texts = texts_if(key);
  if (!texts) fail(node_, what_ + " has no '" + std::string(key) + "'");
  return std::move(texts).value_or(std::vector<std::string>());
}

TextRegex YamlKeys::regex(std::string_view key) {
  const YamlNode* value = required(key);
  if (value == nullptr) return {};
  auto regex = TextRegex::compile(text(key));
  if (!regex.ok()) {
    fail(*value, regex.status().message());
    return {};
  }
  return *std::move(regex);
}

std::string YamlKeys::choice(std::string_view key, std::initializer_list<std::string_view> choices,
                             std::string_view fallback) {
  const std::string chosen = fallback.empty() ? text(key) : text_or(key, fallback);
  if (failed() || std::find(choices.begin(), choices.end(), chosen) != choices.end()) {
    return chosen;
  }
  std::string names;
  for (const std::string_view name : choices) {
    names += names.empty() ? "" : ", ";
    names += name;
  }
  fail(*node_.find(key), "'" + chosen + "' is no value of '" + std::string(key) + "': " + names);
  return chosen;
}

const YamlNode* YamlKeys::mapping(std::string_view key) {
  const YamlNode* value = required(key);
  if (value == nullptr || value->is_mapping()) return value;
  fail(*value, "'" + std::string(key) + "' is not a mapping");
  return nullptr;
}

const YamlNode* YamlKeys::sequence(std::string_view key) {
  const YamlNode* value = required(key);
  if (value == nullptr || value->is_sequence()) return value;
  fail(*value, "'" + std::string(key) + "' is not a list");
  return nullptr;
}

std::optional<sigma::RuleProblem> YamlKeys::done() {
  for (const YamlEntry& entry : node_.entries()) {
    if (failed()) break;
    const std::string& key = entry.key.text();
    if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
    std::string message = what_ + " has the unknown key '" + key + "'";
    const std::vector<std::string_view> known(asked_.begin(), asked_.end());
    const std::string_view nearest = sigma::nearest_name(key, known);
    if (!nearest.empty()) message += "; did you mean '" + std::string(nearest) + "'?";
    fail(entry.key, std::move(message));
  }
  return problem_;
}

}  // namespace catena::processing
