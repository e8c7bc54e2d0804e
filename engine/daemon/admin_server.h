// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include "engine/base/result.h"

// AdminServer answers HTTP on a unix socket that only its owner can open (0600): what the process
// says of itself and the few things that it can be told. It is not on any network: no port, no
// token, no TLS; who may open the socket may ask everything. Boost.Beast reads the requests.
// One request a connection, one connection at a time, each for at most kTimeout.
// Threads: one of its own; `answer` is called on it.
namespace catena::daemon {

struct AdminRequest {
  std::string method;  // GET, POST
  std::string target;  // "/dead-letters?after=7", at most kMaxTargetBytes
};

struct AdminAnswer {
  unsigned status = 200;
  std::string body;
  std::string content_type = "application/json";
};

class AdminServer {
 public:
  using Answer = std::function<AdminAnswer(const AdminRequest&)>;
  static constexpr std::size_t kMaxRequestBytes = 8 * 1024;

  AdminServer() = default;
  AdminServer(const AdminServer&) = delete;
  AdminServer& operator=(const AdminServer&) = delete;
  ~AdminServer();

  // kIo when the socket cannot be made. A socket that nobody listens on any more is replaced; one
  // that somebody listens on is not.
  Status start(const std::string& path, Answer answer);
  void stop();

 private:
  void serve();
  void serve_one(int connection) const;

  std::string path_;
  Answer answer_;
  int listener_ = -1;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

// Asks a running daemon; the body of the answer, or kIo when there is none, kNotFound for 404,
// kInvalidInput with the body for any other status that is not 200.
[[nodiscard]] Result<std::string> ask_admin(const std::string& path, const AdminRequest& request);

}  // namespace catena::daemon
