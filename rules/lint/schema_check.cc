// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "rules/lint/checks.h"
#include "rules/sigma/modifier.h"

// The JSON schemas of the Sigma specification 2.1 as tables: rule, correlation and filter. What the
// schemas leave open (the format "uuid", which is an annotation) stays open; two extensions that
// the correlation schema does not know yet, value_median and conditions over rules, are accepted.
// tests/shared/lint_schema.py holds this against the schema files.
namespace catena::lint {
namespace {

using yaml::YamlEntry;
using yaml::YamlNode;

constexpr std::size_t kMaxSchemaTitle = 256;  // characters, as the specification says
constexpr std::size_t kMaxSchemaDescription = 65'535;
constexpr std::size_t kMaxSchemaTimespan = 10;

enum class Type : std::uint8_t { kText, kTexts, kTextOrTexts, kBool, kMapping, kList };
enum class Form : std::uint8_t { kAny, kDate, kTag };

struct KeySchema {
  std::string_view key;
  Type type = Type::kText;
  bool is_required = false;
  std::size_t max_length = 0;  // characters; 0: any
  std::size_t min_length = 0;  // of a text, or of each text of a list
  bool is_unique = false;      // lists
  Form form = Form::kAny;      // as min_length
  std::span<const std::string_view> choices = {};
};

constexpr auto kStatuses = std::to_array<std::string_view>(
    {"stable", "test", "experimental", "deprecated", "unsupported"});
constexpr auto kLevels =
    std::to_array<std::string_view>({"informational", "low", "medium", "high", "critical"});
constexpr auto kRelations =
    std::to_array<std::string_view>({"derived", "obsolete", "merged", "renamed", "similar"});
constexpr auto kCorrelationTypes =
    std::to_array<std::string_view>({"event_count", "temporal", "temporal_ordered", "value_count",
                                     "value_sum", "value_avg", "value_percentile", "value_median"});

constexpr auto kRuleKeys = std::to_array<KeySchema>({
    {"title", Type::kText, true, kMaxSchemaTitle},
    {"id"},
    {"related", Type::kList},
    {"name", Type::kText, false, kMaxSchemaTitle},
    {"taxonomy", Type::kText, false, kMaxSchemaTitle},
    {"status", Type::kText, false, 0, 0, false, Form::kAny, kStatuses},
    {"description", Type::kText, false, kMaxSchemaDescription},
    {"license"},
    {"author"},
    {"references", Type::kTexts, false, 0, 0, true},
    {"date", Type::kText, false, 0, 0, false, Form::kDate},
    {"modified", Type::kText, false, 0, 0, false, Form::kDate},
    {"logsource", Type::kMapping, true},
    {"detection", Type::kMapping, true},
    {"fields", Type::kTexts, false, 0, 0, true},
    {"falsepositives", Type::kTexts, false, 0, 2, true},
    {"level", Type::kText, false, 0, 0, false, Form::kAny, kLevels},
    {"tags", Type::kTexts, false, 0, 0, true, Form::kTag},
    {"scope", Type::kTexts, false, 0, 2},
});

constexpr auto kCorrelationRuleKeys = std::to_array<KeySchema>({
    {"title", Type::kText, true, kMaxSchemaTitle},
    {"id"},
    {"status", Type::kText, false, 0, 0, false, Form::kAny, kStatuses},
    {"description", Type::kText, false, kMaxSchemaDescription},
    {"author"},
    {"references", Type::kTexts, false, 0, 0, true},
    {"date", Type::kText, false, 0, 0, false, Form::kDate},
    {"modified", Type::kText, false, 0, 0, false, Form::kDate},
    {"taxonomy", Type::kText, false, kMaxSchemaTitle},
    {"correlation", Type::kMapping, true},
    {"falsepositives", Type::kTextOrTexts, false, 0, 2, true},
    {"level", Type::kText, false, 0, 0, false, Form::kAny, kLevels},
    {"generate", Type::kBool},
});

constexpr auto kFilterKeys = std::to_array<KeySchema>({
    {"title", Type::kText, true, kMaxSchemaTitle},
    {"id"},
    {"description", Type::kText, false, kMaxSchemaDescription},
    {"date", Type::kText, false, 0, 0, false, Form::kDate},
    {"modified", Type::kText, false, 0, 0, false, Form::kDate},
    {"taxonomy", Type::kText, false, kMaxSchemaTitle},
    {"logsource", Type::kMapping, true},
    {"filter", Type::kMapping, true},
});

constexpr auto kLogSourceKeys =
    std::to_array<KeySchema>({{"category"}, {"product"}, {"service"}, {"definition"}});
constexpr auto kFilterLogSourceKeys =
    std::to_array<KeySchema>({{"category"}, {"product"}, {"service"}});
constexpr auto kRelatedKeys = std::to_array<KeySchema>({
    {"id", Type::kText, true},
    {"type", Type::kText, true, 0, 0, false, Form::kAny, kRelations},
});
constexpr auto kCorrelationKeys = std::to_array<KeySchema>({
    {"type", Type::kText, true, 0, 0, false, Form::kAny, kCorrelationTypes},
    {"rules", Type::kTexts, true, 0, 0, true},
    {"aliases", Type::kMapping},
    {"group-by", Type::kTexts, false, 0, 0, true},
    {"timespan", Type::kText, true, kMaxSchemaTimespan},
});

bool is_one_of(std::string_view text, std::span<const std::string_view> choices) noexcept {
  return std::find(choices.begin(), choices.end(), text) != choices.end();
}

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// A plain scalar that YAML's core schema reads as a number; quoted ones are texts.
bool is_core_number(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0o")) {
    const bool hex = text[1] == 'x';
    return text.size() > 2 && text.find_first_not_of(hex ? "0123456789abcdefABCDEF" : "01234567",
                                                     2) == std::string_view::npos;
  }
  if (is_one_of(text, std::to_array<std::string_view>({".nan", ".NaN", ".NAN"}))) return true;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  if (is_one_of(text, std::to_array<std::string_view>({".inf", ".Inf", ".INF"}))) return true;
  const std::size_t digits = static_cast<std::size_t>(std::count_if(
      text.begin(),
      text.begin() + static_cast<std::ptrdiff_t>(std::min(text.size(), text.find_first_of("eE"))),
      is_digit));
  if (digits == 0) return false;
  std::size_t at = 0;
  while (at < text.size() && is_digit(text[at])) ++at;
  if (at < text.size() && text[at] == '.') ++at;
  while (at < text.size() && is_digit(text[at])) ++at;
  if (at == text.size()) return true;
  if (text[at] != 'e' && text[at] != 'E') return false;
  if (++at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  const std::size_t exponent = at;
  while (at < text.size() && is_digit(text[at])) ++at;
  return at == text.size() && at > exponent;
}

bool is_text(const YamlNode& node) {
  if (!node.is_scalar()) return false;
  return !node.is_plain() || (!node.is_null() && !node.as_bool() && !is_core_number(node.text()));
}

bool is_core_integer(const YamlNode& node) {
  return node.is_scalar() && node.is_plain() && is_core_number(node.text()) &&
         (node.text().starts_with("0x") || node.text().find_first_of(".eE") == std::string::npos);
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

// YYYY-MM-DD with a month and a day that may be.
bool is_date(std::string_view text) noexcept {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  for (const std::size_t i : {0U, 1U, 2U, 3U, 5U, 6U, 8U, 9U}) {
    if (!is_digit(text[i])) return false;
  }
  const int month = (text[5] - '0') * 10 + (text[6] - '0');
  const int day = (text[8] - '0') * 10 + (text[9] - '0');
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

// namespace.value, lower case.
bool is_tag(std::string_view text) noexcept {
  constexpr std::string_view kName = "abcdefghijklmnopqrstuvwxyz0123456789_-";
  const std::size_t dot = std::min(text.find('.'), text.size());
  if (dot == 0 || dot + 1 >= text.size()) return false;
  return text.substr(0, dot).find_first_not_of(kName) == std::string_view::npos &&
         text.substr(dot + 1).find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") ==
             std::string_view::npos;
}

std::string choices_text(std::span<const std::string_view> choices) {
  std::string text;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    text += i == 0 ? "" : i + 1 == choices.size() ? " or " : ", ";
    text += choices[i];
  }
  return text;
}

class SchemaCheck {
 public:
  explicit SchemaCheck(Document& document) : document_(document) {}

  void rule() {
    const YamlNode& root = document_.root();
    mapping(root, kRuleKeys, "the rule");
    misspelled(root, kRuleKeys);
    if (const YamlNode* related = root.find("related")) each_mapping(*related, kRelatedKeys);
    log_source(kLogSourceKeys);
    if (const YamlNode* detection = root.find("detection")) {
      if (detection->is_mapping()) check_detection(*detection);
    }
  }

  void filter() {
    const YamlNode& root = document_.root();
    mapping(root, kFilterKeys, "the filter");
    misspelled(root, kFilterKeys);
    log_source(kFilterLogSourceKeys);
    const YamlNode* filter = root.find("filter");
    if (filter == nullptr || !filter->is_mapping()) return;
    for (const std::string_view key : {"rules", "selection", "condition"}) {
      if (filter->find(key) == nullptr) missing(*filter, key, "'filter'");
    }
    if (const YamlNode* rules = filter->find("rules")) filter_rules(*rules);
    if (const YamlNode* selection = filter->find("selection")) identifier(*selection, "selection");
    condition(*filter);
  }

  void correlation() {
    const YamlNode& root = document_.root();
    mapping(root, kCorrelationRuleKeys, "the correlation rule");
    misspelled(root, kCorrelationRuleKeys);
    const YamlNode* correlation = root.find("correlation");
    if (correlation == nullptr || !correlation->is_mapping()) return;
    mapping(*correlation, kCorrelationKeys, "'correlation'");
    const YamlNode* type = correlation->find("type");
    const std::string name = type != nullptr ? type->text() : "";
    const bool is_temporal = name.starts_with("temporal");
    const YamlNode* condition = correlation->find("condition");
    if (condition == nullptr && !is_temporal) missing(*correlation, "condition", "'correlation'");
    if (correlation->find("group-by") == nullptr) {
      missing(*correlation, "group-by", "'correlation'");
    }
    if (condition != nullptr && !condition->is_mapping() && !(is_temporal && is_text(*condition))) {
      wrong(*condition, "'condition' of a correlation is not a mapping");
    }
    const YamlNode* aliases = correlation->find("aliases");
    if (aliases == nullptr) return;
    for (const YamlEntry& entry : aliases->entries()) {
      if (!entry.value.is_mapping()) wrong(entry.value, "an alias is not a mapping");
    }
  }

 private:
  void wrong(const YamlNode& node, std::string message) {
    document_.add(kSchema, document_.span_of(node), std::move(message));
  }
  void missing(const YamlNode& mapping, std::string_view key, std::string_view what) {
    const bool is_root = &mapping == &document_.root();
    document_.add(kSchema, is_root ? document_.headline() : document_.span_of(mapping),
                  std::string(what) + " has no '" + std::string(key) + "'");
  }

  void mapping(const YamlNode& node, std::span<const KeySchema> keys, std::string_view what) {
    if (!node.is_mapping()) return wrong(node, std::string(what) + " is not a mapping");
    for (const KeySchema& schema : keys) {
      const YamlNode* value = node.find(schema.key);
      if (value != nullptr) {
        check(*value, schema);
      } else if (schema.is_required) {
        missing(node, schema.key, what);
      }
    }
  }

  void each_mapping(const YamlNode& list, std::span<const KeySchema> keys) {
    for (const YamlNode& item : list.items()) mapping(item, keys, "an item of 'related'");
  }

  void log_source(std::span<const KeySchema> keys) {
    const YamlNode* log_source = document_.root().find("logsource");
    if (log_source == nullptr || !log_source->is_mapping()) return;
    mapping(*log_source, keys, "'logsource'");
    misspelled(*log_source, keys);
  }

  void check(const YamlNode& value, const KeySchema& schema) {
    const std::string name = "'" + std::string(schema.key) + "'";
    switch (schema.type) {
      case Type::kText:
        return text(value, schema, name);
      case Type::kTexts:
        return texts(value, schema, name);
      case Type::kTextOrTexts:
        return value.is_scalar() ? text(value, schema, name) : texts(value, schema, name);
      case Type::kBool:
        if (!value.as_bool()) wrong(value, name + " is neither true nor false");
        return;
      case Type::kMapping:
        if (!value.is_mapping()) wrong(value, name + " is not a mapping");
        return;
      case Type::kList:
        if (!value.is_sequence()) wrong(value, name + " is not a list");
        return;
    }
  }

  void text(const YamlNode& value, const KeySchema& schema, const std::string& name) {
    if (!value.is_scalar() || value.is_null()) return wrong(value, name + " is not a text");
    if (!is_text(value)) {
      return wrong(value, name + " is not a text but a number or truth value; put it in quotes");
    }
    const std::size_t length = characters(value.text());
    if (schema.max_length > 0 && length > schema.max_length) {
      wrong(value, name + " has " + std::to_string(length) +
                       " characters; the specification allows " +
                       std::to_string(schema.max_length));
    }
    if (length < schema.min_length) {
      wrong(value,
            name + " has a text shorter than " + std::to_string(schema.min_length) + " characters");
    }
    if (!schema.choices.empty() && !is_one_of(value.text(), schema.choices)) {
      choice(value, schema, name);
    }
    if (schema.form == Form::kDate && !is_date(value.text())) date(value, name);
    if (schema.form == Form::kTag && !is_tag(value.text())) tag(value);
  }

  void choice(const YamlNode& value, const KeySchema& schema, const std::string& name) {
    std::optional<Fix> fix;
    const std::vector<std::string_view> choices(schema.choices.begin(), schema.choices.end());
    std::string lower = value.text();
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    if (is_one_of(lower, schema.choices)) fix = replacement(value, lower, true);
    if (!fix) {
      const std::string_view nearest = sigma::nearest_name(lower, choices);
      if (!nearest.empty()) fix = replacement(value, std::string(nearest), false);
    }
    document_.add(kSchema, document_.span_of(value),
                  name + " is not " + choices_text(schema.choices), std::move(fix));
  }

  void date(const YamlNode& value, const std::string& name) {
    std::string dashed = value.text();
    std::replace(dashed.begin(), dashed.end(), '/', '-');
    std::optional<Fix> fix;
    if (is_date(dashed)) fix = replacement(value, dashed, true);
    document_.add(kSchema, document_.span_of(value), name + " is not a date YYYY-MM-DD",
                  std::move(fix));
  }

  void tag(const YamlNode& value) {
    std::string lower = value.text();
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    std::optional<Fix> fix;
    if (is_tag(lower)) fix = replacement(value, lower, true);
    document_.add(kSchema, document_.span_of(value),
                  "a tag is a namespace, a dot and a name, in lower case", std::move(fix));
  }

  std::optional<Fix> replacement(const YamlNode& value, std::string text, bool is_safe) const {
    bool is_exact = false;
    const Span span = document_.source().within(sigma::place_of(value), value.text(), 0,
                                                value.text().size(), is_exact);
    if (!is_exact) return std::nullopt;
    std::string title = "write '" + text + "'";
    return Fix{std::move(title), {{span, std::move(text)}}, is_safe};
  }

  void texts(const YamlNode& value, const KeySchema& schema, const std::string& name) {
    if (!value.is_sequence()) return wrong(value, name + " is not a list");
    std::set<std::string_view> seen;
    KeySchema item = schema;
    item.max_length = 0;
    for (const YamlNode& element : value.items()) {
      text(element, item, "an item of " + name);
      if (!schema.is_unique || !is_text(element) || seen.insert(element.text()).second) continue;
      std::optional<Fix> fix;
      const Span span = document_.span_of(element);
      if (const auto edit = line_removal(document_.source(), span)) {
        fix = Fix{"remove the line", {*edit}, true};
      }
      document_.add(kSchema, span, "an item of " + name + " occurs twice", std::move(fix));
    }
  }

  void check_detection(const YamlNode& detection) {
    if (detection.find("condition") == nullptr) missing(detection, "condition", "'detection'");
    for (const YamlEntry& entry : detection.entries()) {
      if (entry.key.text() != "condition") identifier(entry.value, entry.key.text());
    }
    condition(detection);
  }

  // The specification's text allows a list of conditions, its schema does not.
  void condition(const YamlNode& detection) {
    const YamlNode* condition = detection.find("condition");
    if (condition == nullptr || is_text(*condition)) return;
    if (condition->is_sequence() && !condition->items().empty() &&
        std::all_of(condition->items().begin(), condition->items().end(), is_text)) {
      return;
    }
    wrong(*condition, "'condition' is not a text");
  }

  void identifier(const YamlNode& value, const std::string& name) {
    if (value.is_mapping()) return;
    if (!value.is_sequence()) {
      return wrong(value, "search identifier '" + name + "' is neither a list nor a mapping");
    }
    for (const YamlNode& element : value.items()) {
      if (element.is_mapping() || is_text(element) || is_core_integer(element)) continue;
      wrong(element,
            "search identifier '" + name + "' has an element that is no text, integer or mapping");
    }
  }

  void filter_rules(const YamlNode& rules) {
    if (rules.is_scalar() && rules.text() == "any") return;  // pySigma's extension
    constexpr KeySchema kRules = {"rules", Type::kTexts, true, 0, 0, true};
    texts(rules, kRules, "'rules'");
    if (rules.is_sequence() && rules.items().empty()) wrong(rules, "'rules' is empty");
  }

  // A key that Sigma does not know is the author's own, unless it is nearly one that it knows.
  void misspelled(const YamlNode& mapping, std::span<const KeySchema> keys) {
    std::vector<std::string_view> absent;
    for (const KeySchema& schema : keys) {
      if (mapping.find(schema.key) == nullptr) absent.push_back(schema.key);
    }
    for (const YamlEntry& entry : mapping.entries()) {
      const std::string& key = entry.key.text();
      const bool known = std::any_of(keys.begin(), keys.end(),
                                     [&key](const KeySchema& schema) { return schema.key == key; });
      if (known) continue;
      const std::string_view nearest = sigma::nearest_name(key, absent);
      if (nearest.empty()) continue;
      document_.add(
          kMisspelledKey, document_.span_of(entry.key),
          "Sigma knows no key '" + key + "'; did you mean '" + std::string(nearest) + "'?",
          replacement(entry.key, std::string(nearest), false));
    }
  }

  Document& document_;
};

}  // namespace

void check_schema(Document& document) {
  SchemaCheck check(document);
  switch (sigma::document_kind(document.root())) {
    case sigma::DocumentKind::kEmpty:
      return;
    case sigma::DocumentKind::kRule:
      return check.rule();
    case sigma::DocumentKind::kCorrelation:
      return check.correlation();
    case sigma::DocumentKind::kFilter:
      return check.filter();
  }
}

}  // namespace catena::lint
