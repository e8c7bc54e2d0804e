// SPDX-License-Identifier: Apache-2.0
#include "rules/lint/taxonomy.h"

#include <algorithm>
#include <utility>

#include "rules/yaml/yaml_map.h"
#include "rules/yaml/yaml_reader.h"

namespace catena::lint {
namespace {

constexpr std::int64_t kTaxonomyVersion = 1;

using yaml::YamlMap;
using yaml::YamlNode;

// The event ids that an entry's conditions name; empty when it is not bound to any.
std::vector<std::string> event_ids_of(const normalise::LogSourceEntry& entry) {
  for (const normalise::Condition& condition : entry.when) {
    if (condition.field == "EventID" && condition.op == normalise::Condition::Operator::kEquals) {
      return condition.values;
    }
  }
  return {};
}

}  // namespace

Status Taxonomy::add_pack(std::string_view text, std::string_view name) {
  ASSIGN_OR_RETURN(const auto documents, yaml::read_yaml(text, name));
  for (const yaml::YamlDocument& document : documents) {
    ASSIGN_OR_RETURN(const YamlMap root, YamlMap::open(document.root, name, "the taxonomy"));
    RETURN_IF_ERROR(root.only({"taxonomy", "sources"}));
    ASSIGN_OR_RETURN(const std::int64_t version, root.integer("taxonomy"));
    if (version != kTaxonomyVersion) {
      return root.error(root.node(), "the version of the taxonomy is not 1");
    }
    ASSIGN_OR_RETURN(const std::vector<YamlNode>* sources, root.list("sources"));
    for (const YamlNode& node : *sources) {
      ASSIGN_OR_RETURN(const YamlMap source, YamlMap::open(node, name, "a source"));
      RETURN_IF_ERROR(source.only({"every", "product", "category", "service", "fields", "also"}));
      LogSourceSelector selector;
      ASSIGN_OR_RETURN(const std::string every, source.text_or("every", ""));
      ASSIGN_OR_RETURN(selector.product, source.text_or("product", every));
      ASSIGN_OR_RETURN(selector.category, source.text_or("category", ""));
      ASSIGN_OR_RETURN(selector.service, source.text_or("service", ""));
      if (selector == LogSourceSelector{}) return source.error(node, "the source names nothing");
      ASSIGN_OR_RETURN(std::vector<std::string> fields, source.texts("fields"));
      ASSIGN_OR_RETURN(const std::vector<std::string> more, source.texts_or_none("also"));
      fields.insert(fields.end(), more.begin(), more.end());
      fields_[selector].insert(fields.begin(), fields.end());
    }
  }
  return ok_status();
}

void Taxonomy::add_mapping(const normalise::MappingDefinition& mapping) {
  std::set<LogSourceSelector> open;  // categories with events that no id tells apart
  for (const normalise::LogSourceTable& table : mapping.tables) {
    for (const normalise::LogSourceEntry& entry : table.entries) {
      const std::string& product = entry.product.empty() ? table.product : entry.product;
      const std::vector<std::string> ids = event_ids_of(entry);
      for (const std::string& category : entry.categories) {
        const LogSourceSelector selector = {product, category, ""};
        event_ids_[selector].insert(ids.begin(), ids.end());
        if (ids.empty()) open.insert(selector);
        const auto known = fields_.find(selector);
        if (known == fields_.end()) continue;
        for (const normalise::Alias& alias : entry.aliases) {
          known->second.insert(alias.target);
          known->second.insert(alias.sources.begin(), alias.sources.end());
        }
        for (const auto& [from, to] : entry.moves) known->second.insert({from, to});
      }
    }
  }
  for (const LogSourceSelector& selector : open) event_ids_.erase(selector);
  // What every record of the product has is in the list of each of its sources.
  for (auto& [selector, fields] : fields_) {
    const auto every = fields_.find({selector.product, "", ""});
    if (every != fields_.end() && every->first != selector) {
      fields.insert(every->second.begin(), every->second.end());
    }
  }
}

const std::set<std::string, std::less<>>* Taxonomy::fields(const LogSourceSelector& source) const {
  LogSourceSelector wanted = source;
  if (!wanted.category.empty()) wanted.service.clear();
  if (wanted.category.empty() && wanted.service.empty()) return nullptr;
  const auto found = fields_.find(wanted);
  return found == fields_.end() ? nullptr : &found->second;
}

const std::set<std::string>* Taxonomy::event_ids(const LogSourceSelector& source) const {
  const auto found = event_ids_.find({source.product, source.category, ""});
  return source.category.empty() || found == event_ids_.end() ? nullptr : &found->second;
}

}  // namespace catena::lint
