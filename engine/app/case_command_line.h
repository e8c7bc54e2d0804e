// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "engine/app/case_command.h"

namespace CLI {
class App;
}

// The part of `catena incidents` that decides about chains.
namespace catena::app {

// Adds the subcommands to `incidents`; the chosen one sets `run`. Keep what is returned until `run`
// has run.
[[nodiscard]] std::shared_ptr<CaseOptions> add_case_commands(CLI::App* incidents,
                                                             std::function<int()>& run);

}  // namespace catena::app
