// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/daemon/admin_server.h"
#include "engine/daemon/daemon.h"

// What the admin socket answers:
//   GET  /healthz                        200 while the process answers
//   GET  /readyz                         200 when records are taken and evaluated, else 503 and why
//   GET  /metrics                        Prometheus text
//   GET  /status                         one JSON object for people and scripts
//   GET  /dead-letters?after=N&limit=N   JSON lines, oldest first
//   GET  /dead-letters/N                 the whole record as JSON
//   POST /dead-letters/N/requeue         offers the record again, and forgets the letter when that
//                                        is durable
// Thread safety: const; of the admin server's thread. Everything else is 404 or 405.
namespace catena::daemon {

class AdminPages {
 public:
  // `version` is the program's. Both outlive the pages.
  AdminPages(Daemon& daemon, std::string version) : daemon_(daemon), version_(std::move(version)) {}

  [[nodiscard]] AdminAnswer answer(const AdminRequest& request) const;

 private:
  [[nodiscard]] AdminAnswer ready() const;
  [[nodiscard]] AdminAnswer status() const;
  [[nodiscard]] AdminAnswer letters(const std::string& query) const;
  [[nodiscard]] AdminAnswer letter(std::uint64_t record) const;
  [[nodiscard]] AdminAnswer requeue(std::uint64_t record) const;

  Daemon& daemon_;
  std::string version_;
};

// Prometheus text, format 0.0.4.
[[nodiscard]] std::string metrics_text(Daemon& daemon, const std::string& version);

}  // namespace catena::daemon
