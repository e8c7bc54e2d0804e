// SPDX-License-Identifier: Apache-2.0
#include "rules/sigma/modifier.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace catena::sigma {
namespace {

struct NamedModifier {
  std::string_view name;
  Modifier modifier;
};

// The first name of a modifier is the one that modifier_name() gives.
constexpr std::array<NamedModifier, 34> kModifiers = {{
    {"all", Modifier::kAll},
    {"base64", Modifier::kBase64},
    {"base64offset", Modifier::kBase64Offset},
    {"cased", Modifier::kCased},
    {"cidr", Modifier::kCidr},
    {"contains", Modifier::kContains},
    {"day", Modifier::kDay},
    {"endswith", Modifier::kEndsWith},
    {"exists", Modifier::kExists},
    {"expand", Modifier::kExpand},
    {"fieldref", Modifier::kFieldRef},
    {"gt", Modifier::kGreater},
    {"gte", Modifier::kGreaterEqual},
    {"hour", Modifier::kHour},
    {"lt", Modifier::kLess},
    {"lte", Modifier::kLessEqual},
    {"minute", Modifier::kMinute},
    {"month", Modifier::kMonth},
    {"neq", Modifier::kNotEqual},
    {"re", Modifier::kRegex},
    {"i", Modifier::kRegexIgnoreCase},
    {"m", Modifier::kRegexMultiLine},
    {"s", Modifier::kRegexDotAll},
    {"startswith", Modifier::kStartsWith},
    {"utf16", Modifier::kUtf16},
    {"utf16be", Modifier::kUtf16Be},
    {"utf16le", Modifier::kUtf16Le},
    {"wide", Modifier::kUtf16Le},
    {"week", Modifier::kWeek},
    {"windash", Modifier::kWinDash},
    {"year", Modifier::kYear},
    {"ignorecase", Modifier::kRegexIgnoreCase},
    {"multiline", Modifier::kRegexMultiLine},
    {"dotall", Modifier::kRegexDotAll},
}};

// Names longer than this are not compared: the distance costs their product.
constexpr std::size_t kMaxComparedName = 64;

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above + 1, row[j - 1] + 1, change});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

std::optional<Modifier> parse_modifier(std::string_view name) noexcept {
  for (const NamedModifier& known : kModifiers) {
    if (known.name == name) return known.modifier;
  }
  return std::nullopt;
}

std::string_view modifier_name(Modifier modifier) noexcept {
  for (const NamedModifier& known : kModifiers) {
    if (known.modifier == modifier) return known.name;
  }
  return "";
}

std::string_view nearest_name(std::string_view name,
                              const std::vector<std::string_view>& candidates) {
  if (name.size() > kMaxComparedName) return "";
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(1, name.size() / 3) + 1;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > kMaxComparedName) continue;
    const std::size_t distance = edit_distance(name, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string_view nearest_modifier_name(std::string_view name) {
  std::vector<std::string_view> names;
  for (const NamedModifier& known : kModifiers) {
    if (known.name.size() > 1) names.push_back(known.name);  // "i" is near to every short word
  }
  return nearest_name(name, names);
}

}  // namespace catena::sigma
