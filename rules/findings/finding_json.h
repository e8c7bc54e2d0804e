// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "rules/findings/finding.h"

// Findings for programs: JSON lines with a schema of our own (rules/README.md, "Findings as JSON
// lines"), and SARIF 2.1.0, the format that code hosts show beside the source.
// Thread safety: pure functions.
namespace catena::lint {

inline constexpr int kFindingSchemaVersion = 1;

// One line without its end: {"kind":"refused_rule" or "rule_finding","schema":1,…}.
[[nodiscard]] std::string finding_as_json(const Finding& finding);

struct SarifTool {
  std::string version;
};

// The whole log as one JSON value. Suppressed findings are in it, marked. File names are written as
// relative URIs where they are relative paths. The texts of the files are not needed: a fix names
// lines and columns. SARIF counts columns in Unicode code points here, as it is told.
[[nodiscard]] std::string findings_as_sarif(const std::vector<Finding>& findings,
                                            const SarifTool& tool);

}  // namespace catena::lint
