// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "engine/event/log_source.h"

// SigmaHQ's convention for the names of rule files (sigma-specification,
// sigmahq-filename-convention.md): lower case, and a start that says the log source. Log sources
// without an entry there may be named in any way.
// Thread safety: pure functions.
namespace catena::lint {

// What is wrong with the name of the file at `path`; "" when nothing is.
[[nodiscard]] std::string filename_problem(std::string_view path, const LogSourceSelector& source);

// How the name has to start; "" when the convention does not say.
[[nodiscard]] std::string filename_prefix(const LogSourceSelector& source);

}  // namespace catena::lint
