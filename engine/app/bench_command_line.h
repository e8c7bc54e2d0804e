// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

namespace CLI {
class App;
}

// The words of `catena bench`. Thread safety: none; used once at start.
namespace catena::app {

struct BenchCommandLine;

// Adds the command to `app`; parsing it puts what to run into `run`. The returned options must
// outlive both.
std::shared_ptr<BenchCommandLine> add_bench(CLI::App& app, std::function<int()>& run);

}  // namespace catena::app
