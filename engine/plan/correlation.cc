// SPDX-License-Identifier: Apache-2.0
#include "engine/plan/correlation.h"

#include <algorithm>
#include <array>

namespace catena::plan {
namespace {

constexpr std::array<std::string_view, 8> kTypeNames = {
    "event_count", "value_count", "temporal",         "temporal_ordered",
    "value_sum",   "value_avg",   "value_percentile", "value_median"};

constexpr std::array<std::string_view, 6> kSigns = {">", ">=", "<", "<=", "=", "!="};

bool compare(Comparator comparator, Int128 value, Int128 bound) noexcept {
  switch (comparator) {
    case Comparator::kGreater:
      return value > bound;
    case Comparator::kGreaterEqual:
      return value >= bound;
    case Comparator::kLess:
      return value < bound;
    case Comparator::kLessEqual:
      return value <= bound;
    case Comparator::kEqual:
      return value == bound;
    case Comparator::kNotEqual:
      return value != bound;
  }
  return false;
}

bool node_holds(const PresenceNode& node, const std::vector<bool>& done, std::uint64_t present) {
  const auto held =
      static_cast<std::size_t>(std::count_if(node.children.begin(), node.children.end(),
                                             [&](std::uint32_t child) { return done[child]; }));
  switch (node.kind) {
    case PresenceNode::Kind::kInput:
      return (present >> node.number & 1U) != 0;
    case PresenceNode::Kind::kAnd:
      return held == node.children.size();
    case PresenceNode::Kind::kOr:
      return held > 0;
    case PresenceNode::Kind::kNot:
      return held == 0;
    case PresenceNode::Kind::kAtLeast:
      return held >= node.number;
  }
  return false;
}

}  // namespace

std::string_view correlation_type_name(CorrelationType type) noexcept {
  return kTypeNames[static_cast<std::size_t>(type)];
}

std::string_view comparator_sign(Comparator comparator) noexcept {
  return kSigns[static_cast<std::size_t>(comparator)];
}

bool satisfies(const std::vector<Bound>& bounds, Int128 value, std::int64_t scale) noexcept {
  return std::all_of(bounds.begin(), bounds.end(), [&](const Bound& bound) {
    return compare(bound.comparator, value, bound.value.units * scale);
  });
}

bool holds(const std::vector<PresenceNode>& condition, std::uint64_t present) {
  std::vector<bool> done;
  done.reserve(condition.size());
  for (const PresenceNode& node : condition) done.push_back(node_holds(node, done, present));
  return !done.empty() && done.back();
}

}  // namespace catena::plan
