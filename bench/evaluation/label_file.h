// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/attack/attack_catalog.h"
#include "engine/base/result.h"

// LabelFile: what the authors of recorded attacks say that their recordings hold. One JSON object,
// {"path/of/set": {"techniques": ["T1003.001"], "tactics": ["TA0006"]}}; members besides these are
// passed over, a set without techniques is a set without a label. Labels are used for scoring
// alone. Thread safety: value type.
namespace catena::evaluation {

struct SetLabel {
  std::vector<std::string> techniques;  // canonical, sorted, unique
  std::vector<std::string> tactics;     // as written
};

inline constexpr std::size_t kMaxLabelFileBytes = 64 * 1024 * 1024;

// By the set's path below the folder of the sets.
using LabelFile = std::map<std::string, SetLabel>;

// Technique ids are brought forward by the catalog. kInvalidInput with the set's name when the text
// is not of that form.
[[nodiscard]] Result<LabelFile> parse_labels(std::string_view json,
                                             const attack::AttackCatalog& attack);
[[nodiscard]] Result<LabelFile> read_labels(const std::string& path,
                                            const attack::AttackCatalog& attack);

}  // namespace catena::evaluation
