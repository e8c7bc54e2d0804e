// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/event/log_source.h"
#include "engine/normalise/mapping_definition.h"

// Taxonomy knows which fields events of a log source have, and which event ids a category of the
// Windows event log has: from a taxonomy pack (rules/packs/taxonomy) and from the mapping packs. It
// is knowledge for checks; nothing that runs depends on it. It is silent about log sources whose
// fields nobody can list (application logs, the channels of Windows with hundreds of events).
// Thread safety: const after loading.
namespace catena::lint {

class Taxonomy {
 public:
  // Adds what a pack says; kInvalidInput with file, line and column.
  Status add_pack(std::string_view text, std::string_view name);
  // Adds what the mapping packs say: event ids of categories, and aliases, which are fields too.
  void add_mapping(const normalise::MappingDefinition& mapping);

  // The fields of a log source, sorted; nullptr when they are not known. Names are case-sensitive.
  [[nodiscard]] const std::set<std::string, std::less<>>* fields(
      const LogSourceSelector& source) const;
  // The event ids of a category of a product; nullptr when it has events without one.
  [[nodiscard]] const std::set<std::string>* event_ids(const LogSourceSelector& source) const;

 private:
  // What belongs to one source, and the fields that all its neighbours share.
  std::map<LogSourceSelector, std::set<std::string, std::less<>>> fields_;
  std::map<LogSourceSelector, std::set<std::string>> event_ids_;
};

}  // namespace catena::lint
