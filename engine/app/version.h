// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

// `catena version`: the program, its tables and the libraries it runs on.
namespace catena::app {

// "0.1.0"
[[nodiscard]] std::string version_text();

// Returns the process's exit code.
int run_version();

}  // namespace catena::app
