// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rules/sigma/diagnostic.h"
#include "rules/sigma/rule.h"
#include "rules/yaml/yaml_node.h"

// Reads one YAML document as a Sigma rule: checks the shape of every part that decides what matches
// and keeps the place of each. Keys that decide nothing (author, references, falsepositives and
// whatever an author adds) are not looked at. It applies no modifier.
// Thread safety: pure functions. Cost: linear in the document.
namespace catena::sigma {

inline constexpr std::size_t kMaxIdentifiersPerRule = 2'048;
inline constexpr std::size_t kMaxConditionsPerRule = 16;
inline constexpr std::size_t kMaxModifiersPerItem = 16;
inline constexpr std::size_t kMaxTagsPerRule = 256;
inline constexpr std::size_t kMaxRuleIdBytes = 256;
inline constexpr std::size_t kMaxTitleBytes = 1'024;
inline constexpr std::size_t kMaxWarningsPerRule = 16;

enum class DocumentKind : std::uint8_t {
  kEmpty,  // nothing between two "---"
  kRule,
  kCorrelation,  // has a key "correlation"
  kFilter,       // has a key "filter"
};
[[nodiscard]] DocumentKind document_kind(const yaml::YamlNode& root) noexcept;

struct ParsedRule {
  Rule rule;
  std::vector<RuleProblem> warnings;
};

// Fills `parsed`, or says what is wrong first. `root` is a document of kind kRule.
[[nodiscard]] std::optional<RuleProblem> parse_rule(const yaml::YamlNode& root, ParsedRule& parsed);

// Title, id, name, status, level and tags: what a correlation has in common with a rule.
[[nodiscard]] std::optional<RuleProblem> parse_correlation_head(const yaml::YamlNode& root,
                                                                ParsedRule& parsed);

// By which a document would be referred to, read without judging: also of one that is refused.
struct RuleNames {
  std::string id;
  std::string name;
};
[[nodiscard]] RuleNames read_names(const yaml::YamlNode& root);

// Title, id, name and log source: what a filter has in common with a rule.
[[nodiscard]] std::optional<RuleProblem> parse_rule_head(const yaml::YamlNode& root, Rule& rule);

// The top-level keys of a rule whose values are scalars or lists of scalars.
[[nodiscard]] std::map<std::string, Attribute> read_attributes(const yaml::YamlNode& root);

}  // namespace catena::sigma
