// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

namespace CLI {
class App;
}

// The options of `catena serve`, `catena status` and `catena dlq`.
namespace catena::app {

// What the commands write into lives as long as the returned object.
[[nodiscard]] std::shared_ptr<void> add_daemon_commands(CLI::App& app, std::function<int()>& run);

}  // namespace catena::app
