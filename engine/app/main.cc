// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdio>
#include <exception>

#include "engine/app/command_line.h"
#include "engine/app/exit_code.h"

int main(int argc, char** argv) {
  // A reader that goes away (catena … | head) ends us quietly, as it does every filter.
  std::signal(SIGPIPE, SIG_DFL);
  try {
    return catena::app::run_command_line(argc, argv);
  } catch (const std::exception& error) {
    // Libraries report by value; what arrives here is the language's own (out of memory).
    std::fprintf(stderr, "catena: %s\n", error.what());
    return catena::app::kExitError;
  }
}
