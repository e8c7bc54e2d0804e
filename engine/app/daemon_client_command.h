// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

// `catena status` and `catena dlq`: ask a running daemon over its admin socket and print what it
// says, for people or as JSON lines.
namespace catena::app {

struct DaemonClientOptions {
  std::string socket = "/run/catena/admin.sock";
  bool json = false;
  std::uint64_t record = 0;  // of a dead letter
  std::uint64_t after = 0;   // dlq list: records behind this one
  std::uint64_t limit = 100;
};

// Exit codes: kExitOk, kExitFound from status when the daemon is not ready, kExitError.
int run_status(const DaemonClientOptions& options);
int run_dlq_list(const DaemonClientOptions& options);
int run_dlq_show(const DaemonClientOptions& options);
int run_dlq_requeue(const DaemonClientOptions& options);

}  // namespace catena::app
