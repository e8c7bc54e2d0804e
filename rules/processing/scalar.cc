// SPDX-License-Identifier: Apache-2.0
#include "rules/processing/scalar.h"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace catena::processing {
namespace {

constexpr std::array<std::pair<std::string_view, Relation>, 6> kRelations = {{
    {"eq", Relation::kEqual},
    {"ne", Relation::kNotEqual},
    {"gte", Relation::kGreaterEqual},
    {"gt", Relation::kGreater},
    {"lte", Relation::kLessEqual},
    {"lt", Relation::kLess},
}};

}  // namespace

Scalar Scalar::of(const yaml::YamlNode& scalar) {
  Scalar value{Kind::kText, scalar.text()};
  if (scalar.is_null()) {
    value.kind = Kind::kNull;
  } else if (const auto truth = scalar.as_bool()) {
    value = {Kind::kBool, *truth ? "true" : "false"};
  } else if (scalar.is_number()) {
    value.kind = Kind::kNumber;
  }
  return value;
}

std::optional<double> number_of(std::string_view text) {
  if (!yaml::is_decimal_number(text)) return std::nullopt;
  if (text[0] == '+') text.remove_prefix(1);
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::optional<int> compare(const Scalar& left, const Scalar& right) {
  if (left.kind != right.kind) return std::nullopt;
  if (left.kind == Scalar::Kind::kNumber) {
    const auto a = number_of(left.text);
    const auto b = number_of(right.text);
    if (!a || !b) return std::nullopt;
    return *a < *b ? -1 : static_cast<int>(*a > *b);
  }
  const int order = left.text.compare(right.text);
  return order < 0 ? -1 : static_cast<int>(order > 0);
}

std::optional<Relation> parse_relation(std::string_view name) noexcept {
  for (const auto& [known, relation] : kRelations) {
    if (known == name) return relation;
  }
  return std::nullopt;
}

bool holds(Relation relation, std::optional<int> order) noexcept {
  switch (relation) {
    case Relation::kEqual:
      return order == 0;
    case Relation::kNotEqual:
      return order != 0;
    case Relation::kGreaterEqual:
      return order && *order >= 0;
    case Relation::kGreater:
      return order && *order > 0;
    case Relation::kLessEqual:
      return order && *order <= 0;
    case Relation::kLess:
      return order && *order < 0;
  }
  return false;
}

}  // namespace catena::processing
