// SPDX-License-Identifier: Apache-2.0
#include "rules/processing/placeholder_file.h"

#include <utility>

#include "rules/compile/compile_options.h"
#include "rules/yaml/yaml_map.h"
#include "rules/yaml/yaml_reader.h"

namespace catena::processing {

using yaml::YamlEntry;
using yaml::YamlMap;

Status read_placeholders(std::string_view text, std::string_view file, PlaceholderValues& values) {
  ASSIGN_OR_RETURN(const auto documents, yaml::read_yaml(text, file));
  if (documents.size() != 1) return invalid_input(std::string(file) + ": not one document");
  ASSIGN_OR_RETURN(const YamlMap map, YamlMap::open(documents[0].root, file, "the file"));
  for (const YamlEntry& entry : map.node().entries()) {
    const std::string& name = entry.key.text();
    if (name.empty() || name.size() > kMaxPlaceholderBytes ||
        name.find_first_of("%\\") != std::string::npos) {
      return map.error(entry.key, "a placeholder's name is 1 to " +
                                      std::to_string(kMaxPlaceholderBytes) +
                                      " bytes without '%' and '\\'");
    }
    ASSIGN_OR_RETURN(std::vector<std::string> list, map.texts(name));
    if (list.empty()) return map.error(entry.value, "'" + name + "' has no value");
    if (list.size() > compile::kMaxVariantsPerValue) {
      return map.error(entry.value, "'" + name + "' has more than " +
                                        std::to_string(compile::kMaxVariantsPerValue) + " values");
    }
    if (!values.emplace(name, std::move(list)).second) {
      return map.error(entry.key, "'" + name + "' has values already");
    }
    if (values.size() > kMaxPlaceholders) {
      return map.error(entry.key,
                       "more than " + std::to_string(kMaxPlaceholders) + " placeholders");
    }
  }
  return ok_status();
}

Status read_placeholder_file(const std::string& path, PlaceholderValues& values) {
  ASSIGN_OR_RETURN(const std::string text, yaml::read_bounded_file(path, yaml::kMaxYamlBytes));
  return read_placeholders(text, path, values);
}

}  // namespace catena::processing
