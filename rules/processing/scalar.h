// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rules/yaml/yaml_node.h"

// One plain value of a pipeline file: what a variable, a state or a condition is compared with.
// Thread safety: value type.
namespace catena::processing {

struct Scalar {
  enum class Kind : std::uint8_t { kText, kNumber, kBool, kNull };
  Kind kind = Kind::kText;
  std::string text;  // as written

  static Scalar of(const yaml::YamlNode& scalar);
};

// -1, 0 or 1 of two numbers, two texts or two booleans; nullopt for anything else.
[[nodiscard]] std::optional<int> compare(const Scalar& left, const Scalar& right);

// A decimal number that is finite.
[[nodiscard]] std::optional<double> number_of(std::string_view text);

// `eq`, `ne`, `gte`, `gt`, `lte`, `lt`.
enum class Relation : std::uint8_t {
  kEqual,
  kNotEqual,
  kGreaterEqual,
  kGreater,
  kLessEqual,
  kLess
};
[[nodiscard]] std::optional<Relation> parse_relation(std::string_view name) noexcept;
// `order` as compare() gives it; what cannot be compared is not equal and nothing else.
[[nodiscard]] bool holds(Relation relation, std::optional<int> order) noexcept;

}  // namespace catena::processing
