// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/daemon/daemon_config.h"
#include "engine/pipeline/receiver.h"

// Makes a receiver of a listener's configuration: the one place that knows which protocols there
// are. Errors name the place in the configuration. Thread safety: pure functions.
namespace catena::app {

// Names that `protocol:` may have, in order.
[[nodiscard]] std::vector<std::string_view> receiver_protocols();

// For the log: what a peer did wrong.
using PeerProblemLog =
    std::function<void(std::string_view listener, std::string_view peer, std::string_view problem)>;

// kInvalidInput for what can be seen without opening anything.
[[nodiscard]] Status check_listener(const daemon::ListenerConfig& listener);

// `port` outlives the receiver, which is not started yet.
[[nodiscard]] Result<std::unique_ptr<pipeline::Receiver>> make_receiver(
    const daemon::ListenerConfig& listener, pipeline::ReceiverPort& port, PeerProblemLog log);

}  // namespace catena::app
