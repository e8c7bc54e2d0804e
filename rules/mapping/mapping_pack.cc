// SPDX-License-Identifier: Apache-2.0
#include "rules/mapping/mapping_pack.h"

#include <algorithm>
#include <string>

#include "engine/normalise/normalisation_table.h"
#include "rules/yaml/yaml_map.h"
#include "rules/yaml/yaml_reader.h"

namespace catena::mapping {
namespace {

using normalise::Alias;
using normalise::Condition;
using normalise::LogSourceEntry;
using normalise::LogSourceTable;
using normalise::MappingDefinition;
using normalise::Shape;
using yaml::YamlMap;
using yaml::YamlNode;

constexpr std::int64_t kSchemaVersion = 1;

// A scalar, or a sequence of scalars, as texts.
Result<std::vector<std::string>> texts_of(const YamlMap& owner, const YamlNode& node) {
  std::vector<std::string> out;
  const auto add = [&](const YamlNode& item) -> Status {
    if (!item.is_scalar()) return owner.error(item, "expected a text");
    if (item.text().empty()) return owner.error(item, "expected a text, got nothing");
    if (item.text().size() > kMaxPackNameBytes) {
      return owner.error(item, "longer than 512 bytes");
    }
    out.push_back(item.text());
    return ok_status();
  };
  if (node.is_scalar()) {
    RETURN_IF_ERROR(add(node));
    return out;
  }
  if (!node.is_sequence()) return owner.error(node, "expected a text or a list of texts");
  if (node.items().size() > kMaxPackItems) return owner.error(node, "more than 4096 items");
  for (const YamlNode& item : node.items()) RETURN_IF_ERROR(add(item));
  return out;
}

Status read_texts(const YamlMap& map, std::string_view key, std::vector<std::string>& out) {
  const YamlNode* node = map.node().find(key);
  if (node == nullptr) return ok_status();
  ASSIGN_OR_RETURN(out, texts_of(map, *node));
  return ok_status();
}

Status read_name(const YamlMap& map, std::string& out) {
  ASSIGN_OR_RETURN(const YamlNode* node, map.get("name"));
  ASSIGN_OR_RETURN(std::vector<std::string> names, texts_of(map, *node));
  if (names.size() != 1) return map.error(*node, "expected one name");
  out = names[0];
  return ok_status();
}

Status read_aliases(const YamlMap& map, std::vector<Alias>& out) {
  if (!map.has("aliases")) return ok_status();
  ASSIGN_OR_RETURN(const YamlMap aliases, map.map("aliases"));
  for (const auto& entry : aliases.node().entries()) {
    ASSIGN_OR_RETURN(std::vector<std::string> sources, texts_of(aliases, entry.value));
    out.push_back({entry.key.text(), std::move(sources)});
  }
  return ok_status();
}

Status read_moves(const YamlMap& map, LogSourceEntry& out) {
  if (!map.has("moves")) return ok_status();
  ASSIGN_OR_RETURN(const YamlMap moves, map.map("moves"));
  for (const auto& entry : moves.node().entries()) {
    ASSIGN_OR_RETURN(std::string to, moves.text(entry.key.text()));
    out.moves.emplace_back(entry.key.text(), std::move(to));
  }
  return ok_status();
}

Status read_formats(const YamlMap& map, Shape& shape) {
  std::vector<std::string> names;
  RETURN_IF_ERROR(read_texts(map, "formats", names));
  if (names.empty()) names.emplace_back("json");
  for (const std::string& name : names) {
    const auto format = normalise::parse_record_format(name);
    if (!format) return map.error(*map.node().find("formats"), "unknown format '" + name + "'");
    shape.formats.push_back(*format);
  }
  return ok_status();
}

Status read_when(const YamlMap& map, Shape& shape) {
  if (!map.has("when")) return ok_status();
  ASSIGN_OR_RETURN(const YamlMap when, map.map("when"));
  RETURN_IF_ERROR(when.only({"all", "any", "none"}));
  RETURN_IF_ERROR(read_texts(when, "all", shape.when_all));
  RETURN_IF_ERROR(read_texts(when, "any", shape.when_any));
  return read_texts(when, "none", shape.when_none);
}

Status read_renames(const YamlMap& map, Shape& shape) {
  if (!map.has("fields")) return ok_status();
  ASSIGN_OR_RETURN(const YamlMap fields, map.map("fields"));
  if (fields.node().entries().size() > kMaxPackItems) {
    return fields.error(fields.node(), "more than 4096 fields");
  }
  for (const auto& entry : fields.node().entries()) {
    ASSIGN_OR_RETURN(std::vector<std::string> names, texts_of(fields, entry.value));
    shape.renames.push_back({entry.key.text(), std::move(names)});
  }
  return ok_status();
}

Result<normalise::TimeRule> read_time_rule(const YamlMap& rule) {
  RETURN_IF_ERROR(rule.only({"path", "source", "zone"}));
  normalise::TimeRule out;
  ASSIGN_OR_RETURN(out.path, rule.text("path"));
  ASSIGN_OR_RETURN(const std::string source, rule.text_or("source", "event"));
  if (source == "event") {
    out.source = TimeSource::kEventField;
  } else if (source == "header") {
    out.source = TimeSource::kHeader;
  } else {
    return rule.error(*rule.node().find("source"), "source is 'event' or 'header'");
  }
  if (rule.has("zone")) {
    ASSIGN_OR_RETURN(const YamlMap zone, rule.map("zone"));
    RETURN_IF_ERROR(zone.only({"local", "utc"}));
    ASSIGN_OR_RETURN(out.zone_local, zone.text("local"));
    ASSIGN_OR_RETURN(out.zone_utc, zone.text("utc"));
  }
  return out;
}

Status read_times(const YamlMap& map, Shape& shape) {
  if (!map.has("time")) return ok_status();
  ASSIGN_OR_RETURN(const auto* items, map.list("time"));
  for (const YamlNode& item : *items) {
    if (item.is_scalar()) {
      shape.times.push_back({item.text(), TimeSource::kEventField, {}, {}});
      continue;
    }
    ASSIGN_OR_RETURN(const YamlMap rule, YamlMap::open(item, map.file(), "a time rule"));
    ASSIGN_OR_RETURN(normalise::TimeRule time, read_time_rule(rule));
    shape.times.push_back(std::move(time));
  }
  return ok_status();
}

Status read_shape(const YamlMap& map, MappingDefinition& out) {
  RETURN_IF_ERROR(map.only({"name", "formats", "when", "strip_prefix", "strip_suffix", "fields",
                            "time", "embedded", "aliases", "log_sources"}));
  Shape shape;
  RETURN_IF_ERROR(read_name(map, shape.name));
  const auto same = [&](const Shape& other) { return other.name == shape.name; };
  if (std::any_of(out.shapes.begin(), out.shapes.end(), same)) {
    return map.error(map.node(), "a second shape named '" + shape.name + "'");
  }
  RETURN_IF_ERROR(read_formats(map, shape));
  RETURN_IF_ERROR(read_when(map, shape));
  RETURN_IF_ERROR(read_texts(map, "strip_prefix", shape.strip_prefixes));
  RETURN_IF_ERROR(read_texts(map, "strip_suffix", shape.strip_suffixes));
  RETURN_IF_ERROR(read_renames(map, shape));
  RETURN_IF_ERROR(read_times(map, shape));
  RETURN_IF_ERROR(read_texts(map, "embedded", shape.embedded));
  RETURN_IF_ERROR(read_aliases(map, shape.aliases));
  ASSIGN_OR_RETURN(shape.log_sources, map.text_or("log_sources", ""));
  out.shapes.push_back(std::move(shape));
  return ok_status();
}

Result<Condition> read_condition(const YamlMap& when, const yaml::YamlEntry& entry) {
  Condition condition;
  const std::string& key = entry.key.text();
  const std::size_t bar = key.find('|');
  condition.field = key.substr(0, bar);
  const std::string op = bar == std::string::npos ? "" : key.substr(bar + 1);
  if (op == "contains") {
    condition.op = Condition::Operator::kContains;
  } else if (op == "startswith") {
    condition.op = Condition::Operator::kStartsWith;
  } else if (op == "endswith") {
    condition.op = Condition::Operator::kEndsWith;
  } else if (op == "exists") {
    condition.op = Condition::Operator::kExists;
    if (entry.value.as_bool() != true) return when.error(entry.value, "exists only takes true");
    return condition;
  } else if (!op.empty()) {
    return when.error(entry.key, "unknown operator '" + op + "'");
  }
  if (condition.field.empty()) return when.error(entry.key, "expected a field name");
  ASSIGN_OR_RETURN(condition.values, texts_of(when, entry.value));
  return condition;
}

Status read_entry(const YamlMap& map, LogSourceTable& table) {
  RETURN_IF_ERROR(map.only({"when", "product", "categories", "services", "moves", "aliases"}));
  LogSourceEntry entry;
  if (map.has("when")) {
    ASSIGN_OR_RETURN(const YamlMap when, map.map("when"));
    for (const auto& condition : when.node().entries()) {
      ASSIGN_OR_RETURN(Condition parsed, read_condition(when, condition));
      entry.when.push_back(std::move(parsed));
    }
  }
  ASSIGN_OR_RETURN(entry.product, map.text_or("product", ""));
  RETURN_IF_ERROR(read_texts(map, "categories", entry.categories));
  RETURN_IF_ERROR(read_texts(map, "services", entry.services));
  RETURN_IF_ERROR(read_moves(map, entry));
  RETURN_IF_ERROR(read_aliases(map, entry.aliases));
  table.entries.push_back(std::move(entry));
  return ok_status();
}

// A table that another pack began is continued, so that one pack can add to another's.
Status read_table(const YamlMap& map, MappingDefinition& out) {
  RETURN_IF_ERROR(map.only({"name", "product", "by", "entries"}));
  std::string name;
  RETURN_IF_ERROR(read_name(map, name));
  auto table = std::find_if(out.tables.begin(), out.tables.end(),
                            [&](const LogSourceTable& other) { return other.name == name; });
  if (table == out.tables.end()) {
    out.tables.emplace_back();
    table = out.tables.end() - 1;
    table->name = name;
    ASSIGN_OR_RETURN(table->product, map.text_or("product", ""));
    RETURN_IF_ERROR(read_texts(map, "by", table->by));
    if (table->by.size() > normalise::kMaxKeyFields) {
      return map.error(*map.node().find("by"), "more than 3 key fields");
    }
  } else if (map.has("by") || map.has("product")) {
    return map.error(map.node(), "table '" + name + "' was begun elsewhere; only add entries");
  }
  ASSIGN_OR_RETURN(const auto* entries, map.list("entries"));
  if (entries->size() > kMaxPackItems) return map.error(map.node(), "more than 4096 entries");
  for (const YamlNode& item : *entries) {
    ASSIGN_OR_RETURN(const YamlMap entry, YamlMap::open(item, map.file(), "an entry"));
    RETURN_IF_ERROR(read_entry(entry, *table));
  }
  return ok_status();
}

Status read_unmapped(const YamlMap& map, MappingDefinition& out) {
  RETURN_IF_ERROR(map.only({"product", "category", "service", "reason"}));
  normalise::UnmappedLogSource unmapped;
  ASSIGN_OR_RETURN(unmapped.log_source.product, map.text_or("product", ""));
  ASSIGN_OR_RETURN(unmapped.log_source.category, map.text_or("category", ""));
  ASSIGN_OR_RETURN(unmapped.log_source.service, map.text_or("service", ""));
  ASSIGN_OR_RETURN(unmapped.reason, map.text("reason"));
  out.unmapped.push_back(std::move(unmapped));
  return ok_status();
}

Status read_document(const yaml::YamlDocument& document, MappingDefinition& out) {
  ASSIGN_OR_RETURN(const YamlMap root, YamlMap::open(document.root, document.file, "the pack"));
  RETURN_IF_ERROR(root.only({"mapping", "shapes", "log_sources", "unmapped"}));
  ASSIGN_OR_RETURN(const std::int64_t version, root.integer("mapping"));
  if (version != kSchemaVersion) {
    return root.error(*root.node().find("mapping"), "this program reads mapping schema 1");
  }
  if (root.has("shapes")) {
    ASSIGN_OR_RETURN(const auto* shapes, root.list("shapes"));
    for (const YamlNode& item : *shapes) {
      ASSIGN_OR_RETURN(const YamlMap shape, YamlMap::open(item, document.file, "a shape"));
      RETURN_IF_ERROR(read_shape(shape, out));
    }
  }
  if (root.has("log_sources")) {
    ASSIGN_OR_RETURN(const auto* tables, root.list("log_sources"));
    for (const YamlNode& item : *tables) {
      ASSIGN_OR_RETURN(const YamlMap table, YamlMap::open(item, document.file, "a table"));
      RETURN_IF_ERROR(read_table(table, out));
    }
  }
  if (root.has("unmapped")) {
    ASSIGN_OR_RETURN(const auto* items, root.list("unmapped"));
    for (const YamlNode& item : *items) {
      ASSIGN_OR_RETURN(const YamlMap map, YamlMap::open(item, document.file, "a log source"));
      RETURN_IF_ERROR(read_unmapped(map, out));
    }
  }
  return ok_status();
}

}  // namespace

Status load_mapping(std::string_view text, std::string_view name, MappingDefinition& out) {
  ASSIGN_OR_RETURN(const std::vector<yaml::YamlDocument> documents, yaml::read_yaml(text, name));
  for (const yaml::YamlDocument& document : documents) {
    RETURN_IF_ERROR(read_document(document, out));
  }
  return ok_status();
}

}  // namespace catena::mapping
