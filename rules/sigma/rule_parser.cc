// SPDX-License-Identifier: Apache-2.0
#include "rules/sigma/rule_parser.h"

#include <string>
#include <string_view>
#include <utility>

#include "engine/base/hash.h"
#include "engine/base/text_fold.h"
#include "rules/sigma/detection_parser.h"
#include "rules/sigma/legacy_aggregation.h"

namespace catena::sigma {
namespace {

using yaml::YamlEntry;
using yaml::YamlNode;
using Problem = std::optional<RuleProblem>;

RuleProblem problem_at(const YamlNode& node, DiagnosticCode code, std::string message) {
  return {code, place_of(node), std::move(message)};
}

// A scalar that is present and not null, or nullptr with `problem` set when it is something else.
const YamlNode* scalar_at(const YamlNode& root, std::string_view key, Problem& problem) {
  const YamlNode* node = root.find(key);
  if (node == nullptr || node->is_null()) return nullptr;
  if (!node->is_scalar()) {
    problem =
        problem_at(*node, DiagnosticCode::kSchema, "'" + std::string(key) + "' is not a text");
    return nullptr;
  }
  return node;
}

// Appends everything that distinguishes one document from another. Depth: that of the YAML reader.
void append_content(const YamlNode& node, std::string& out) {
  const auto append_text = [&out](char kind, const std::string& text) {
    out += kind;
    out += std::to_string(text.size());
    out += ':';
    out += text;
  };
  if (node.is_scalar()) return append_text(node.is_plain() ? 'p' : 'q', node.text());
  out += node.is_sequence() ? '[' : '{';
  for (const YamlNode& item : node.items()) append_content(item, out);
  for (const YamlEntry& entry : node.entries()) {
    append_text('k', entry.key.text());
    append_content(entry.value, out);
  }
  out += node.is_sequence() ? ']' : '}';
}

// A UUID of version 8 (RFC 9562 §5.8: contents are the application's own) over the whole document.
std::string content_uuid(const YamlNode& root) {
  std::string content;
  append_content(root, content);
  std::string hex = hash128(content).hex();
  constexpr std::string_view kVariant = "89ab";
  hex[12] = '8';
  hex[16] = kVariant[static_cast<unsigned char>(hex[16]) % 4];
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
         hex.substr(16, 4) + "-" + hex.substr(20);
}

Problem parse_title(const YamlNode& root, Rule& rule) {
  Problem problem;
  const YamlNode* title = scalar_at(root, "title", problem);
  if (problem) return problem;
  if (title == nullptr || title->text().empty()) {
    return problem_at(title != nullptr ? *title : root, DiagnosticCode::kSchema,
                      "the rule has no 'title'");
  }
  if (title->text().size() > kMaxTitleBytes) {
    return problem_at(*title, DiagnosticCode::kLimit,
                      "the title is longer than " + std::to_string(kMaxTitleBytes) + " bytes");
  }
  rule.title = title->text();
  return std::nullopt;
}

Problem parse_id(const YamlNode& root, Rule& rule) {
  Problem problem;
  const YamlNode* id = scalar_at(root, "id", problem);
  if (problem) return problem;
  if (id == nullptr || id->text().empty()) {
    rule.id = content_uuid(root);
    rule.id_place = place_of(root);
    return std::nullopt;
  }
  if (id->text().size() > kMaxRuleIdBytes) {
    return problem_at(*id, DiagnosticCode::kLimit,
                      "the id is longer than " + std::to_string(kMaxRuleIdBytes) + " bytes");
  }
  rule.id = id->text();
  rule.id_place = place_of(*id);
  return std::nullopt;
}

Problem parse_name(const YamlNode& root, Rule& rule) {
  Problem problem;
  const YamlNode* name = scalar_at(root, "name", problem);
  if (problem || name == nullptr) return problem;
  if (name->text().size() > kMaxRuleIdBytes) {
    return problem_at(*name, DiagnosticCode::kLimit,
                      "the name is longer than " + std::to_string(kMaxRuleIdBytes) + " bytes");
  }
  rule.name = name->text();
  return std::nullopt;
}

Problem parse_log_source(const YamlNode& root, Rule& rule) {
  const YamlNode* log_source = root.find("logsource");
  if (log_source == nullptr) {
    return problem_at(root, DiagnosticCode::kSchema, "the rule has no 'logsource'");
  }
  if (!log_source->is_mapping()) {
    return problem_at(*log_source, DiagnosticCode::kSchema, "'logsource' is not a mapping");
  }
  const std::pair<std::string_view, std::string*> parts[] = {
      {"product", &rule.log_source.product},
      {"category", &rule.log_source.category},
      {"service", &rule.log_source.service}};
  bool any = false;
  for (const auto& [key, target] : parts) {
    Problem problem;
    const YamlNode* part = scalar_at(*log_source, key, problem);
    if (problem) return problem;
    if (part == nullptr) continue;
    *target = folded(part->text());
    any = any || !target->empty();
  }
  if (!any) {
    return problem_at(*log_source, DiagnosticCode::kSchema,
                      "'logsource' names no product, category or service");
  }
  return std::nullopt;
}

Problem parse_tags(const YamlNode& root, Rule& rule) {
  const YamlNode* tags = root.find("tags");
  if (tags == nullptr || tags->is_null()) return std::nullopt;
  if (!tags->is_sequence()) {
    return problem_at(*tags, DiagnosticCode::kSchema, "'tags' is not a list");
  }
  if (tags->items().size() > kMaxTagsPerRule) {
    return problem_at(*tags, DiagnosticCode::kLimit,
                      "more than " + std::to_string(kMaxTagsPerRule) + " tags");
  }
  for (const YamlNode& tag : tags->items()) {
    if (!tag.is_scalar() || tag.is_null()) {
      return problem_at(tag, DiagnosticCode::kSchema, "a tag is not a text");
    }
    rule.tags.push_back(folded(tag.text()));
  }
  return std::nullopt;
}

Problem parse_labels(const YamlNode& root, ParsedRule& parsed) {
  Problem problem;
  Rule& rule = parsed.rule;
  if (const YamlNode* status = scalar_at(root, "status", problem)) {
    rule.status = status->text();
    if (rule.status == "deprecated" || rule.status == "unsupported") {
      parsed.warnings.push_back(
          problem_at(*status, DiagnosticCode::kLint, "the status is '" + rule.status + "'"));
    }
  }
  if (problem) return problem;
  if (const YamlNode* level = scalar_at(root, "level", problem)) {
    rule.level = level->text();
    rule.level_place = place_of(*level);
  }
  return problem;
}

// Names that no condition mentions are most often a typing error elsewhere.
void warn_unused(ParsedRule& parsed) {
  std::vector<bool> used(parsed.rule.identifiers.size(), false);
  for (const Condition& condition : parsed.rule.conditions) {
    for (const ConditionNode& node : condition.nodes) {
      for (const std::uint32_t index : node.identifiers) used[index] = true;
    }
  }
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (used[i] || parsed.warnings.size() >= kMaxWarningsPerRule) continue;
    const SearchIdentifier& identifier = parsed.rule.identifiers[i];
    parsed.warnings.push_back(
        {DiagnosticCode::kLint, identifier.place, "no condition uses '" + identifier.name + "'"});
  }
}

}  // namespace

DocumentKind document_kind(const YamlNode& root) noexcept {
  if (root.is_null()) return DocumentKind::kEmpty;
  if (root.find("correlation") != nullptr) return DocumentKind::kCorrelation;
  if (root.find("filter") != nullptr) return DocumentKind::kFilter;
  return DocumentKind::kRule;
}

RuleNames read_names(const YamlNode& root) {
  RuleNames names;
  if (const YamlNode* id = root.find("id"); id != nullptr && id->is_scalar()) names.id = id->text();
  if (const YamlNode* name = root.find("name"); name != nullptr && name->is_scalar()) {
    names.name = name->text();
  }
  return names;
}

std::optional<RuleProblem> parse_correlation_head(const YamlNode& root, ParsedRule& parsed) {
  parsed = {};
  parsed.rule.place = place_of(root);
  if (auto problem = parse_title(root, parsed.rule)) return problem;
  if (auto problem = parse_id(root, parsed.rule)) return problem;
  if (auto problem = parse_name(root, parsed.rule)) return problem;
  if (auto problem = parse_labels(root, parsed)) return problem;
  return parse_tags(root, parsed.rule);
}

std::optional<RuleProblem> parse_rule_head(const YamlNode& root, Rule& rule) {
  rule.place = place_of(root);
  if (auto problem = parse_title(root, rule)) return problem;
  if (auto problem = parse_id(root, rule)) return problem;
  if (auto problem = parse_name(root, rule)) return problem;
  return parse_log_source(root, rule);
}

std::map<std::string, Attribute> read_attributes(const YamlNode& root) {
  std::map<std::string, Attribute> attributes;
  for (const YamlEntry& entry : root.entries()) {
    const YamlNode& value = entry.value;
    Attribute attribute;
    if (value.is_sequence()) {
      attribute.kind = Attribute::Kind::kList;
      for (const YamlNode& item : value.items()) {
        if (item.is_scalar()) attribute.values.push_back(item.text());
      }
    } else if (value.is_scalar() && !value.is_null()) {
      if (value.is_number()) attribute.kind = Attribute::Kind::kNumber;
      if (value.as_bool()) attribute.kind = Attribute::Kind::kBool;
      attribute.values.push_back(value.text());
    } else {
      continue;
    }
    attributes.emplace(entry.key.text(), std::move(attribute));
  }
  return attributes;
}

std::optional<RuleProblem> parse_rule(const YamlNode& root, ParsedRule& parsed) {
  parsed = {};
  parsed.rule.place = place_of(root);
  if (!root.is_mapping()) {
    return problem_at(root, DiagnosticCode::kSchema, "the document is not a mapping");
  }
  if (const YamlNode* action = root.find("action")) {
    return problem_at(*action, DiagnosticCode::kLegacy,
                      "rule collections ('action: global', 'repeat', 'reset') were withdrawn from "
                      "Sigma; write each rule in full");
  }
  if (auto problem = parse_rule_head(root, parsed.rule)) return problem;
  if (auto problem = parse_labels(root, parsed)) return problem;
  if (auto problem = parse_tags(root, parsed.rule)) return problem;
  const YamlNode* detection = root.find("detection");
  if (detection == nullptr) {
    return problem_at(root, DiagnosticCode::kSchema, "the rule has no 'detection'");
  }
  if (auto problem = parse_detection(*detection, parsed.rule)) {
    if (problem->code == DiagnosticCode::kLegacy) {
      const std::string rewritten = rewrite_as_correlation(root);
      if (!rewritten.empty()) problem->message += ":\n" + rewritten;
    }
    return problem;
  }
  warn_unused(parsed);
  return std::nullopt;
}

}  // namespace catena::sigma
