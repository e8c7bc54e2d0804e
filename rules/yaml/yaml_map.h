// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "rules/yaml/yaml_node.h"

// YamlMap reads a mapping by schema: typed getters whose errors carry the file and the place. It is
// a view: the node and the file name must outlive it. It changes nothing.
// Thread safety: const. Errors: kInvalidInput with "file:line:column: reason"; a missing key is
// reported at the mapping, a wrong type at the value.
namespace catena::yaml {

class YamlMap {
 public:
  // kInvalidInput unless `node` is a mapping; `what` names it in the message ("the rule").
  static Result<YamlMap> open(const YamlNode& node, std::string_view file, std::string_view what);

  [[nodiscard]] const YamlNode& node() const noexcept { return *node_; }
  [[nodiscard]] std::string_view file() const noexcept { return file_; }
  [[nodiscard]] bool has(std::string_view key) const noexcept {
    return node_->find(key) != nullptr;
  }

  // Required keys.
  [[nodiscard]] Result<const YamlNode*> get(std::string_view key) const;
  [[nodiscard]] Result<std::string> text(std::string_view key) const;  // any scalar but null
  [[nodiscard]] Result<std::int64_t> integer(std::string_view key) const;
  [[nodiscard]] Result<bool> boolean(std::string_view key) const;
  // A sequence of scalars, or one scalar for a list of one.
  [[nodiscard]] Result<std::vector<std::string>> texts(std::string_view key) const;
  // The value as a mapping.
  [[nodiscard]] Result<YamlMap> map(std::string_view key) const;
  // The items of a sequence.
  [[nodiscard]] Result<const std::vector<YamlNode>*> list(std::string_view key) const;

  // Optional keys: `fallback` when the key is absent; a wrong type is still an error.
  [[nodiscard]] Result<std::string> text_or(std::string_view key, std::string_view fallback) const;
  [[nodiscard]] Result<std::int64_t> integer_or(std::string_view key, std::int64_t fallback) const;
  [[nodiscard]] Result<bool> boolean_or(std::string_view key, bool fallback) const;
  [[nodiscard]] Result<std::vector<std::string>> texts_or_none(std::string_view key) const;

  // An error at the first key that is not one of `known`.
  [[nodiscard]] Status only(std::initializer_list<std::string_view> known) const;
  // An error at the place of `at`.
  [[nodiscard]] Status error(const YamlNode& at, std::string_view reason) const;

 private:
  YamlMap(const YamlNode& node, std::string_view file) : node_(&node), file_(file) {}

  const YamlNode* node_;
  std::string_view file_;
};

}  // namespace catena::yaml
