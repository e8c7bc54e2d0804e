// SPDX-License-Identifier: Apache-2.0
#include "rules/sigma/legacy_aggregation.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace catena::sigma {
namespace {

using yaml::YamlEntry;
using yaml::YamlNode;

constexpr std::size_t kIndent = 4;
constexpr std::string_view kDefaultSpan = "5m";

// "count(User) by Host > 5" in its parts; "near a and b" has names.
struct Aggregation {
  std::string before;  // the condition in front of "|"
  std::string function;
  std::string field;
  std::string group;
  std::string comparator;
  std::string bound;
  std::vector<std::string> near;
};

std::string trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return std::string(text);
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \t\n\r"), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::string comparator_of(std::string_view sign) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kNames = {{{">", "gt"},
                                                                                    {">=", "gte"},
                                                                                    {"<", "lt"},
                                                                                    {"<=", "lte"},
                                                                                    {"=", "eq"},
                                                                                    {"==", "eq"},
                                                                                    {"!=", "neq"}}};
  for (const auto& [known, name] : kNames) {
    if (sign == known) return std::string(name);
  }
  return "";
}

// "function(field) [by group] > bound", signs with or without blanks around them.
bool read_aggregate(std::string_view text, Aggregation& out) {
  const std::size_t open = text.find('(');
  const std::size_t close = text.find(')');
  const std::size_t sign = text.find_first_of("<>=!");
  if (open == text.npos || close == text.npos || sign == text.npos || close < open ||
      sign < close) {
    return false;
  }
  out.function = trimmed(text.substr(0, open));
  out.field = trimmed(text.substr(open + 1, close - open - 1));
  const auto by = words(text.substr(close + 1, sign - close - 1));
  if (by.size() == 2 && (by[0] == "by" || by[0] == "BY")) out.group = by[1];
  if (!by.empty() && out.group.empty()) return false;
  const std::size_t end = std::min(text.find_first_not_of("<>=!", sign), text.size());
  out.comparator = comparator_of(text.substr(sign, end - sign));
  out.bound = trimmed(text.substr(end));
  return !out.comparator.empty() && yaml::is_decimal_number(out.bound);
}

bool read_near(std::string_view text, const YamlNode& detection, Aggregation& out) {
  for (const std::string& word : words(text)) {
    if (word == "and" || word == "near") continue;
    if (detection.find(word) == nullptr) return false;
    out.near.push_back(word);
  }
  const auto first = words(out.before);
  if (first.size() != 1 || detection.find(first[0]) == nullptr) return false;
  out.near.insert(out.near.begin(), first[0]);
  return out.near.size() > 1;
}

std::optional<Aggregation> read(const YamlNode& detection) {
  const YamlNode* condition = detection.find("condition");
  if (condition == nullptr || !condition->is_scalar()) return std::nullopt;
  const std::string_view text = condition->text();
  const std::size_t pipe = text.find('|');
  if (pipe == text.npos) return std::nullopt;
  Aggregation aggregation;
  aggregation.before = trimmed(text.substr(0, pipe));
  const std::string after = trimmed(text.substr(pipe + 1));
  const bool known = after.starts_with("near ") ? read_near(after, detection, aggregation)
                                                : read_aggregate(after, aggregation);
  return known ? std::optional(std::move(aggregation)) : std::nullopt;
}

bool needs_quotes(const YamlNode& scalar) {
  const std::string& text = scalar.text();
  if (!scalar.is_plain() || text.empty()) return true;
  constexpr std::string_view kSafe =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./|$() ";
  return text.find_first_not_of(kSafe) != text.npos || text.front() == '-' || text.front() == ' ' ||
         text.back() == ' ' || text.front() == '|';
}

// A number or truth value that was quoted is a text, so quotes are kept.
std::string scalar_text(const YamlNode& scalar) {
  if (scalar.is_null()) return "null";
  if (!needs_quotes(scalar)) return scalar.text();
  std::string quoted = "\"";
  for (const char c : scalar.text()) {
    if (c == '\n') {
      quoted += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      constexpr std::string_view kHex = "0123456789abcdef";
      quoted += "\\x";
      quoted += kHex[static_cast<unsigned char>(c) >> 4U];
      quoted += kHex[static_cast<unsigned char>(c) & 15U];
    } else {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
  }
  return quoted + "\"";
}

std::string entry_text(const YamlEntry& entry, std::size_t indent) {
  std::string text = std::string(indent, ' ') + scalar_text(entry.key) + ":";
  const bool empty = entry.value.items().empty() && entry.value.entries().empty();
  if (entry.value.is_scalar()) return text + " " + scalar_text(entry.value) + "\n";
  if (empty) return text + (entry.value.is_sequence() ? " []\n" : " {}\n");
  return text + "\n" + yaml_text(entry.value, indent + kIndent);
}

// A name that a reference can use, from the title.
std::string name_of(const YamlNode& rule) {
  if (const YamlNode* name = rule.find("name"); name != nullptr && name->is_scalar()) {
    return name->text();
  }
  const YamlNode* title = rule.find("title");
  std::string name;
  for (const char c : title != nullptr && title->is_scalar() ? title->text() : "") {
    if (c >= 'A' && c <= 'Z') {
      name += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      name += c;
    } else if (!name.empty() && name.back() != '_') {
      name += '_';
    }
  }
  while (!name.empty() && name.back() == '_') name.pop_back();
  return name.empty() ? "base_rule" : name;
}

// The rule under `name` with `condition`; of the search identifiers only `only`, unless it is "".
// Without its id when there are several.
std::string rule_text(const YamlNode& rule, const std::string& name, const std::string& condition,
                      const std::string& only) {
  std::string text;
  for (const YamlEntry& entry : rule.entries()) {
    const std::string& key = entry.key.text();
    if (key == "name" || (key == "id" && !only.empty())) continue;
    if (key != "detection") {
      text += entry_text(entry, 0);
      if (key == "title") text += "name: " + name + "\n";
      continue;
    }
    text += "detection:\n";
    for (const YamlEntry& part : entry.value.entries()) {
      const std::string& identifier = part.key.text();
      if (identifier == "timeframe" || identifier == "condition") continue;
      if (only.empty() || identifier == only) text += entry_text(part, kIndent);
    }
    text += std::string(kIndent, ' ') + "condition: " + condition + "\n";
  }
  return text;
}

std::string line(std::size_t level, const std::string& text) {
  return std::string(level * kIndent, ' ') + text + "\n";
}

std::string correlation_text(const YamlNode& rule, const Aggregation& aggregation,
                             const std::string& type, const std::vector<std::string>& rules) {
  const YamlNode* title = rule.find("title");
  const YamlNode* level = rule.find("level");
  const YamlNode* span = rule.find("detection")->find("timeframe");
  std::string text;
  if (title != nullptr && title->is_scalar()) text += line(0, "title: " + scalar_text(*title));
  if (level != nullptr && level->is_scalar()) text += line(0, "level: " + level->text());
  text += line(0, "correlation:") + line(1, "type: " + type) + line(1, "rules:");
  for (const std::string& name : rules) text += line(2, "- " + name);
  if (!aggregation.group.empty()) {
    text += line(1, "group-by:") + line(2, "- " + aggregation.group);
  }
  text += line(1, "timespan: " + (span != nullptr && span->is_scalar()
                                      ? span->text()
                                      : std::string(kDefaultSpan) + "  # no timeframe was given"));
  if (aggregation.function.empty()) return text;
  text += line(1, "condition:");
  if (!aggregation.field.empty()) text += line(2, "field: " + aggregation.field);
  if (aggregation.function == "max") text += line(2, "percentile: 100");
  if (aggregation.function == "min") text += line(2, "percentile: 0");
  return text + line(2, aggregation.comparator + ": " + aggregation.bound);
}

std::string type_of(const Aggregation& aggregation) {
  const std::string& function = aggregation.function;
  if (function == "count") return aggregation.field.empty() ? "event_count" : "value_count";
  if (aggregation.field.empty()) return "";
  if (function == "sum") return "value_sum";
  if (function == "avg") return "value_avg";
  if (function == "min" || function == "max") return "value_percentile";
  return "";
}

std::string rewrite_near(const YamlNode& rule, const Aggregation& aggregation) {
  std::string text;
  std::vector<std::string> names;
  for (const std::string& identifier : aggregation.near) {
    names.push_back(name_of(rule) + "_" + identifier);
    text += rule_text(rule, names.back(), identifier, identifier) + "---\n";
  }
  return text + correlation_text(rule, aggregation, "temporal", names);
}

}  // namespace

std::string yaml_text(const YamlNode& node, std::size_t indent) {
  std::string text;
  for (const YamlEntry& entry : node.entries()) text += entry_text(entry, indent);
  for (const YamlNode& item : node.items()) {
    std::string body = yaml_text(item, indent + 2);
    if (item.is_scalar()) {
      text += std::string(indent, ' ') + "- " + scalar_text(item) + "\n";
    } else if (body.empty()) {
      text += std::string(indent, ' ') + (item.is_sequence() ? "- []\n" : "- {}\n");
    } else {
      body[indent] = '-';
      text += body;
    }
  }
  return text;
}

std::string rewrite_as_correlation(const YamlNode& rule) {
  const YamlNode* detection = rule.find("detection");
  if (detection == nullptr || !detection->is_mapping()) return "";
  const auto aggregation = read(*detection);
  if (!aggregation) return "";
  if (!aggregation->near.empty()) return rewrite_near(rule, *aggregation);
  const std::string type = type_of(*aggregation);
  if (type.empty()) return "";
  const std::string name = name_of(rule);
  return rule_text(rule, name, aggregation->before, "") + "---\n" +
         correlation_text(rule, *aggregation, type, {name});
}

}  // namespace catena::sigma
