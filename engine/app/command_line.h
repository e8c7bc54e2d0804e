// SPDX-License-Identifier: Apache-2.0
#pragma once

// The command line: which subcommands exist, what they take, and the example of each. It parses and
// dispatches; the work is in the *_command files.
namespace catena::app {

// Runs the command that the arguments name and returns the process's exit code.
int run_command_line(int argc, char** argv);

}  // namespace catena::app
