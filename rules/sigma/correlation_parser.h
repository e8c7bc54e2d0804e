// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "rules/sigma/correlation.h"
#include "rules/sigma/diagnostic.h"
#include "rules/yaml/yaml_node.h"

// Reads one YAML document as a Sigma correlation rule and checks all that can be known without the
// rules it refers to. Every key of the correlation section decides what is found, so an unknown one
// is refused. Beyond the specification it reads: value_median; `percentile` in the condition of
// value_percentile; a boolean condition over rules (accepted for version 2.2); `repeat`; `generate`
// inside the section, as pySigma has it, as well as beside it, as the schema has it.
// Thread safety: pure functions. Cost: linear in the document.
namespace catena::sigma {

inline constexpr std::int64_t kMinTimespanSeconds = 1;
inline constexpr std::int64_t kMaxTimespanSeconds = std::int64_t{366} * 24 * 60 * 60;
inline constexpr std::size_t kMaxCorrelationRules = 1'000;
inline constexpr std::size_t kMaxTemporalRules = 64;
inline constexpr std::size_t kMaxCorrelationFields = 16;
inline constexpr std::size_t kMaxCorrelationAliases = 64;
inline constexpr std::size_t kMaxCorrelationBounds = 6;
inline constexpr std::size_t kMaxFieldNameBytes = 256;
// What event_count and value_count can be compared with.
inline constexpr std::int64_t kMaxCountBound = 1'000'000;

struct ParsedCorrelation {
  CorrelationRule rule;
  std::vector<RuleProblem> warnings;
};

// Fills `parsed`, or says what is wrong first. `root` is a document of kind kCorrelation.
[[nodiscard]] std::optional<RuleProblem> parse_correlation(const yaml::YamlNode& root,
                                                           ParsedCorrelation& parsed);

// "90m" in seconds: a number and one of s, m, h, d. nullopt for everything else, and for what is
// outside of the limits.
[[nodiscard]] std::optional<std::int64_t> parse_timespan(std::string_view text) noexcept;

}  // namespace catena::sigma
