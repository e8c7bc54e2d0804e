// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "engine/app/incidents_command.h"

namespace CLI {
class App;
}

// The part of the command line that is `catena incidents`.
namespace catena::app {

// Adds the subcommands; the chosen one sets `run`. Keep what is returned until `run` has run.
[[nodiscard]] std::shared_ptr<IncidentsOptions> add_incidents(CLI::App& app,
                                                              std::function<int()>& run);

}  // namespace catena::app
