// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

// AlertRecord: one record of another engine's output, flat: paths and values in input order, the
// elements of an array under the array's path, keys of nested objects joined by dots. Connectors
// make it; engine/alert reads it. Thread safety: value type. Bounds are the connector's.
namespace catena::alert {

struct AlertField {
  std::string path;
  std::string value;
};

struct AlertRecord {
  std::vector<AlertField> fields;
  std::string text;  // the record as received, for identity and as evidence

  // Values under a path in input order, without empty ones.
  [[nodiscard]] std::vector<std::string_view> values(std::string_view path) const {
    std::vector<std::string_view> found;
    for (const AlertField& field : fields) {
      if (field.path == path && !field.value.empty()) found.emplace_back(field.value);
    }
    return found;
  }
};

}  // namespace catena::alert
