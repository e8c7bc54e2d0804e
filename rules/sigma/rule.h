// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rules/sigma/condition_parser.h"
#include "rules/sigma/diagnostic.h"
#include "rules/sigma/modifier.h"

// The syntax tree of one Sigma rule (rules specification 2.1): what the author wrote, with places,
// before any modifier is applied. rules/compile turns it into the engine's program.
// Thread safety: value types.
namespace catena::sigma {

// One value of a detection item. Numbers and booleans keep the text as written.
struct Value {
  enum class Kind : std::uint8_t { kText, kNumber, kBool, kNull };
  Kind kind = Kind::kText;
  std::string text;
  Place place;
};

struct AppliedModifier {
  Modifier modifier = Modifier::kAll;
  Place place;
};

// "Field|modifier|modifier: value or list". An empty field means keywords: the values are searched
// in the whole event.
struct DetectionItem {
  std::string field;
  std::vector<AppliedModifier> modifiers;  // in the order written
  std::vector<Value> values;               // never empty; alternatives unless `all`
  bool is_list = false;
  Place place;

  [[nodiscard]] bool is_keyword() const noexcept { return field.empty(); }
};

// One named part of the detection section: alternatives, each a conjunction of items.
struct SearchIdentifier {
  std::string name;
  std::vector<std::vector<DetectionItem>> alternatives;  // OR of ANDs; none is empty
  Place place;
};

struct LogSource {
  std::string product;  // all lower case; "" when not given, but one of the three is
  std::string category;
  std::string service;
};

// A top-level key of a rule that decides nothing here but that processing pipelines may ask for.
struct Attribute {
  enum class Kind : std::uint8_t { kText, kNumber, kBool, kList };
  Kind kind = Kind::kText;
  std::vector<std::string> values;  // one, or the items of a list
};

struct Rule {
  std::string title;
  std::string name;    // a second name by which filters and correlations may refer to it
  std::string id;      // as written; a content hash in UUID form when there is none
  std::string status;  // as written; may be empty
  std::string level;   // as written; may be empty
  Place level_place;
  LogSource log_source;
  std::vector<std::string> tags;  // lower case
  std::vector<SearchIdentifier> identifiers;
  std::vector<Condition> conditions;            // resolved; the rule holds when one of them does
  std::map<std::string, Attribute> attributes;  // only when the parser is asked for them
  Place place;                                  // of the document
  Place id_place;
};

}  // namespace catena::sigma
