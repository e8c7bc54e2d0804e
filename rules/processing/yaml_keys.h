// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/processing/scalar.h"
#include "rules/processing/text_regex.h"
#include "rules/sigma/diagnostic.h"
#include "rules/yaml/yaml_node.h"

// YamlKeys reads the keys of one mapping of a pipeline file. The first problem stays, later getters
// then return empty values, so a reader asks for all it wants and checks once. done() refuses the
// keys that nobody asked for. A view: the node must outlive it.
// Thread safety: none.
namespace catena::processing {

class YamlKeys {
 public:
  // `what` names the mapping in messages ("the transformation").
  YamlKeys(const yaml::YamlNode& node, std::string what);

  [[nodiscard]] std::string text(std::string_view key);  // required; any scalar but null
  [[nodiscard]] std::string text_or(std::string_view key, std::string_view fallback);
  [[nodiscard]] bool flag(std::string_view key);  // false when absent
  [[nodiscard]] Scalar scalar(std::string_view key);
  // A scalar or a list of scalars; required.
  [[nodiscard]] std::vector<std::string> texts(std::string_view key);
  [[nodiscard]] std::optional<std::vector<std::string>> texts_if(std::string_view key);
  // Required; compiled.
  [[nodiscard]] TextRegex regex(std::string_view key);
  // One of `choices`; `fallback` when absent ("" makes it required).
  [[nodiscard]] std::string choice(std::string_view key,
                                   std::initializer_list<std::string_view> choices,
                                   std::string_view fallback = {});
  // The node, or nullptr; asked for in any case.
  [[nodiscard]] const yaml::YamlNode* find(std::string_view key);
  // Required, and of this kind.
  [[nodiscard]] const yaml::YamlNode* mapping(std::string_view key);
  [[nodiscard]] const yaml::YamlNode* sequence(std::string_view key);

  void fail(const yaml::YamlNode& at, std::string message);
  void fail(sigma::RuleProblem problem);
  [[nodiscard]] bool failed() const noexcept { return problem_.has_value(); }
  [[nodiscard]] const yaml::YamlNode& node() const noexcept { return node_; }

  // The first problem; a key that nobody asked for is one.
  [[nodiscard]] std::optional<sigma::RuleProblem> done();

 private:
  [[nodiscard]] const yaml::YamlNode* required(std::string_view key);

  const yaml::YamlNode& node_;
  std::string what_;
  std::vector<std::string> asked_;
  std::optional<sigma::RuleProblem> problem_;
};

[[nodiscard]] inline sigma::Place place_of(const yaml::YamlNode& node) noexcept {
  return {node.line(), node.column()};
}

}  // namespace catena::processing
