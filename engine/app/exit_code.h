// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a command tells the shell. A contract of the command line.
namespace catena::app {

enum ExitCode : int {
  kExitOk = 0,
  kExitFound = 1,    // scan: detections at or above --fail-level; rules check: refused rules
  kExitError = 2,    // wrong usage, unreadable input, or a store that cannot be used
  kExitConfig = 78,  // serve: the configuration is wrong; starting again would not help (EX_CONFIG)
};

}  // namespace catena::app
