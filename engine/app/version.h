// SPDX-License-Identifier: Apache-2.0
#pragma once

// `catena version`: the program, its tables and the libraries it runs on.
namespace catena::app {

// Returns the process's exit code.
int run_version();

}  // namespace catena::app
