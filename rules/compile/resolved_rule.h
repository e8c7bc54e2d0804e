// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rules/compile/value_modifiers.h"
#include "rules/sigma/rule.h"

// ResolvedRule is a Sigma rule between its syntax tree and the engine's program: every modifier has
// been applied to its value, nothing has become a predicate. Filters are part of it already, and
// processing pipelines (rules/processing) work on it.
// Thread safety: value types.
namespace catena::compile {

// What one value of a detection item became: alternatives. windash, base64offset, placeholders and
// pipelines make more than one.
struct ResolvedValue {
  std::vector<ModifiedValue> variants;
  sigma::Place place;
  bool is_star = false;  // written as '*': a match of any value is what the author means
};

struct ResolvedItem {
  std::string field;  // "" for keywords
  std::vector<ResolvedValue> values;
  bool all = false;      // every value must match, not one of them
  bool negated = false;  // `neq`
  sigma::Place place;
  std::vector<std::string> applied;  // ids of the pipeline items that changed it

  [[nodiscard]] bool is_keyword() const noexcept { return field.empty(); }
  [[nodiscard]] bool was_processed_by(std::string_view id) const noexcept {
    return std::find(applied.begin(), applied.end(), id) != applied.end();
  }
};

// A detection item, or a conjunction or disjunction of nodes. A group without children says
// nothing: it is left out of whatever it is part of.
struct DetectionNode {
  enum class Kind : std::uint8_t { kItem, kAll, kAny };
  Kind kind = Kind::kAll;
  ResolvedItem item;                    // kItem
  std::vector<DetectionNode> children;  // kAll, kAny
};

struct ResolvedIdentifier {
  std::string name;
  DetectionNode detection;
  sigma::Place place;
};

struct ResolvedRule {
  const sigma::Rule* source = nullptr;  // title, id, tags and whatever else only the author decides
  sigma::LogSource log_source;
  std::vector<ResolvedIdentifier> identifiers;
  std::vector<sigma::Condition> conditions;            // refer to `identifiers` by index
  std::map<std::string, sigma::Attribute> attributes;  // set by pipelines, over the author's own
};

}  // namespace catena::compile
