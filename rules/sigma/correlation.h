// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/decimal.h"
#include "rules/sigma/condition_parser.h"
#include "rules/sigma/rule.h"

// The syntax tree of one Sigma correlation rule (correlation rules specification 2.1): what the
// author wrote, with places. rules/compile binds its references and makes the program.
// Thread safety: value types.
namespace catena::sigma {

enum class CorrelationKind : std::uint8_t {
  kEventCount,
  kValueCount,
  kTemporal,
  kTemporalOrdered,
  kValueSum,
  kValueAverage,
  kValuePercentile,
  kValueMedian,
};
// "event_count" and so on; nullopt for a text that names none.
[[nodiscard]] std::optional<CorrelationKind> parse_correlation_kind(std::string_view name) noexcept;
[[nodiscard]] bool is_temporal(CorrelationKind kind) noexcept;

// A name with its place: a referenced rule (id or name), a field.
struct Named {
  std::string name;
  Place place;
};

struct CorrelationAlias {
  Named alias;
  // Which field of which rule it stands for.
  struct Mapping {
    Named rule;
    std::string field;
  };
  std::vector<Mapping> mappings;
};

// "gte: 10".
struct CorrelationBound {
  enum class Comparator : std::uint8_t {
    kGreater,
    kGreaterEqual,
    kLess,
    kLessEqual,
    kEqual,
    kNotEqual,
  };
  Comparator comparator = Comparator::kGreaterEqual;
  Decimal value;
  Place place;
};

struct CorrelationRule {
  // Title, id, name, status, level and tags, as a rule has them.
  Rule body;
  CorrelationKind kind = CorrelationKind::kEventCount;
  Place place;               // of the correlation section
  std::vector<Named> rules;  // from a boolean condition when there is no list; never empty
  std::vector<Named> group_by;
  std::vector<CorrelationAlias> aliases;
  std::int64_t span_seconds = 0;
  std::vector<CorrelationBound> bounds;  // all hold together; the default of temporal types is set
  std::vector<Named> value_fields;       // `field`
  std::optional<std::uint32_t> percentile;  // thousandths of a percent
  std::optional<Condition> condition;       // boolean; its names are those of `rules`
  std::string condition_text;               // for people
  Place condition_place;
  bool generate = false;
  bool repeat = false;
};

}  // namespace catena::sigma
