// SPDX-License-Identifier: Apache-2.0
#include "rules/yaml/yaml_map.h"

#include <algorithm>

namespace catena::yaml {
namespace {

std::string quoted(std::string_view key) { return "'" + std::string(key) + "'"; }

}  // namespace

Result<YamlMap> YamlMap::open(const YamlNode& node, std::string_view file, std::string_view what) {
  if (!node.is_mapping()) {
    return invalid_input(
        at_place(file, node.line(), node.column(), std::string(what) + " is not a mapping"));
  }
  return YamlMap(node, file);
}

Status YamlMap::error(const YamlNode& at, std::string_view reason) const {
  return invalid_input(at_place(file_, at.line(), at.column(), reason));
}

Result<const YamlNode*> YamlMap::get(std::string_view key) const {
  const YamlNode* value = node_->find(key);
  if (value == nullptr) return error(*node_, "key " + quoted(key) + " is missing");
  return value;
}

Result<std::string> YamlMap::text(std::string_view key) const {
  ASSIGN_OR_RETURN(const YamlNode* value, get(key));
  if (!value->is_scalar() || value->is_null()) return error(*value, quoted(key) + " is not a text");
  return value->text();
}

Result<std::int64_t> YamlMap::integer(std::string_view key) const {
  ASSIGN_OR_RETURN(const YamlNode* value, get(key));
  const auto number = value->as_integer();
  if (!number) return error(*value, quoted(key) + " is not an integer");
  return *number;
}

Result<bool> YamlMap::boolean(std::string_view key) const {
  ASSIGN_OR_RETURN(const YamlNode* value, get(key));
  const auto truth = value->as_bool();
  if (!truth) return error(*value, quoted(key) + " is neither true nor false");
  return *truth;
}

Result<std::vector<std::string>> YamlMap::texts(std::string_view key) const {
  ASSIGN_OR_RETURN(const YamlNode* value, get(key));
  std::vector<std::string> result;
  if (value->is_scalar() && !value->is_null()) {
    result.push_back(value->text());
    return result;
  }
  if (!value->is_sequence()) return error(*value, quoted(key) + " is not a list of texts");
  result.reserve(value->items().size());
  for (const YamlNode& item : value->items()) {
    if (!item.is_scalar() || item.is_null()) {
      return error(item, "an item of " + quoted(key) + " is not a text");
    }
    result.push_back(item.text());
  }
  return result;
}

Result<YamlMap> YamlMap::map(std::string_view key) const {
  ASSIGN_OR_RETURN(const YamlNode* value, get(key));
  return open(*value, file_, quoted(key));
}

Result<const std::vector<YamlNode>*> YamlMap::list(std::string_view key) const {
  ASSIGN_OR_RETURN(const YamlNode* value, get(key));
  if (!value->is_sequence()) return error(*value, quoted(key) + " is not a list");
  return &value->items();
}

Result<std::string> YamlMap::text_or(std::string_view key, std::string_view fallback) const {
  if (!has(key)) return std::string(fallback);
  return text(key);
}

Result<std::int64_t> YamlMap::integer_or(std::string_view key, std::int64_t fallback) const {
  if (!has(key)) return fallback;
  return integer(key);
}

Result<bool> YamlMap::boolean_or(std::string_view key, bool fallback) const {
  if (!has(key)) return fallback;
  return boolean(key);
}

Result<std::vector<std::string>> YamlMap::texts_or_none(std::string_view key) const {
  if (!has(key)) return std::vector<std::string>{};
  return texts(key);
}

Status YamlMap::only(std::initializer_list<std::string_view> known) const {
  for (const YamlEntry& entry : node_->entries()) {
    if (std::find(known.begin(), known.end(), entry.key.text()) == known.end()) {
      return error(entry.key, "key " + quoted(entry.key.text()) + " is not known here");
    }
  }
  return ok_status();
}

}  // namespace catena::yaml
