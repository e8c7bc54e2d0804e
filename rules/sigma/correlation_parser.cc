// SPDX-License-Identifier: Apache-2.0
#include "rules/sigma/correlation_parser.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "rules/sigma/correlation_condition.h"
#include "rules/sigma/detection_parser.h"
#include "rules/sigma/rule_parser.h"

namespace catena::sigma {
namespace {

using yaml::YamlEntry;
using yaml::YamlNode;
using Problem = std::optional<RuleProblem>;

constexpr std::array<std::string_view, 8> kKindNames = {
    "event_count", "value_count", "temporal",         "temporal_ordered",
    "value_sum",   "value_avg",   "value_percentile", "value_median"};
constexpr std::array<std::string_view, 8> kKeys = {"type",      "rules",   "group-by", "timespan",
                                                   "condition", "aliases", "generate", "repeat"};

RuleProblem problem_at(const YamlNode& node, std::string message,
                       DiagnosticCode code = DiagnosticCode::kCorrelation) {
  return {code, place_of(node), std::move(message)};
}

template <std::size_t kSize>
std::string all_of(const std::array<std::string_view, kSize>& names) {
  std::string text;
  for (const std::string_view name : names) text += (text.empty() ? "" : ", ") + std::string(name);
  return text;
}

template <std::size_t kSize>
std::string did_you_mean(std::string_view name, const std::array<std::string_view, kSize>& names) {
  const std::string_view nearest = nearest_name(name, {names.begin(), names.end()});
  return nearest.empty() ? "" : "; did you mean '" + std::string(nearest) + "'?";
}

// One name or a list of names; the names of one list differ.
Problem parse_names(const YamlNode& node, std::string_view what, std::size_t limit,
                    std::vector<Named>& names) {
  std::vector<const YamlNode*> items;
  if (node.is_scalar()) items.push_back(&node);
  for (const YamlNode& item : node.items()) items.push_back(&item);
  if (node.is_mapping()) return problem_at(node, "'" + std::string(what) + "' is not a list");
  if (items.size() > limit) {
    return problem_at(
        node, "'" + std::string(what) + "' has more than " + std::to_string(limit) + " entries",
        DiagnosticCode::kLimit);
  }
  for (const YamlNode* item : items) {
    if (!item->is_scalar() || item->is_null() || item->text().empty()) {
      return problem_at(*item, "an entry of '" + std::string(what) + "' is not a name");
    }
    if (item->text().size() > kMaxFieldNameBytes) {
      return problem_at(*item,
                        "a name longer than " + std::to_string(kMaxFieldNameBytes) + " bytes",
                        DiagnosticCode::kLimit);
    }
    const bool twice = std::any_of(names.begin(), names.end(),
                                   [&](const Named& known) { return known.name == item->text(); });
    if (twice) {
      return problem_at(*item,
                        "'" + item->text() + "' stands twice in '" + std::string(what) + "'");
    }
    names.push_back({item->text(), place_of(*item)});
  }
  return std::nullopt;
}

Problem parse_flag(const YamlNode* node, std::string_view key, bool& flag) {
  if (node == nullptr) return std::nullopt;
  const auto value = node->is_scalar() ? node->as_bool() : std::nullopt;
  if (!value) return problem_at(*node, "'" + std::string(key) + "' is neither true nor false");
  flag = *value;
  return std::nullopt;
}

class CorrelationParser {
 public:
  CorrelationParser(const YamlNode& root, ParsedCorrelation& parsed)
      : root_(root), section_(*root.find("correlation")), rule_(parsed.rule) {}

  Problem run() {
    rule_.place = place_of(section_);
    if (!section_.is_mapping()) return problem_at(section_, "'correlation' is not a mapping");
    if (const YamlNode* detection = root_.find("detection")) {
      return problem_at(
          *detection,
          "a document is either a rule or a correlation; put the rule into a document "
          "of its own and refer to it");
    }
    for (auto step : {&CorrelationParser::check_keys, &CorrelationParser::parse_type,
                      &CorrelationParser::parse_rules, &CorrelationParser::parse_group_by,
                      &CorrelationParser::parse_aliases, &CorrelationParser::parse_span,
                      &CorrelationParser::parse_flags}) {
      if (auto problem = (this->*step)()) return problem;
    }
    if (auto problem = parse_correlation_condition(section_, rule_)) return problem;
    return check_aliases();
  }

 private:
  Problem check_keys() {
    for (const YamlEntry& entry : section_.entries()) {
      const std::string& key = entry.key.text();
      if (std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end()) continue;
      if (key == "timeframe") {
        return problem_at(entry.key, "the key is 'timespan', not 'timeframe'");
      }
      return problem_at(entry.key,
                        "unknown key '" + key + "' in a correlation" + did_you_mean(key, kKeys));
    }
    return std::nullopt;
  }

  Problem parse_type() {
    const YamlNode* type = section_.find("type");
    if (type == nullptr) return problem_at(section_, "the correlation has no 'type'");
    const auto kind = type->is_scalar() ? parse_correlation_kind(type->text()) : std::nullopt;
    if (!kind) {
      return problem_at(*type, "'" + type->text() + "' is not a type of correlation: " +
                                   all_of(kKindNames) + did_you_mean(type->text(), kKindNames));
    }
    rule_.kind = *kind;
    return std::nullopt;
  }

  Problem parse_rules() {
    const YamlNode* rules = section_.find("rules");
    if (rules == nullptr) return std::nullopt;  // a boolean condition may name them
    const std::size_t limit = is_temporal(rule_.kind) ? kMaxTemporalRules : kMaxCorrelationRules;
    if (auto problem = parse_names(*rules, "rules", limit, rule_.rules)) return problem;
    if (rule_.rules.empty()) return problem_at(*rules, "'rules' is empty");
    return std::nullopt;
  }

  Problem parse_group_by() {
    const YamlNode* group_by = section_.find("group-by");
    if (group_by == nullptr || group_by->is_null()) return std::nullopt;
    return parse_names(*group_by, "group-by", kMaxCorrelationFields, rule_.group_by);
  }

  Problem parse_aliases() {
    const YamlNode* aliases = section_.find("aliases");
    if (aliases == nullptr || aliases->is_null()) return std::nullopt;
    if (!aliases->is_mapping()) return problem_at(*aliases, "'aliases' is not a mapping");
    if (aliases->entries().size() > kMaxCorrelationAliases) {
      return problem_at(*aliases,
                        "more than " + std::to_string(kMaxCorrelationAliases) + " aliases",
                        DiagnosticCode::kLimit);
    }
    for (const YamlEntry& entry : aliases->entries()) {
      CorrelationAlias alias;
      alias.alias = {entry.key.text(), place_of(entry.key)};
      if (auto problem = parse_alias(entry.value, alias)) return problem;
      rule_.aliases.push_back(std::move(alias));
    }
    return std::nullopt;
  }

  static Problem parse_alias(const YamlNode& node, CorrelationAlias& alias) {
    if (!node.is_mapping() || node.entries().empty()) {
      return problem_at(
          node, "the alias '" + alias.alias.name + "' is not a mapping from rules to fields");
    }
    for (const YamlEntry& entry : node.entries()) {
      const YamlNode& field = entry.value;
      if (!field.is_scalar() || field.is_null() || field.text().empty() ||
          field.text().size() > kMaxFieldNameBytes) {
        return problem_at(field, "the alias '" + alias.alias.name + "' names no field for '" +
                                     entry.key.text() + "'");
      }
      alias.mappings.push_back({{entry.key.text(), place_of(entry.key)}, field.text()});
    }
    return std::nullopt;
  }

  // References by name and by id may differ, so this only finds what is not there at all.
  Problem check_aliases() {
    for (const CorrelationAlias& alias : rule_.aliases) {
      const auto uses = [&](const Named& field) { return field.name == alias.alias.name; };
      const bool used = std::any_of(rule_.group_by.begin(), rule_.group_by.end(), uses) ||
                        std::any_of(rule_.value_fields.begin(), rule_.value_fields.end(), uses);
      if (!used) {
        return RuleProblem{
            DiagnosticCode::kCorrelation, alias.alias.place,
            "neither 'group-by' nor 'field' uses the alias '" + alias.alias.name + "'"};
      }
    }
    return std::nullopt;
  }

  Problem parse_span() {
    const YamlNode* span = section_.find("timespan");
    if (span == nullptr) return problem_at(section_, "the correlation has no 'timespan'");
    const auto seconds = span->is_scalar() ? parse_timespan(span->text()) : std::nullopt;
    if (!seconds) {
      return problem_at(*span, "'" + span->text() +
                                   "' is not a timespan: a number and s, m, h or d, from 1s to "
                                   "366d, for instance 90m");
    }
    rule_.span_seconds = *seconds;
    return std::nullopt;
  }

  Problem parse_flags() {
    const YamlNode* inside = section_.find("generate");
    const YamlNode* beside = root_.find("generate");
    if (auto problem = parse_flag(beside, "generate", rule_.generate)) return problem;
    bool generate = rule_.generate;
    if (auto problem = parse_flag(inside, "generate", generate)) return problem;
    if (inside != nullptr && beside != nullptr && generate != rule_.generate) {
      return problem_at(*inside, "'generate' is given twice, and differently");
    }
    rule_.generate = generate;
    return parse_flag(section_.find("repeat"), "repeat", rule_.repeat);
  }

  const YamlNode& root_;
  const YamlNode& section_;
  CorrelationRule& rule_;
};

}  // namespace

std::optional<CorrelationKind> parse_correlation_kind(std::string_view name) noexcept {
  const auto found = std::find(kKindNames.begin(), kKindNames.end(), name);
  if (found == kKindNames.end()) return std::nullopt;
  return static_cast<CorrelationKind>(found - kKindNames.begin());
}

bool is_temporal(CorrelationKind kind) noexcept {
  return kind == CorrelationKind::kTemporal || kind == CorrelationKind::kTemporalOrdered;
}

std::optional<std::int64_t> parse_timespan(std::string_view text) noexcept {
  std::int64_t count = 0;
  if (text.empty() || text[0] < '0' || text[0] > '9') return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size() - 1, count);
  if (error != std::errc() || end != text.data() + text.size() - 1) return std::nullopt;
  constexpr std::string_view kUnits = "smhd";
  constexpr std::array<std::int64_t, 4> kSeconds = {1, 60, 3'600, 86'400};
  const std::size_t unit = kUnits.find(text.back());
  if (unit == std::string_view::npos || count > kMaxTimespanSeconds / kSeconds[unit]) {
    return std::nullopt;
  }
  count *= kSeconds[unit];
  return count >= kMinTimespanSeconds ? std::optional(count) : std::nullopt;
}

std::optional<RuleProblem> parse_correlation(const YamlNode& root, ParsedCorrelation& parsed) {
  parsed = {};
  ParsedRule head;
  auto problem = parse_correlation_head(root, head);
  parsed.rule.body = std::move(head.rule);
  parsed.warnings = std::move(head.warnings);
  if (problem) return problem;
  return CorrelationParser(root, parsed).run();
}

}  // namespace catena::sigma
