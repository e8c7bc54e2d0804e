// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

// `catena serve`: the daemon as a process. Reads the configuration, makes the parts, and waits for
// signals: SIGTERM and SIGINT drain and end (a second one hurries), SIGHUP loads rules and
// certificates anew. Tells a service manager how it is and feeds its watchdog.
namespace catena::app {

struct ServeOptions {
  std::string config;        // file; "": /etc/catena/catena.yml if there is one, else the defaults
  std::string state_folder;  // overrides the configuration's, and puts the admin socket into it
  bool check_only = false;   // everything that can be said without binding or writing
};

// The process's exit code: kExitOk after a drain, kExitConfig for a configuration that is wrong,
// kExitError when the daemon could not start or go on.
int run_serve(const ServeOptions& options);

}  // namespace catena::app
